import { readFileSync } from "node:fs";
import { request } from "undici";
import { disposedOf } from "./cleanup";
import { familyOf } from "./cpu";
import type { Client } from "../support/client";
import { TestDistributed } from "../support/distributed";
import { TestMongo } from "../support/mongodb";
import { TestPlatform } from "../support/platform";
import { childrenOf } from "../support/processes";
import { TestRabbitMq } from "../support/rabbitmq";

/** What it has to reach. */
export interface Goals {
  /** Part of the floor's rate. */
  warm: number;
  /** Milliseconds above the floor, at p50. */
  alone: number;
  /** Milliseconds from a fire to its action's start, at p50. */
  trigger: number;
  /** MB of its idle processes; absent: told only. */
  memory?: number;
}

/** A platform that is measured. */
export interface Subject {
  readonly goals: Goals;
  readonly apiHost: string;
  readonly auth: string;
  client(): Client;
  /** Processes that run actions, or stand ready to. */
  runtimes(): number;
  /** Activations that got their record so far. */
  recorded(): Promise<number>;
  /** Pids by what they do, broker and database included. */
  processes(): Record<string, number[]>;
  /** MB that its processes have, without containers, broker and database. */
  memory(): number;
  dispose(): Promise<void>;
}

/** Starts a platform with these settings. */
export type Start = (settings: Record<string, unknown>) => Promise<Subject>;

export const startEmbedded: Start = async (settings) => {
  const platform = disposedOf(await TestPlatform.start({ logLevel: "info", adminPort: 0, ...settings }));
  const admin = [adminOf(platform.log)];
  return {
    goals: { warm: 0.7, alone: 0.5, trigger: 3, memory: 150 },
    apiHost: platform.apiHost,
    auth: platform.auth,
    client: () => platform.client(),
    runtimes: () => childrenOf(platform.pid).length,
    recorded: () => recordsOf(admin),
    processes: () => ({ platform: [platform.pid], runtimes: childrenOf(platform.pid) }),
    memory: () => memoryOf([platform.pid]),
    dispose: () => platform.dispose(),
  };
};

/** On a broker and a database of its own: one controller and one invoker, for they share the processors with everything else. */
export async function distributedStart(): Promise<{ start: Start; dispose(): Promise<void> }> {
  const broker = disposedOf(await TestRabbitMq.own());
  const database = disposedOf(await TestMongo.own());
  const start: Start = async (settings) => {
    const platform = disposedOf(await TestDistributed.start({ rabbitmq: broker.url, mongodb: database.url, controllers: 1, invokers: 1, config: settings }));
    const admin = platform.processes.map(({ log }) => adminOf(log));
    return {
      goals: { warm: 0.45, alone: 2, trigger: 10 },
      apiHost: platform.apiHost,
      auth: platform.auth,
      client: () => platform.client(),
      runtimes: () => childrenOf(platform.invokers[0]!.pid).length,
      recorded: () => recordsOf(admin),
      processes: () => {
        const [controller, invoker] = [platform.controllers[0]!.pid, platform.invokers[0]!.pid];
        return { controller: [controller], invoker: [invoker], runtimes: childrenOf(invoker), broker: known(broker.pid), database: known(database.pid) };
      },
      memory: () => memoryOf(platform.processes.map(({ pid }) => pid)),
      dispose: () => platform.dispose(),
    };
  };
  return {
    start,
    async dispose() {
      await broker.dispose();
      await database.dispose();
    },
  };
}

/** In a container it is the container's own process, which may be out of sight. */
const known = (pid: number | undefined) => (pid === undefined ? [] : familyOf(pid));

/** Where a process serves its metrics: it says so when it serves. */
function adminOf(log: string): string {
  const url = /"admin":"([^"]+)"/.exec(log)?.[1];
  if (!url) throw new Error(`a process does not say where its metrics are:\n${log}`);
  return url;
}

async function recordsOf(admins: string[]): Promise<number> {
  let sum = 0;
  for (const admin of admins) {
    const text = await (await request(`${admin}/metrics`)).body.text();
    for (const [, count] of text.matchAll(/^stackwhisk_activation_records_total\{.*\} (\d+)/gm)) sum += Number(count);
  }
  return sum;
}

function memoryOf(pids: number[]): number {
  const kb = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]));
  return kb.reduce((sum, each) => sum + each, 0) / 1024;
}
