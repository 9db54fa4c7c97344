import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { withLock } from "./lock.cjs";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "lock-"));
  file = path.join(folder, "below", "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the work's result comes through and the lock is gone afterwards", async () => {
  expect(await withLock(file, () => "done")).toBe("done");
  await expect(withLock(file, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(existsSync(file)).toBe(false);
});

test("the lock of a process that has ended does not count", async () => {
  await withLock(file, () => undefined);
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(file, `${pid}\n`);
  const onWait = jest.fn();
  expect(await withLock(file, () => "done", { onWait })).toBe("done");
  expect(onWait).not.toHaveBeenCalled();
});

test("a lock that nobody has touched for long does not count, even if its process id is in use again", async () => {
  await withLock(file, () => undefined);
  writeFileSync(file, `${process.ppid}\n`);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(file, longAgo, longAgo);
  expect(await withLock(file, () => "done")).toBe("done");
});

test("of processes that want it at the same time one works at a time, and each does in the end", async () => {
  const log = path.join(folder, "log");
  const program = `
    const { withLock } = require(${JSON.stringify(path.join(__dirname, "lock.cjs"))});
    const { appendFileSync } = require("node:fs");
    withLock(${JSON.stringify(file)}, async () => {
      appendFileSync(${JSON.stringify(log)}, "begin " + process.pid + "\\n");
      await new Promise((resolve) => setTimeout(resolve, 20));
      appendFileSync(${JSON.stringify(log)}, "end " + process.pid + "\\n");
    });`;
  const codes = await Promise.all(
    Array.from({ length: 6 }, () => new Promise((resolve) => spawn(process.execPath, ["-e", program], { stdio: "inherit" }).on("close", resolve))),
  );
  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  const lines = readFileSync(log, "utf8").trim().split("\n");
  expect(lines).toHaveLength(12);
  for (let i = 0; i < lines.length; i += 2) {
    expect(lines[i]).toMatch(/^begin /);
    expect(lines[i + 1]).toBe(lines[i]!.replace("begin", "end"));
  }
});
