import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { DirectoryInUseError } from "./errors";

/** Two lines: the process id, and when that process began (empty where /proc does not exist). */
export const LOCK_FILE = "platform.pid";

export interface DirectoryLock {
  /** Lets go. Doing it again does nothing. */
  release(): void;
}

/**
 * Takes a data directory for this process. What a dead process left is taken over, also when its id belongs to
 * another process by now.
 *
 * @throws DirectoryInUseError when a living process (this one included) holds it
 */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, LOCK_FILE);
  const mine = `${process.pid}\n${startOf(process.pid) ?? ""}\n`;
  while (!create(file, mine)) {
    const found = read(file);
    if (found !== undefined) takeOver(directory, file, found);
  }
  return {
    release: () => {
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

/** A link appears with its content or not at all, so nobody ever reads half a lock. */
function create(file: string, content: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function takeOver(directory: string, file: string, found: string): void {
  const [pid = NaN, start] = holder(found);
  if (isRunning(pid, start)) throw new DirectoryInUseError(directory, pid);
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // Somebody else may have taken it over since we read it: then what we moved is theirs, and goes back.
  const moved = read(aside);
  if (moved !== undefined && moved !== found) create(file, moved);
  rmSync(aside, { force: true });
}

function holder(content: string): [pid: number | undefined, start: string | undefined] {
  const [pid, start] = content.split("\n");
  return [/^[1-9]\d*$/.test(pid ?? "") ? Number(pid) : undefined, start || undefined];
}

function isRunning(pid: number, start: string | undefined): boolean {
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = startOf(pid);
  return start === undefined || now === undefined || now === start;
}

/** When a process began, in clock ticks since the machine did: field 22 of proc_pid_stat(5). */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may hold anything.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
