import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { foreground, isInForeground, oncePerPress } from "./foreground";
import { until } from "./wait";

test("signals that come together are one, and one that comes later is another", () => {
  let now = 0;
  const passes = oncePerPress(() => now);
  const seen = [0, 1, 900, 2_500, 2_501].map((time) => ((now = time), passes()));
  expect(seen).toEqual([true, false, false, true, false]);
});

test("a program's exit code is kept", async () => {
  expect(await foreground(process.execPath, ["-e", "process.exit(7)"], { terminal: false })).toEqual({ code: 7, interrupted: false });
  expect(isInForeground()).toBe(false);
});

test("a program that does not exist is code 127", async () => {
  expect((await foreground("/no/such/program", [], { terminal: false })).code).toBe(127);
});

test("of two signals to us, as npm and the terminal send them, the program gets one", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "foreground-"));
  const file = path.join(folder, "signals");
  const program = `
    const fs = require("node:fs");
    process.on("SIGINT", () => { fs.appendFileSync(${JSON.stringify(file)}, "INT "); setTimeout(() => process.exit(3), 200); });
    setInterval(() => {}, 1000);
    fs.writeFileSync(${JSON.stringify(file)}, "ready ");`;
  try {
    const ended = foreground(process.execPath, ["-e", program], { terminal: false });
    await until("the program", 20_000, async () => readable(file));
    process.emit("SIGINT");
    process.emit("SIGTERM");
    expect(await ended).toEqual({ code: 3, interrupted: true });
    expect(readFileSync(file, "utf8")).toBe("ready INT ");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function readable(file: string): true | undefined {
  try {
    return readFileSync(file, "utf8") ? true : undefined;
  } catch {
    return undefined;
  }
}
