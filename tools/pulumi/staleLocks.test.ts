import { spawnSync } from "node:child_process";
import { commandOf, judgeLock, parseLock } from "./staleLocks";

const lock = { pid: 4711, hostname: "here" };

test("a lock is held while its Pulumi runs on this machine", () => {
  expect(judgeLock(lock, "here", () => "pulumi")).toBe("held");
});

test("a lock whose process has ended is stale", () => {
  expect(judgeLock(lock, "here", () => undefined)).toBe("stale");
});

test("a lock whose process id now belongs to another program is stale", () => {
  expect(judgeLock(lock, "here", () => "firefox")).toBe("stale");
});

test("nothing is known of a lock of another machine, nor of one that cannot be read", () => {
  expect(judgeLock(lock, "there", () => undefined)).toBe("unknown");
  expect(judgeLock(parseLock(""), "here", () => undefined)).toBe("unknown");
  expect(judgeLock(parseLock('{"pid":"4711"}'), "here", () => undefined)).toBe("unknown");
});

test("a lock is read as Pulumi writes it", () => {
  const text = '{"pid":4711,"username":"root","hostname":"here","timestamp":"2026-01-01T00:00:00Z"}';
  expect(parseLock(text)).toEqual({ pid: 4711, username: "root", hostname: "here", timestamp: "2026-01-01T00:00:00Z" });
});

test("a running process has a name, and one that has ended has none", () => {
  expect(commandOf(process.pid)).toEqual(expect.any(String));
  expect(commandOf(spawnSync(process.execPath, ["-e", ""]).pid)).toBeUndefined();
});
