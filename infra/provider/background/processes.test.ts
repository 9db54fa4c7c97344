import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { commandLine, hasEnded, kill, send } from "./processes";
import { until } from "./wait";

const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

async function start(command: string, ...args: string[]): Promise<ChildProcess & { pid: number }> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  started.push(child);
  await once(child, "spawn");
  return child as ChildProcess & { pid: number };
}

test("a process has its command line, and has not ended", async () => {
  const { pid } = await start("sleep", "1000");
  expect(await until(async () => /sleep 1000$/.exec((await commandLine(pid)) ?? "")?.[0], 5000, new AbortController().signal)).toBe("sleep 1000");
  expect(await hasEnded(pid)).toBe(false);
});

test("a process that was killed and waited for has neither", async () => {
  const child = await start("sleep", "1000");
  kill(child.pid);
  await once(child, "exit");
  expect(await commandLine(child.pid)).toBeUndefined();
  expect(await hasEnded(child.pid)).toBe(true);
  expect(() => send(child.pid, "SIGTERM")).not.toThrow();
});

test("a process that nobody waits for has ended all the same", async () => {
  // The shell becomes a program that does not know of its child.
  const parent = await start("sh", "-c", "sleep 0.01 & echo $!; exec sleep 1000");
  const [line] = (await once(parent.stdout!, "data")) as [Buffer];
  const pid = Number(line.toString());
  expect(await until(async () => ((await hasEnded(pid)) ? true : undefined), 5000, new AbortController().signal)).toBe(true);
});

test.each([0, 1, -1, Number.NaN])("%p is not the id of a process that could be ours", async (pid) => expect(await commandLine(pid)).toBeUndefined());
