import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { chmod, readdir, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { ContainerError } from "../../../core/ports/containers";
import { processIdentity, signalGroup } from "./identity";

/** Bytes: what the path of a Unix socket may have on every system, with room for the names below the root. */
const ROOT_LIMIT = 70;

/** Where one runtime process lives. */
export interface Home {
  /** Its folder, 0700. */
  dir: string;
  /** The socket that it listens on. */
  socket: string;
  /** Its working, home and temporary directory. */
  work: string;
}

/**
 * The folders of runtime processes: `<root>/<platform process>-<random>/<number>/`. Files beside them say whose they
 * are, so that a later platform process can remove what one that was killed has left.
 */
export class Homes {
  private readonly own: string;
  private made = false;
  private count = 0;

  /** @param root a folder for the platforms of this user, created 0700; by default in the system's temporary folder */
  constructor(readonly root = defaultRoot()) {
    if (Buffer.byteLength(root) > ROOT_LIMIT) {
      throw new ContainerError(`The folder for runtime processes, ${root}, has a path of more than ${ROOT_LIMIT} bytes: Unix sockets in it could not be reached.`);
    }
    this.own = join(root, `${process.pid}-${randomBytes(3).toString("hex")}`);
  }

  create(): Home {
    // Temporary folders are cleaned up by whoever cares for the machine.
    if (!this.made || !existsSync(this.own)) this.claim();
    const dir = join(this.own, String(++this.count));
    const work = join(dir, "work");
    mkdirSync(dir, { mode: 0o700 });
    mkdirSync(work, { mode: 0o700 });
    return { dir, socket: join(dir, "s"), work };
  }

  /** Notes which process lives there. */
  inhabit(home: Home, pid: number): void {
    writeFileSync(join(home.dir, "pid"), `${pid} ${processIdentity(pid) ?? ""}`);
  }

  async remove(home: Home): Promise<void> {
    await removeFolder(home.dir);
  }

  async close(): Promise<void> {
    // What cannot be removed does not keep a platform from ending; a later one tries again.
    if (this.made) await removeFolder(this.own).catch(() => undefined);
    this.made = false;
  }

  /**
   * Ends the processes and removes the folders of platforms that are no more.
   *
   * @throws ContainerError when somebody else could have written there whom to end
   */
  async reap(): Promise<void> {
    if (existsSync(this.root)) this.checkRoot();
    for (const name of list(this.root)) {
      const platform = join(this.root, name);
      if (platform === this.own || isOwned(platform, name)) continue;
      for (const number of list(platform)) {
        const note = readNote(join(platform, number, "pid"));
        if (isAlive(note)) signalGroup(note.pid, "SIGKILL");
      }
      await removeFolder(platform).catch(() => undefined);
    }
  }

  private claim(): void {
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
    this.checkRoot();
    mkdirSync(this.own, { mode: 0o700 });
    writeFileSync(join(this.own, "owner"), `${process.pid} ${processIdentity(process.pid) ?? ""}`);
    this.made = true;
  }

  private checkRoot(): void {
    const { uid, mode } = lstatSync(this.root);
    const me = userInfo().uid;
    // In a shared temporary folder anybody may have created it first, and could then take the place of a runtime.
    if ((me >= 0 && uid !== me) || (mode & 0o077) !== 0 || (mode & 0o170000) !== 0o040000) {
      throw new ContainerError(`The folder ${this.root} must be a folder that only this user can enter (0700): remove it, or name another one.`);
    }
  }
}

function defaultRoot(): string {
  const name = `stackwhisk-${userInfo().uid}`;
  const usual = join(tmpdir(), name);
  return Buffer.byteLength(usual) <= ROOT_LIMIT ? usual : join("/tmp", name);
}

interface Note {
  pid: number;
  identity: string;
}

/** A note is half written when its writer was killed: then it names nobody. */
function readNote(file: string): Note | undefined {
  try {
    const [pid, identity] = readFileSync(file, "utf8").split(/ (.*)/s);
    return Number(pid) > 1 && identity ? { pid: Number(pid), identity } : undefined;
  } catch {
    return undefined;
  }
}

const isAlive = (note: Note | undefined): note is Note => note !== undefined && processIdentity(note.pid) === note.identity;

/** Who has just made its folder has not noted yet that it is its own: then the name has to do. */
function isOwned(platform: string, name: string): boolean {
  const note = readNote(join(platform, "owner"));
  return note ? isAlive(note) : processIdentity(parseInt(name, 10)) !== undefined;
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** A process that is about to end may still write: hence the repetition. */
async function removeFolder(dir: string): Promise<void> {
  const remove = () => rm(dir, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  try {
    await remove();
  } catch {
    await unlock(dir);
    await remove();
  }
}

/** Actions may make folders that cannot be written to, such as the caches of some tools. */
async function unlock(dir: string): Promise<void> {
  await chmod(dir, 0o700);
  for (const entry of await readdir(dir, { withFileTypes: true })) if (entry.isDirectory()) await unlock(join(dir, entry.name));
}
