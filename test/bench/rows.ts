import { readFileSync } from "node:fs";
import { Checkout, prepareToolchain } from "../support/checkout";
import type { Client } from "../support/client";
import { TestPlatform } from "../support/platform";
import { childrenOf } from "../support/processes";
import { until } from "../support/until";
import { startFloor } from "./floor";
import { load, type Measured, quantiles, type Target } from "./load";

/** A line of the table. */
export interface Row {
  measure: string;
  /** What came out, for people. */
  result: string;
  /** What is to be reached. */
  target: string;
  reached: boolean;
  figures: Record<string, number>;
}

const CODE = "function main(params) { return { greeting: 'Hello, ' + params.name } }";
const BODY = JSON.stringify({ name: "bench" });
const RUN = 10;

interface Bench {
  platform: TestPlatform;
  client: Client;
  program: string;
}

const invocation = ({ platform }: Bench, names: string[], query = "blocking=true&result=true"): Target => ({
  origin: platform.apiHost,
  paths: names.map((name) => `/api/v1/namespaces/_/actions/${name}?${query}`),
  headers: { authorization: `Basic ${Buffer.from(platform.auth).toString("base64")}` },
  body: BODY,
});

const per = (value: number) => value.toFixed(2);
const ms = (value: number) => `${value.toFixed(2)} ms`;

/** Blocking calls of one warm action, against the floor with as many runtimes. */
async function warm(bench: Bench): Promise<Row[]> {
  const { platform, client, program } = bench;
  await client.putAction("warm", CODE);
  const target = invocation(bench, ["warm"]);
  await load(target, { connections: 32, seconds: RUN });
  const runtimes = childrenOf(platform.pid).length;
  const floor = await startFloor(program, runtimes, CODE);
  const floorTarget = { origin: floor.origin, paths: ["/run"], body: BODY };
  const [many, few] = [{ connections: 32, seconds: RUN }, { connections: 1, seconds: RUN / 2 }];
  await load(floorTarget, { ...many, seconds: RUN / 2 });
  // In turns, so that what else the machine does weighs on both.
  const runs: [Measured, Measured][] = [];
  for (let turn = 0; turn < 3; turn++) runs.push([await load(floorTarget, many), await load(target, many)]);
  const [floorMany, ours] = median(runs);
  const floorAlone = await load(floorTarget, few);
  const alone = await load(target, few);
  await floor.stop();
  const ratio = ours.rate / floorMany.rate;
  const tail = ours.p99 / floorMany.p99;
  return [
    {
      measure: `warm blocking, 32 connections (${runtimes} runtimes)`,
      result: `${per(ratio)} × floor (${Math.round(ours.rate)}/s of ${Math.round(floorMany.rate)}/s)`,
      target: "≥ 0.7 × floor",
      reached: ratio >= 0.7,
      figures: { ratio, rate: ours.rate, floorRate: floorMany.rate },
    },
    {
      measure: "the same, p99",
      result: `${per(tail)} × floor (${ms(ours.p99)} against ${ms(floorMany.p99)})`,
      target: "≤ 2 × floor",
      reached: tail <= 2,
      figures: { ratio: tail, p99: ours.p99, floorP99: floorMany.p99 },
    },
    {
      measure: "warm blocking alone, p50",
      result: `floor + ${ms(alone.p50 - floorAlone.p50)} (${ms(alone.p50)} against ${ms(floorAlone.p50)})`,
      target: "floor + 0.5 ms",
      reached: alone.p50 - floorAlone.p50 <= 0.5,
      figures: { difference: alone.p50 - floorAlone.p50, p50: alone.p50, floorP50: floorAlone.p50 },
    },
  ];
}

