import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isRunning } from "../../test/support/processes";
import { until } from "../../test/support/until";
import type { Logger } from "../core/owner/context";
import { Replicas, type ReplicasOptions } from "./replicas";

const SERVES = "process.send({ kind: 'serving' });";
const STAYS = `${SERVES} setInterval(() => {}, 1000);`;

interface Line {
  reason: string;
  wait: number;
  pid: number;
}

const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-replicas-"));
const launched: ChildProcess[] = [];
let lines: Line[] = [];

beforeEach(() => (lines = []));
afterEach(() => launched.splice(0).forEach((child) => child.kill("SIGKILL")));
afterAll(() => rmSync(folder, { recursive: true }));

const logger = { error: (line: Line) => void lines.push(line) } as unknown as Logger;

/** Processes that run these programs, the last of them again and again. */
function replicas(programs: string[], options: Partial<ReplicasOptions> = {}): Replicas {
  let made = 0;
  const launch = () => {
    const file = path.join(folder, `${made}.cjs`);
    writeFileSync(file, programs[Math.min(made++, programs.length - 1)]!);
    const child = fork(file, { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    launched.push(child);
    return child;
  };
  return new Replicas({ role: "invoker", count: 1, launch, logger, pause: { first: 1, most: 4 }, ...options });
}

test("the start is over when all of them serve", async () => {
  const three = replicas([STAYS], { count: 3 });
  await three.start();
  expect(three.pids).toHaveLength(3);
  expect(three.pids.every(isRunning)).toBe(true);
  await three.stop();
  expect(three.pids).toEqual([]);
  expect(launched.map(({ pid }) => isRunning(pid!))).toEqual([false, false, false]);
  expect(lines).toEqual([]);
});

test("one that is killed is started again", async () => {
  const two = replicas([STAYS], { count: 2 });
  await two.start();
  const [killed, other] = two.pids;
  process.kill(killed!, "SIGKILL");
  await until("there are two again", () => launched.length === 3 && two.pids.length === 2);
  expect(two.pids).toContain(other);
  expect(two.pids).not.toContain(killed);
  expect(lines).toEqual([{ role: "invoker", pid: killed, reason: "ended by SIGKILL", wait: 1 }]);
  await two.stop();
});

test("one that goes on ending is started again after pauses that double up to the longest", async () => {
  const one = replicas([`${SERVES} process.disconnect();`]);
  await one.start();
  await until("it was started again five times", () => lines.length === 5);
  await one.stop();
  expect(lines.map(({ wait }) => wait)).toEqual([1, 2, 4, 4, 4]);
  expect(new Set(lines.map(({ reason }) => reason))).toEqual(new Set(["ended with code 0"]));
});

test("the first that does not start fails the start, with what it says", async () => {
  const one = replicas(["process.send({ kind: 'failed', message: 'the port is taken' }, () => process.exit(1));"]);
  await expect(one.start()).rejects.toThrow("the port is taken");
  await one.stop();
  expect(launched).toHaveLength(1);
});

test("one that says nothing fails the start with how it ended", async () => {
  await expect(replicas(["process.exit(7);"]).start()).rejects.toThrow("ended with code 7");
});

test("one that cannot be made at all fails the start with the reason", async () => {
  const launch = () => fork(path.join(folder, "any.cjs"), { execPath: "/no/such/node" });
  await expect(replicas([], { launch }).start()).rejects.toThrow("ENOENT");
});

test("nothing is started again once they are to stop", async () => {
  const one = replicas([STAYS, "process.exit(1);"], { pause: { first: 60_000, most: 60_000 } });
  await one.start();
  process.kill(one.pids[0]!, "SIGKILL");
  await until("its end was noticed", () => lines.length === 1);
  await one.stop();
  expect(launched).toHaveLength(1);
});

test("one that does not end when it is asked to is ended", async () => {
  const one = replicas([`process.on("SIGTERM", () => {}); ${STAYS}`], { endLimit: 100 });
  await one.start();
  const [pid] = one.pids;
  await one.stop();
  expect(isRunning(pid!)).toBe(false);
});
