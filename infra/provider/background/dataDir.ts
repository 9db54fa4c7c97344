import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Owner, ProgramConfig } from "./programConfig";

/** The folder that holds all there is of a platform on this machine: configuration, log, and what it stores here. */
export class DataDir {
  /** Absolute and free of symbolic links, because processes are recognised by it. */
  readonly path: string;

  /** @param directory the project's folder, to which a relative `dataDir` is relative */
  constructor(directory: string, dataDir: string) {
    this.path = path.resolve(realpathSync(directory), dataDir);
  }

  get configFile(): string {
    return path.join(this.path, "config.json");
  }

  get logFile(): string {
    return path.join(this.path, "platform.log");
  }

  owner(): Owner | undefined {
    return this.read<Owner>("owner.json");
  }

  config(): ProgramConfig | undefined {
    return this.read<ProgramConfig>("config.json");
  }

  /** The process id that the platform noted down when it started; it may be long gone. */
  pid(): number | undefined {
    const pid = Number.parseInt(this.text("platform.pid") ?? "", 10);
    return Number.isInteger(pid) ? pid : undefined;
  }

  forgetPid(): void {
    rmSync(path.join(this.path, "platform.pid"), { force: true });
  }

  /**
   * Makes the folder this platform's own.
   *
   * @returns whether it is a new one
   * @throws Error if it is another platform's, or holds something else
   */
  claim(owner: Owner): boolean {
    const current = this.owner();
    if (current) {
      if (current.urn === owner.urn) return false;
      throw new Error(`dataDir: ${this.path} holds the data of ${current.urn}; choose another folder`);
    }
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    if (readdirSync(this.path).length > 0) {
      throw new Error(`dataDir: ${this.path} is not empty, and what is in it is not a platform's; choose an empty or a new folder`);
    }
    this.put("owner.json", owner);
    return true;
  }

  /** Notes down what the next start of the program runs with. Only this user may read it: the key is in it. */
  write(config: ProgramConfig, owner: Owner): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.put("owner.json", owner);
    this.put("config.json", config);
  }

  /** Removes the folder if it is a platform's, and the folder around it if that was made for it and is empty now. */
  remove(): void {
    if (!this.owner()) return;
    // The owner's note goes last: an interrupted removal can be taken up again.
    for (const name of readdirSync(this.path)) {
      if (name !== "owner.json") rmSync(path.join(this.path, name), { recursive: true, force: true });
    }
    rmSync(this.path, { recursive: true, force: true });
    const parent = path.dirname(this.path);
    if (path.basename(parent) === ".stackwhisk" && readdirSync(parent).length === 0) rmdirSync(parent);
  }

  private put(name: string, value: unknown): void {
    const file = path.join(this.path, name);
    writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  private read<T>(name: string): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new Error(`${path.join(this.path, name)} cannot be read: it is not JSON. Restore it, or remove ${this.path} with all the platform's data`);
    }
  }

  private text(name: string): string | undefined {
    try {
      return readFileSync(path.join(this.path, name), "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new Error(`${path.join(this.path, name)} cannot be read: ${(error as Error).message}`);
    }
  }
}