/** The pair with the middle ratio. */
function median(runs: [Measured, Measured][]): [Measured, Measured] {
  const sorted = runs.toSorted(([floorA, a], [floorB, b]) => a.rate / floorA.rate - b.rate / floorB.rate);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Many different actions must not be slower than one. */
async function manyActions(bench: Bench): Promise<Row[]> {
  const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
  for (const name of names) await bench.client.putAction(name, CODE, { limits: { memory: 128 } });
  for (const name of names) await bench.client.must("POST", `actions/${name}?blocking=true`, {});
  await load(invocation(bench, names), { connections: 32, seconds: 5 });
  const one = await load(invocation(bench, ["warm"]), { connections: 32, seconds: RUN });
  const all = await load(invocation(bench, names), { connections: 32, seconds: RUN });
  const floor = await startFloor(bench.program, names.length, CODE);
  const bare = { origin: floor.origin, paths: ["/run"], body: BODY };
  await load(bare, { connections: 32, seconds: 5 });
  const floorAll = await load(bare, { connections: 32, seconds: RUN });
  await floor.stop();
  const ratio = all.rate / one.rate;
  const ofFloor = all.rate / floorAll.rate;
  return [
    {
      measure: "100 different actions, round robin, all warm",
      result: `${per(ratio)} × one action (${Math.round(all.rate)}/s of ${Math.round(one.rate)}/s)`,
      target: "≥ 0.9 × one action",
      reached: ratio >= 0.9,
      figures: { ratio, rate: all.rate, one: one.rate },
    },
    {
      measure: "the same, against the floor with 100 runtimes",
      result: `${per(ofFloor)} × floor (${Math.round(all.rate)}/s of ${Math.round(floorAll.rate)}/s)`,
      target: "≥ 0.7 × floor",
      reached: ofFloor >= 0.7,
      figures: { ratio: ofFloor, rate: all.rate, floorRate: floorAll.rate },
    },
  ];
}

/** Two actions that together want more slots than there are. */
async function scarceSlots(program: string): Promise<Row[]> {
  return withPlatform(program, { memory: 48 * 256, prewarm: false }, async (bench) => {
    for (const name of ["a", "b"]) await bench.client.putAction(name, CODE);
    await load(invocation(bench, ["a"]), { connections: 32, seconds: 4 });
    const one = await load(invocation(bench, ["a"]), { connections: 32, seconds: RUN });
    const warmUp = { connections: 32, seconds: 4 };
    await Promise.all([load(invocation(bench, ["a"]), warmUp), load(invocation(bench, ["b"]), warmUp)]);
    const both = await Promise.all(["a", "b"].map((name) => load(invocation(bench, [name]), { connections: 32, seconds: RUN })));
    const rate = both[0]!.rate + both[1]!.rate;
    const ratio = rate / one.rate;
    return [
      {
        measure: "two actions, 32 connections each, 48 slots",
        result: `${per(ratio)} × one action (${Math.round(rate)}/s of ${Math.round(one.rate)}/s), nothing lost`,
        target: "≥ 0.5 × one action",
        reached: ratio >= 0.5,
        figures: { ratio, rate, one: one.rate },
      },
    ];
  });
}

/** From the fire to the moment at which the action's code runs. */
async function triggers({ client }: Bench): Promise<Row[]> {
  await client.putAction("started", "function main() { return { at: performance.timeOrigin + performance.now() } }");
  await client.must("PUT", "triggers/tick?overwrite=true", {});
  await client.must("PUT", "rules/tick-started?overwrite=true", { trigger: "/_/tick", action: "/_/started" });
  const times: number[] = [];
  for (let round = 0; round < 120; round++) {
    const fired = performance.timeOrigin + performance.now();
    const { activationId } = (await client.must("POST", "triggers/tick", {})).body as { activationId: string };
    const { logs } = await client.activation(activationId);
    const rule = JSON.parse(logs[0]!) as { activationId: string };
    const record = await client.activation(rule.activationId);
    if (round >= 20) times.push((record.response.result as { at: number }).at - fired);
  }
  const { p50, p99 } = quantiles(times);
  return [{ measure: "trigger → rule → action start, p50", result: `${ms(p50)} (p99 ${ms(p99)})`, target: "≤ 3 ms", reached: p50 <= 3, figures: { p50, p99 } }];
}

/** Accepted work, from the first 202 to the last record. */
async function accepted(bench: Bench): Promise<Row[]> {
  const { client } = bench;
  const blocking = await load(invocation(bench, ["warm"]), { connections: 32, seconds: RUN });
  const before = await countOf(client, "warm");
  const begin = performance.now();
  const sent = await loadCounted(invocation(bench, ["warm"], "blocking=false"), 5000);
  await until("all accepted work is recorded", async () => (await countOf(client, "warm")) >= before + sent, 120_000);
  const rate = sent / ((performance.now() - begin) / 1000);
  const ratio = rate / blocking.rate;
  return [
    {
      measure: "accepted invocations run to the end",
      result: `${per(ratio)} × blocking (${Math.round(rate)}/s of ${Math.round(blocking.rate)}/s)`,
      target: "≥ 0.5 × blocking",
      reached: ratio >= 0.5,
      figures: { ratio, rate, blocking: blocking.rate },
    },
  ];
}

const countOf = async (client: Client, name: string) => ((await client.must("GET", `activations?count=true&name=${name}`)).body as { activations: number }).activations;

/** Sends so many requests over 32 connections. */
async function loadCounted(target: Target, count: number): Promise<number> {
  const { Pool } = await import("undici");
  const pool = new Pool(target.origin, { connections: 32 });
  let left = count;
  const loop = async () => {
    while (left-- > 0) {
      const response = await pool.request({ method: "POST", path: target.paths[0]!, headers: { "content-type": "application/json", ...target.headers }, body: target.body });
      await response.body.dump();
      if (response.statusCode !== 202) throw new Error(`${target.paths[0]}: ${response.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: 32 }, loop));
  await pool.destroy();
  return count;
}

async function sequences(bench: Bench): Promise<Row[]> {
  await bench.client.must("PUT", "actions/five?overwrite=true", { exec: { kind: "sequence", components: Array(5).fill("/_/warm") } });
  await load(invocation(bench, ["five"]), { connections: 1, seconds: 2 });
  const one = await load(invocation(bench, ["warm"]), { connections: 1, seconds: RUN / 2 });
  const five = await load(invocation(bench, ["five"]), { connections: 1, seconds: RUN / 2 });
  const ratio = five.p50 / one.p50;
  return [
    { measure: "5-step sequence, p50", result: `${per(ratio)} × one action (${ms(five.p50)})`, target: "≤ 5.5 × one action", reached: ratio <= 5.5, figures: { ratio, p50: five.p50 } },
  ];
}

/** First call of a new action while a runtime of its kind stands ready. */
async function starts(program: string): Promise<Row[]> {
  return withPlatform(program, { memory: 8192 }, async (bench) => {
    const times: number[] = [];
    for (let round = 0; round < 25; round++) {
      await bench.client.putAction(`fresh-${round}`, CODE);
      await until("a runtime stands ready", () => childrenOf(bench.platform.pid).length > round && new Promise<true>((resolve) => setTimeout(() => resolve(true), 300)));
      const begin = performance.now();
      await bench.client.must("POST", `actions/fresh-${round}?blocking=true`, {});
      if (round >= 5) times.push(performance.now() - begin);
    }
    const { p50, p99 } = quantiles(times);
    return [{ measure: "prewarmed start, process, p50", result: `${ms(p50)} (p99 ${ms(p99)})`, target: "≤ 60 ms", reached: p50 <= 60, figures: { p50, p99 } }];
  });
}

/** Resident memory of the platform's process, before and after work, with no containers counted. */
async function memory(program: string): Promise<Row[]> {
  return withPlatform(program, { prewarm: false }, async ({ platform }) => {
    const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${platform.pid}/status`, "utf8"))?.[1]);
    const mb = kb / 1024;
    return [{ measure: "idle memory of the platform", result: `${Math.round(mb)} MB`, target: "≤ 150 MB", reached: mb <= 150, figures: { mb } }];
  });
}

