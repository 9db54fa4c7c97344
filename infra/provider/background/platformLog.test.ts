import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fatalMessage, readable, rotate, ROTATE_BYTES, sizeOf, tail } from "./platformLog";

const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-log-"));
const file = path.join(folder, "platform.log");
afterEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const line = (msg: string, level = 30) => `${JSON.stringify({ level, time: Date.UTC(2026, 0, 2, 10, 15, 30, 250), pid: 7, hostname: "here", msg })}\n`;

test("a line of JSON becomes a line for people", () => {
  const entry = { level: 50, time: Date.UTC(2026, 0, 2, 10, 15, 30, 250), pid: 7, hostname: "here", msg: "run failed", action: "guest/greet", ms: 12, err: { message: "boom", stack: "…" } };
  expect(readable(JSON.stringify(entry))).toBe("10:15:30.250 ERROR run failed action=guest/greet ms=12 (boom)");
});

test.each([["Error: out of memory"], ["{not json"], ['{"some":"other JSON"}']])("%j stays as it is", (text) => expect(readable(text)).toBe(text));

test("the tail is of this start only, and no longer than asked for", async () => {
  writeFileSync(file, line("an earlier run"));
  const from = sizeOf(file);
  for (const msg of ["one", "two", "three"]) appendFileSync(file, line(msg));
  expect(await tail(file, from, 2)).toEqual(["10:15:30.250 INFO two", "10:15:30.250 INFO three"]);
  expect(await tail(file, from, 20)).toHaveLength(3);
});

test("the tail of a long log begins with a whole line", async () => {
  writeFileSync(file, line("x".repeat(1000)).repeat(100));
  const lines = await tail(file, 0, 1000);
  expect(lines.length).toBeLessThan(100);
  expect(new Set(lines)).toEqual(new Set([`10:15:30.250 INFO ${"x".repeat(1000)}`]));
});

test("a log that is not there has no lines", async () => expect(await tail(file, 0, 5)).toEqual([]));

test("only a fatal last line is the reason", async () => {
  writeFileSync(file, line("it broke", 60));
  expect(await fatalMessage(file, 0)).toBe("it broke");
  appendFileSync(file, line("went on"));
  expect(await fatalMessage(file, 0)).toBeUndefined();
});

test("a big log is put aside, one of them is kept, a small one stays", () => {
  writeFileSync(file, "x".repeat(ROTATE_BYTES));
  rotate(file);
  expect(existsSync(file)).toBe(true);
  appendFileSync(file, "x");
  rotate(file);
  expect(existsSync(file)).toBe(false);
  expect(statSync(`${file}.1`).size).toBe(ROTATE_BYTES + 1);
});
