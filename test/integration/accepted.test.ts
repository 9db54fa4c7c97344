import type { Client } from "../support/client";
import { TestPlatform } from "../support/platform";
import { Trace } from "../support/trace";
import { until } from "../support/until";

/** As many as the memory allows. */
const CONTAINERS = 4;

let platform: TestPlatform;
let client: Client;
let trace: Trace;

beforeEach(async () => {
  platform = await TestPlatform.start({ memory: CONTAINERS * 256 });
  client = platform.client();
  trace = new Trace();
  await trace.deploy(client);
});

afterEach(async () => {
  await platform.dispose();
  trace.dispose();
});

async function countOf(query: string): Promise<number> {
  return ((await client.must("GET", `activations?count=true&${query}`)).body as { activations: number }).activations;
}

const idOf = ({ body }: { body: { activationId: string } }) => body.activationId;

test("each of 200 accepted invocations has exactly one record after the platform was killed, and no code ran twice", async () => {
  const ids = await Promise.all(Array.from({ length: 200 }, async () => idOf(await client.must("POST", "actions/trace", {}))));
  await until("some have run and some have not", () => trace.runs().size > 20);
  await platform.kill();
  expect(trace.runs().size).toBeLessThan(200);
  await platform.start();
  await until("every one is recorded", async () => (await countOf("name=trace")) >= 200, 60_000);
  const records = await Promise.all(ids.map((id) => client.activation(id)));
  expect(await countOf("name=trace")).toBe(200);
  const outcomes = new Set(records.map(({ response }) => response.status));
  for (const outcome of outcomes) expect(["success", "whisk internal error"]).toContain(outcome);
  expect(trace.doubled()).toEqual([]);
  // Lost is at most what was in a container at that moment: what had not begun runs after the restart.
  expect(records.filter(({ response }) => !response.success).length).toBeLessThanOrEqual(CONTAINERS);
});

test("each rule of fires that were accepted before the platform was killed has exactly one record", async () => {
  await client.must("PUT", "triggers/tick", {});
  for (const rule of ["one", "two"]) await client.must("PUT", `rules/${rule}`, { trigger: "/_/tick", action: "/_/trace" });
  const fires = await Promise.all(Array.from({ length: 40 }, async () => idOf(await client.must("POST", "triggers/tick", {}))));
  await until("some have run", () => trace.runs().size > 5);
  await platform.kill();
  await platform.start();
  const records = await Promise.all(fires.map((id) => client.activation(id)));
  const rules = records.flatMap(({ logs }) => logs.map((line) => (JSON.parse(line) as { activationId: string }).activationId));
  expect(new Set(rules).size).toBe(80);
  await Promise.all(rules.map((id) => client.activation(id, 60_000)));
  expect([await countOf("name=trace"), await countOf("name=tick")]).toEqual([80, 40]);
  expect(trace.doubled()).toEqual([]);
});

test("accepted sequences go on where they were when the platform was killed", async () => {
  await client.must("PUT", "actions/pair", { exec: { kind: "sequence", components: ["/_/trace", "/_/trace"] } });
  const ids = await Promise.all(Array.from({ length: 30 }, async () => idOf(await client.must("POST", "actions/pair", {}))));
  await until("some steps have run", () => trace.runs().size > 10);
  await platform.kill();
  await platform.start();
  const records = await Promise.all(ids.map((id) => client.activation(id, 60_000)));
  expect(await countOf("name=pair")).toBe(30);
  for (const { logs, response } of records) expect(response.success ? logs.length : 2).toBe(2);
  expect(trace.doubled()).toEqual([]);
});

test("a blocking call that was answered 202 has its record soon after the platform was killed", async () => {
  const { status, body } = await client.invoke("trace", { pause: 60_000 }, "blocking=true&timeout=300");
  expect(status).toBe(202);
  await platform.kill();
  await platform.start();
  expect((await client.activation((body as { activationId: string }).activationId, 10_000)).response.status).toBe("whisk internal error");
});

test("a stop lets accepted and blocking work end, and loses none", async () => {
  const blocking = client.invoke("trace", { pause: 700 });
  await until("the blocking call runs", () => trace.runs().size === 1);
  const ids = await Promise.all(Array.from({ length: 20 }, async () => idOf(await client.must("POST", "actions/trace", {}))));
  expect(await platform.stop()).toBe(0);
  expect((await blocking).status).toBe(200);
  await platform.start();
  for (const id of ids) expect((await client.activation(id, 60_000)).response.status).toBe("success");
  expect(trace.doubled()).toEqual([]);
});
