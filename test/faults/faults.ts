import { setTimeout as sleep } from "node:timers/promises";
import { FAIL_AT, FAIL_POINTS, type FailPointName } from "../../services/faults/failPoint";
import type { TestDistributed } from "../support/distributed";
import type { ServiceProcess } from "../support/serviceProcess";
import type { TestServer } from "../support/testServer";
import type { TcpProxy } from "../support/tcpProxy";
import { until } from "../support/until";
import type { Load } from "./load";
import type { Random } from "./random";

/** What faults happen to. */
export interface Scene {
  platform: TestDistributed;
  broker: TestServer;
  database: TestServer;
  load: Load;
  random: Random;
  containers: Containers;
  /** Absent: actions are processes. */
  engine?: Engine;
  /** How long something is held, or cut off. Milliseconds. */
  hold: number;
  /** Tells what is done to whom. */
  say(line: string): void;
}

/** Where actions run. */
export interface Containers {
  /** Of one invoker, or of all. */
  list(invoker?: ServiceProcess): Promise<string[]>;
  /** SIGKILL. False: it has ended by itself meanwhile. */
  kill(id: string): Promise<boolean>;
}

/** Of Docker. Its data outlive its end, its containers do not. */
export interface Engine {
  /** Undefined: it does not run. */
  readonly pid: number | undefined;
  /** SIGKILL, also to its containerd. */
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
}

/** Resolves when what was broken is on its way back. */
export type Fault = (scene: Scene) => Promise<void>;

/** Longest until a process has come to its fail point under the load. Milliseconds. */
const FAIL_LIMIT = 60_000;

const killed = (which: "controllers" | "invokers"): Fault => async ({ platform, random, say }) => {
  const victim = random.of(platform[which]);
  say(`SIGKILL to ${victim.name}`);
  await victim.kill();
  victim.launch();
};

const held = (which: "controllers" | "invokers"): Fault => async ({ platform, random, load, hold, say }) => {
  const victim = random.of(platform[which]);
  const index = platform.controllers.indexOf(victim);
  say(`SIGSTOP to ${victim.name}`);
  victim.pause();
  if (index >= 0) load.hold(index, true);
  await sleep(hold);
  victim.resume();
  if (index >= 0) load.hold(index, false);
};

/** The server is a process of this machine: one in a container is held with it. */
async function holdServer(pid: number, milliseconds: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await sleep(milliseconds);
  process.kill(pid, "SIGCONT");
}

/** Between one process and a server nothing passes for a while; then it passes again, or its connections are reset first. */
const cutOff = (way: (victim: ServiceProcess) => TcpProxy | undefined, server: string): Fault => async ({ platform, random, hold, say }) => {
  const victim = random.of(platform.processes);
  const proxy = way(victim)!;
  const resets = random.next() < 0.5;
  say(`${victim.name} is cut off from the ${server}${resets ? ", then its connections are reset" : ""}`);
  proxy.stall();
  await sleep(hold);
  if (resets) proxy.reset();
  proxy.resume();
};

/**
 * A process is started that dies at the point, and started again without it. Of invokers it is the only one meanwhile: as long as
 * others have warm containers enough, work goes to these.
 */
const atPoint = (point: FailPointName): Fault => async ({ platform, random, load, say }) => {
  const ofController = FAIL_POINTS[point] === "controller";
  const victim = random.of(ofController ? platform.controllers : platform.invokers);
  const others = ofController ? [] : platform.invokers.filter((each) => each !== victim);
  const time = random.between(1, 20);
  say(`${victim.name} dies the ${time}. time at '${point}'`);
  for (const each of [victim, ...others]) {
    const code = await each.stop();
    if (code !== 0) load.violations.push(`${each.name} ended with ${code} after SIGTERM`);
  }
  await victim.start({ [FAIL_AT]: `${point}:${time}` });
  try {
    await victim.whenEnded(FAIL_LIMIT);
  } finally {
    await victim.kill();
    for (const each of [victim, ...others]) if (!each.isRunning) each.launch();
  }
};

export const FAULTS: Record<string, Fault> = {
  "controller killed": killed("controllers"),
  "invoker killed": killed("invokers"),
  "action's process killed": async ({ platform, random, containers, say }) => {
    const victim = random.of(platform.invokers);
    say(`SIGKILL to a process of ${victim.name}`);
    await until("an action's process has been killed", async () => {
      const ids = await containers.list(victim);
      return ids.length > 0 && containers.kill(random.of(ids));
    });
  },
  "broker killed": async ({ broker, say }) => {
    say("SIGKILL to the broker");
    await broker.kill();
    await broker.start();
  },
  "database killed": async ({ database, say }) => {
    say("SIGKILL to the database");
    await database.kill();
    await database.start();
  },
  "controller held": held("controllers"),
  "invoker held": held("invokers"),
  "broker held": async ({ broker, hold, say }) => {
    say("SIGSTOP to the broker");
    await holdServer(broker.pid!, hold);
  },
  "database held": async ({ database, hold, say }) => {
    say("SIGSTOP to the database");
    await holdServer(database.pid!, hold);
  },
  "cut off from the broker": cutOff(({ broker }) => broker, "broker"),
  "cut off from the database": cutOff(({ database }) => database, "database"),
  ...Object.fromEntries((Object.keys(FAIL_POINTS) as FailPointName[]).map((point) => [`dies at '${point}'`, atPoint(point)])),
};

const some = (containers: Containers): Promise<string[]> =>
  until("there are containers", async () => {
    const found = await containers.list();
    return found.length > 0 && found;
  });

/** Further ones, for platforms with containers of an engine. */
export const CONTAINER_FAULTS: Record<string, Fault> = {
  "all containers killed": async ({ containers, say }) => {
    const ids = await some(containers);
    say(`SIGKILL to ${ids.length} containers`);
    await Promise.all(ids.map((id) => containers.kill(id)));
  },
  "engine killed": async ({ engine, containers, say }) => {
    await some(containers);
    say("SIGKILL to the engine and its containerd");
    await engine!.kill();
    await engine!.start();
  },
  "engine held": async ({ engine, containers, hold, say }) => {
    await some(containers);
    say("SIGSTOP to the engine");
    await holdServer(engine!.pid!, hold);
  },
};