/** `pulumi up` when there is nothing to do: what a person waits for again and again. */
async function noChange(): Promise<Row[]> {
  prepareToolchain();
  const checkout = await Checkout.create();
  try {
    const up = ["pulumi", "up", "--yes", "--non-interactive"];
    await checkout.must(...up);
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const begin = performance.now();
      await checkout.must(...up);
      times.push((performance.now() - begin) / 1000);
    }
    const { p50 } = quantiles(times);
    return [{ measure: "pulumi up of the platform, no change", result: `${p50.toFixed(1)} s, with its preview`, target: "≤ 4 s", reached: p50 <= 4, figures: { seconds: p50 } }];
  } finally {
    await checkout.dispose();
  }
}

async function withPlatform(program: string, options: object, work: (bench: Bench) => Promise<Row[]>): Promise<Row[]> {
  const platform = await TestPlatform.start({ logLevel: "warn", ...options });
  try {
    return await work({ platform, client: platform.client(), program });
  } finally {
    await platform.dispose();
  }
}

/** All rows for the embedded platform, in order; each is told as soon as it is there. */
export async function embeddedRows(program: string, tell: (row: Row) => void): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (more: Row[]) => more.forEach((row) => (rows.push(row), tell(row)));
  add(await memory(program));
  await withPlatform(program, { memory: 40_000 }, async (bench) => {
    for (const measure of [warm, triggers, accepted, sequences, manyActions]) add(await measure(bench));
    return [];
  });
  add(await scarceSlots(program));
  add(await starts(program));
  add(await noChange());
  return rows;
}
