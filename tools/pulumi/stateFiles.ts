import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { stateFolder } from "./environment";

/** What a checkout's own backend keeps of one stack: files in a form that Pulumi documents and keeps stable. */
export class StateFiles {
  private readonly folder: string;

  constructor(
    private readonly home: string,
    readonly project: string,
    readonly stack: string,
  ) {
    this.folder = path.join(stateFolder(home), ".pulumi");
  }

  private get stateFile(): string {
    return path.join(this.folder, "stacks", this.project, `${this.stack}.json`);
  }

  exists(): boolean {
    return existsSync(this.stateFile);
  }

  /** Number of operations of which an interrupted update does not know whether they came to an end. */
  pendingOperations(): number {
    if (!this.exists()) return 0;
    const { checkpoint } = JSON.parse(readFileSync(this.stateFile, "utf8")) as { checkpoint?: { latest?: { pending_operations?: unknown[] } } };
    return checkpoint?.latest?.pending_operations?.length ?? 0;
  }

  /** Texts of the lock files: one for each update that runs, or was killed. */
  locks(): string[] {
    const folder = path.join(this.folder, "locks", "organization", this.project, this.stack);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((file) => file.endsWith(".json")).map((file) => readFileSync(path.join(folder, file), "utf8"));
  }

  /**
   * Once no stack is left, removes what Pulumi keeps of stacks that are gone: histories, backups, the selected stack, the passphrase.
   *
   * @param hasSecrets whether there are secrets in the configuration of stacks: these stay, and need the passphrase
   */
  removeRemains(hasSecrets: boolean): void {
    const stacks = path.join(this.folder, "stacks");
    const left = existsSync(stacks) ? readdirSync(stacks, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name)) : [];
    if (left.length > 0) return;
    for (const name of ["state", ...(hasSecrets ? [] : ["passphrase"]), path.join("pulumi", "workspaces")]) rmSync(path.join(this.home, name), { recursive: true, force: true });
  }
}
