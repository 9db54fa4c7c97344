import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCK_FILE, lockDirectory } from "./directoryLock";
import { DirectoryInUseError } from "./errors";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lock-"));
  file = join(directory, LOCK_FILE);
});
afterEach(() => rmSync(directory, { recursive: true }));

const pidIn = () => Number(readFileSync(file, "utf8").split("\n")[0]);

test("the file holds this process's id while the directory is locked, and goes with the lock", () => {
  const lock = lockDirectory(directory);
  expect(pidIn()).toBe(process.pid);
  expect(readdirSync(directory)).toEqual([LOCK_FILE]);
  lock.release();
  lock.release();
  expect(readdirSync(directory)).toEqual([]);
  lockDirectory(directory).release();
});

test("a directory is locked once, also within one process", () => {
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUseError);
  lock.release();
});

test("a living process keeps its directory, and the error names both", () => {
  writeFileSync(file, `${process.ppid}\n\n`);
  expect(() => lockDirectory(directory)).toThrow(
    `The data directory '${directory}' is in use by process ${process.ppid}: stop that platform first, or give this one another directory.`,
  );
  expect(pidIn()).toBe(process.ppid);
});

test("what a dead process left is taken over", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(file, `${pid}\n1\n`);
  const lock = lockDirectory(directory);
  expect(pidIn()).toBe(process.pid);
  expect(readdirSync(directory)).toEqual([LOCK_FILE]);
  lock.release();
});

const withProc = existsSync("/proc/self/stat") ? test : test.skip;

withProc("what a dead process left is taken over when its id belongs to another process by now", () => {
  writeFileSync(file, `${process.ppid}\n1\n`);
  const lock = lockDirectory(directory);
  expect(pidIn()).toBe(process.pid);
  lock.release();
});

test.each(["", "garbage", "-1\n1\n", "0\n\n"])("a lock that says %j is nobody's", (content) => {
  writeFileSync(file, content);
  lockDirectory(directory).release();
  expect(existsSync(file)).toBe(false);
});

test("a lock that was lost to another process is left to it", () => {
  const lock = lockDirectory(directory);
  writeFileSync(file, `${process.ppid}\n\n`);
  lock.release();
  expect(pidIn()).toBe(process.ppid);
});
