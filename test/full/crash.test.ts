import type { Client } from "../support/client";
import { TestPlatform } from "../support/platform";
import { Trace } from "../support/trace";
import { until } from "../support/until";

const ROUNDS = 25;

let platform: TestPlatform;
let client: Client;
let trace: Trace;

beforeEach(async () => {
  platform = await TestPlatform.start({ memory: 2048 });
  client = platform.client();
  trace = new Trace();
  await trace.deploy(client, 5);
  await client.must("PUT", "actions/pair", { exec: { kind: "sequence", components: ["/_/trace", "/_/trace"] } });
  await client.must("PUT", "triggers/tick", {});
  for (const rule of ["one", "two"]) await client.must("PUT", `rules/${rule}`, { trigger: "/_/tick", action: "/_/trace" });
});

afterEach(async () => {
  await platform.dispose();
  trace.dispose();
});

/** Sends work until the platform dies, and gives the ids of what was answered 202. */
async function flood(path: string): Promise<string[]> {
  const accepted: string[] = [];
  const loop = async () => {
    for (;;) {
      const answer = await client.call("POST", path, {}).catch(() => undefined);
      if (answer?.status !== 202) return;
      accepted.push((answer.body as { activationId: string }).activationId);
    }
  };
  await Promise.all(Array.from({ length: 4 }, loop));
  return accepted;
}

test(`everything that was answered 202 has exactly one record after ${ROUNDS} kills at random moments, and no code ran twice`, async () => {
  const singles = new Set<string>();
  const sequences = new Set<string>();
  const fires = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const sent = Promise.all([flood("actions/trace"), flood("actions/pair"), flood("triggers/tick")]);
    const before = trace.runs().size;
    const some = before + Math.floor(Math.random() * 60);
    await until("some code has run", () => trace.runs().size > some);
    await platform.kill();
    const [ofTrace, ofPair, ofTick] = await sent;
    for (const id of ofTrace) singles.add(id);
    for (const id of ofPair) sequences.add(id);
    for (const id of ofTick) fires.add(id);
    await platform.start();
  }
  for (const id of [...singles, ...sequences]) await client.activation(id, 120_000);
  const rules: string[] = [];
  for (const id of fires) {
    const { logs } = await client.activation(id, 120_000);
    rules.push(...logs.map((line) => (JSON.parse(line) as { activationId: string }).activationId));
  }
  expect(new Set(rules).size).toBe(2 * fires.size);
  for (const id of rules) await client.activation(id, 120_000);
  expect(trace.doubled()).toEqual([]);
  console.log(`${singles.size} invocations, ${sequences.size} sequences, ${fires.size} fires: all recorded; the code ran ${trace.runs().size} times, never twice for one activation`);
}, 20 * 60_000);
