import { existsSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";

const LEVELS: Record<number, string> = { 10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL" };
/** Said by every line, and of no use to a person. */
const NOISE = new Set(["level", "time", "pid", "hostname", "msg", "err", "v"]);
const TAIL_BYTES = 65_536;

/** A log of more than this is put aside when the platform starts. */
export const ROTATE_BYTES = 10 * 1024 * 1024;

/** Puts a big log aside as `<file>.1`, in place of the one put aside before. */
export function rotate(file: string): void {
  if (sizeOf(file) > ROTATE_BYTES) renameSync(file, `${file}.1`);
}

export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/**
 * The last lines of a log, for people.
 *
 * @param from byte at which the interesting part begins
 */
export async function tail(file: string, from: number, lines: number): Promise<string[]> {
  return (await rawTail(file, from)).slice(-lines).map(readable);
}

/** The message of the last line if it is a fatal one: why the program ended, in its own words. */
export async function fatalMessage(file: string, from: number): Promise<string | undefined> {
  const entry = parse((await rawTail(file, from)).at(-1) ?? "");
  return entry?.level === 60 && typeof entry.msg === "string" ? entry.msg : undefined;
}

/** A line of JSON as pino writes it becomes `10:15:30.250 ERROR message key=value`; any other line stays. */
export function readable(line: string): string {
  const entry = parse(line);
  if (!entry) return line;
  const time = typeof entry.time === "number" ? `${new Date(entry.time).toISOString().slice(11, 23)} ` : "";
  const rest = Object.entries(entry).filter(([key]) => !NOISE.has(key));
  const words = [String(entry.msg ?? ""), ...rest.map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)];
  return `${time}${LEVELS[entry.level] ?? entry.level} ${[...words, errorOf(entry.err)].filter(Boolean).join(" ")}`;
}

function errorOf(err: unknown): string {
  const { message } = (typeof err === "object" && err !== null ? err : {}) as { message?: unknown };
  return typeof message === "string" ? `(${message})` : "";
}

function parse(line: string): ({ level: number } & Record<string, unknown>) | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    return typeof entry.level === "number" ? { ...entry, level: entry.level } : undefined;
  } catch {
    return undefined;
  }
}

async function rawTail(file: string, from: number): Promise<string[]> {
  const size = sizeOf(file);
  const start = Math.max(from, size - TAIL_BYTES);
  if (size <= start) return [];
  const handle = await open(file, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString("utf8").split("\n").filter((line) => line.trim() !== "");
    // The first line may be the rest of a longer one.
    return start > from ? lines.slice(1) : lines;
  } finally {
    await handle.close();
  }
}
