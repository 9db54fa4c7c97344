import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { MemoryLimit } from "./memory";

/** Takes as many MB as it is told to, and gives them back. */
const EATER = `process.stdin.on("data", (mb) => { Buffer.alloc(Number(mb) * 1024 * 1024, 1); process.stdout.write("ok"); });`;
const ON_LINUX = process.platform === "linux";

let child: ChildProcess;
afterEach(async () => {
  child.stdin!.end();
  await once(child, "close");
});

async function eat(mb: number): Promise<void> {
  child.stdin!.write(String(mb));
  await once(child.stdout!, "data");
}

describe.each([
  ["the process", process.execPath, ["-e", EATER]],
  ["a process that it has started", "sh", ["-c", `'${process.execPath}' -e '${EATER}'; true`]],
])("what %s takes", (_, command, args) => {
  beforeEach(() => {
    child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  });

  test("is too much when it was beyond the limit at any time", async () => {
    const limit = new MemoryLimit(child.pid!, 32);
    await eat(1);
    limit.settle();
    expect(limit.isExceeded()).toBe(false);
    await eat(150);
    expect(limit.isExceeded()).toBe(ON_LINUX);
  });

  test("does not count while its code is loaded, up to a point", async () => {
    const limit = new MemoryLimit(child.pid!, 32);
    await eat(150);
    expect(limit.isExceeded()).toBe(false);
    limit.settle();
    await eat(1);
    expect(limit.isExceeded()).toBe(false);
    await eat(400);
    expect(limit.isExceeded()).toBe(ON_LINUX);
  });
});

test("a process that is gone has taken nothing", async () => {
  child = spawn(process.execPath, ["-e", EATER], { stdio: ["pipe", "pipe", "inherit"] });
  const limit = new MemoryLimit(2 ** 22 + 1, 32);
  limit.settle();
  expect(limit.isExceeded()).toBe(false);
});
