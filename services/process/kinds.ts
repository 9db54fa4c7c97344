import { existsSync } from "node:fs";
import path from "node:path";
import { findKind, loadManifest, processCommand, publicRuntimes, type RuntimesManifest } from "../../runtimes/runtimes";
import type { Kinds } from "../core/ports/kinds";

/** The `runtimes` folder: beside `services` in the sources, and beside `dist` when the program is bundled. */
export function runtimesFolder(from = __dirname): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "runtimes");
    if (existsSync(path.join(candidate, "manifest.json"))) return candidate;
    if (folder === path.dirname(folder)) throw new Error(`no folder runtimes with a manifest.json above ${from}: the installation is incomplete`);
  }
}

/** The kinds of the manifest, as processes of this machine. */
export class ProcessKinds implements Kinds {
  private readonly manifest: RuntimesManifest;
  readonly names: readonly string[];
  readonly description: Record<string, unknown[]>;

  constructor(private readonly root: string) {
    this.manifest = loadManifest(root);
    this.names = Object.values(this.manifest.runtimes).flatMap((kinds) => kinds.map(({ kind }) => kind));
    this.description = publicRuntimes(this.manifest);
  }

  resolve(kind: string): string | undefined {
    return findKind(this.manifest, kind)?.kind;
  }

  isDeprecated(kind: string): boolean {
    return findKind(this.manifest, kind)?.deprecated ?? false;
  }

  needsMain(kind: string): boolean {
    return findKind(this.manifest, kind)?.requireMain ?? false;
  }

  unavailable({ kind }: { kind: string; image?: string }): string | undefined {
    // Whether an image can be had shows when it is to run, as in OpenWhisk.
    if (kind === "blackbox") return undefined;
    const command = this.command(kind);
    return "missing" in command ? command.missing : undefined;
  }

  /** How the runtime of a kind is started. */
  command(kind: string): ReturnType<typeof processCommand> {
    return processCommand(kind, this.root);
  }

  /** Kinds that are kept ready when the platform starts, with the memory in MB. */
  prewarmed(): { kind: string; memory: number; count: number }[] {
    return Object.values(this.manifest.runtimes)
      .flat()
      .flatMap(({ kind, stemCells = [] }) => stemCells.map(({ initialCount, memory }) => ({ kind, memory: parseInt(memory, 10), count: initialCount })));
  }
}
