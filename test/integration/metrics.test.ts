import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MongoClient } from "mongodb";
import type { Client } from "../support/client";
import { TestDistributed } from "../support/distributed";
import { randomDatabase, TestMongo } from "../support/mongodb";
import { GUEST, TestPlatform } from "../support/platform";
import { TestRabbitMq } from "../support/rabbitmq";
import { adminOf, linesOf, scrape, serving } from "../support/scrape";
import { describeWithServers } from "../support/servers";
import type { ServiceProcess } from "../support/serviceProcess";
import { Trace } from "../support/trace";
import { until } from "../support/until";

async function readiness(served: { readonly log: string }): Promise<{ status: number; told: string; problems: Record<string, string>; health: number }> {
  const admin = await adminOf(served);
  const [ready, health] = await Promise.all([fetch(`${admin}/ready`), fetch(`${admin}/health`)]);
  const { status: told, problems } = (await ready.json()) as { status: string; problems: Record<string, string> };
  return { status: ready.status, told, problems, health: health.status };
}

const MOODY = "function main({ fail }) { return fail ? { error: 'on purpose' } : { ok: true } }";

describeWithServers("the services of a distributed platform", () => {
  let platform: TestDistributed;
  let client: Client;
  let controller: ServiceProcess;
  const trace = new Trace();

  beforeAll(async () => {
    const [rabbitmq, mongodb] = await Promise.all([TestRabbitMq.shared(), TestMongo.shared()]);
    platform = await TestDistributed.start({ rabbitmq, mongodb, controllers: 1, invokers: 2, proxied: true });
    client = platform.client();
    controller = platform.controllers[0]!;
    await trace.deploy(client);
  });
  afterAll(async () => {
    await platform?.dispose();
    trace.dispose();
  });

  /** A call whose request has that id. */
  const call = (id: string, name: string, payload: object, query: string) =>
    fetch(`${client.apiHost}/api/v1/namespaces/_/actions/${name}?${query}`, {
      method: "POST",
      headers: { "x-request-id": id, "content-type": "application/json", authorization: `Basic ${Buffer.from(platform.auth).toString("base64")}` },
      body: JSON.stringify(payload),
    });

  /** Of both invokers together. */
  async function sum(name: string): Promise<number> {
    const values = await Promise.all(platform.invokers.map(scrape));
    return values.reduce((total, samples) => total + (samples[name] ?? NaN), 0);
  }

  /** Calls the action that takes its time, and resolves when its code runs, to where. */
  async function running(id: string, pause: number, query: string): Promise<{ answering: Promise<Response>; invoker: ServiceProcess }> {
    const before = trace.runs().size;
    const answering = call(id, "trace", { pause }, query);
    await until("its code runs", () => trace.runs().size > before);
    const states = await Promise.all(platform.invokers.map(scrape));
    return { answering, invoker: platform.invokers[states.findIndex((samples) => samples['stackwhisk_containers{state="busy"}'] === 1)]! };
  }

  test("tell exactly what was run, accepted, asked and recorded", async () => {
    await client.putAction("moody", MOODY);
    await client.must("PUT", "triggers/tick", {});
    await client.must("PUT", "rules/tock", { trigger: "/_/tick", action: "/_/moody" });
    for (let run = 0; run < 3; run++) await client.must("POST", "actions/moody?blocking=true", {});
    await client.call("POST", "actions/moody?blocking=true", { fail: true });
    for (let run = 0; run < 2; run++) await client.must("POST", "actions/moody", {});
    await client.must("POST", "triggers/tick", {});
    await until("all are recorded", async () => (await client.activations()).length === 8);
    const told = await until("the accepted log is done", async () => {
      const samples = await scrape(controller);
      return samples.stackwhisk_accepted_in_hand === 0 && samples;
    });
    expect(told).toMatchObject({
      'stackwhisk_accepted_appended_total{kind="invocation"}': 2,
      'stackwhisk_accepted_appended_total{kind="fire"}': 1,
      'stackwhisk_accepted_deliveries_total{delivery="first"}': 3,
      'stackwhisk_accepted_deliveries_total{delivery="again"}': 0,
      'stackwhisk_accepted_refused_total{status="429"}': 0,
      'stackwhisk_accepted_ready_messages{shard="0"}': 0,
      'stackwhisk_accepted_ready_messages{shard="7"}': 0,
      'stackwhisk_lane_pending_messages{shard="7"}': 0,
      stackwhisk_lane_outstanding_runs: 0,
      stackwhisk_lane_lost_runs_total: 0,
      stackwhisk_broker_up: 1,
      stackwhisk_broker_blocked: 0,
      // OpenWhisk answers 502 for an application error.
      'stackwhisk_http_requests_total{method="POST",status="2xx"}': 6,
      'stackwhisk_http_requests_total{method="POST",status="5xx"}': 1,
      'stackwhisk_http_requests_total{method="PUT",status="2xx"}': 4,
      'stackwhisk_activation_records_total{outcome="success"}': 1,
    });
    await until("the controller knows both invokers", async () => (await scrape(controller))['stackwhisk_live_instances{role="invoker"}'] === 2);
    expect(await sum('stackwhisk_runs_total{outcome="success",mode="blocking"}')).toBe(3);
    expect(await sum('stackwhisk_runs_total{outcome="application_error",mode="blocking"}')).toBe(1);
    expect(await sum('stackwhisk_runs_total{outcome="success",mode="accepted"}')).toBe(3);
    expect(await sum('stackwhisk_activation_records_total{outcome="success"}')).toBe(6);
    expect(await sum("stackwhisk_run_duration_seconds_count")).toBe(7);
    const starts = await Promise.all(["cold", "prewarmed", "warm"].map((kind) => sum(`stackwhisk_container_starts_total{kind="${kind}"}`)));
    expect(starts.reduce((all, one) => all + one)).toBe(7);
    expect(await sum("stackwhisk_run_init_seconds_count")).toBe(starts[0]! + starts[1]!);
    expect(await sum("stackwhisk_lane_runs_in_hand")).toBe(0);
    expect(await sum("stackwhisk_container_memory_limit_bytes")).toBe(2 * 1024 ** 3);
  });

  test("are not ready while the broker or the database is away, live all the same, and are ready again by themselves", async () => {
    for (const served of [controller, platform.invokers[0]!]) {
      expect(await readiness(served)).toEqual({ status: 200, told: "ready", problems: {}, health: 200 });
      for (const [name, proxy] of [["rabbitmq", served.broker!], ["mongodb", served.database!]] as const) {
        proxy.reset({ refuse: true });
        const away = await until(`${served.name} misses ${name}`, async () => {
          const found = await readiness(served);
          return found.status === 503 && found;
        });
        expect(away).toEqual({ status: 503, told: "not ready", problems: { [name]: expect.any(String) }, health: 200 });
        // What cannot be told is left out, and the rest is served.
        expect((await scrape(served)).stackwhisk_broker_up).toBe(name === "rabbitmq" ? 0 : 1);
        proxy.resume();
        await until(`${served.name} has ${name} again`, async () => (await readiness(served)).status === 200);
      }
      const connections = linesOf(served.log).filter(({ msg }) => msg === "connected to the broker");
      expect(connections.length).toBeGreaterThan(1);
      expect((await scrape(served)).stackwhisk_broker_reconnections_total).toBe(connections.length - 1);
    }
  });

  test("log the id that the client gave to a run at both ends, when the invoker that has it is killed", async () => {
    const { answering, invoker: killed } = await running("lost-while-waiting", 50_000, "blocking=true");
    const survivor = platform.invokers.find((each) => each !== killed)!;
    await killed.kill();
    const answer = await answering;
    expect([answer.status, answer.headers.get("x-request-id")]).toEqual([500, "lost-while-waiting"]);
    const { activationId } = (await answer.json()) as { activationId: string };
    // The answer may be quicker than the log.
    const about = ({ log }: ServiceProcess, lines: number) =>
      until("its lines", () => {
        const found = linesOf(log).filter(({ transactionId }) => transactionId === "lost-while-waiting");
        return found.length >= lines && found.map(({ msg, activationId: id }) => [msg, id]);
      });
    expect(await about(survivor, 1)).toEqual([["a run was lost: the invoker that had it is gone, and its owner is told", activationId]]);
    expect(await about(controller, 2)).toEqual([
      ["a run was lost", activationId],
      ["a run has failed by the platform's fault, not its action's", activationId],
    ]);
    expect((await scrape(survivor)).stackwhisk_lane_dead_invoker_runs_total).toBe(1);
    expect((await scrape(controller)).stackwhisk_lane_lost_runs_total).toBe(1);
    await killed.start();
  });

  test("log the id of accepted work too when its attempt is lost", async () => {
    const { answering, invoker: killed } = await running("lost-and-accepted", 50_000, "blocking=false");
    const { activationId } = (await (await answering).json()) as { activationId: string };
    await killed.kill();
    await client.activation(activationId, 60_000);
    const told = linesOf(controller.log).filter(({ transactionId }) => transactionId === "lost-and-accepted");
    expect(told.map(({ msg }) => msg)).toContain("an attempt was lost: the process that ran it is gone");
    for (const line of told) expect(line.activationId).toBe(activationId);
    await killed.start();
  });

  test("say that they drain, and live, until the last run has ended", async () => {
    const { answering, invoker: draining } = await running("drained", 3_000, "blocking=true");
    process.kill(draining.pid, "SIGTERM");
    await until("it says so", async () => (await readiness(draining)).told === "draining");
    expect(await readiness(draining)).toEqual({ status: 503, told: "draining", problems: {}, health: 200 });
    expect((await answering).status).toBe(200);
    expect(await draining.stop()).toBe(0);
    await draining.start();
  });

  test("serve no metric that docs/operations.md does not explain", async () => {
    const explained = readFileSync("docs/operations.md", "utf8");
    const served = await Promise.all([controller, platform.invokers[0]!].map(scrape));
    const families = new Set(served.flatMap(Object.keys).map((name) => /^stackwhisk_\w+?(?=(_bucket|_sum|_count)?({|$))/.exec(name)?.[0]));
    families.delete(undefined);
    expect(families.size).toBeGreaterThan(30);
    expect([...families].filter((name) => !explained.includes(`\`${name}`))).toEqual([]);
  });

  test("log neither keys nor parameters nor what signs keys", async () => {
    const annotations = [{ key: "provide-api-key", value: true }];
    await client.putAction("secretive", "function main() { console.log('said-to-the-user'); return { key: process.env.__OW_API_KEY } }", { parameters: [{ key: "password", value: "hunter2-hunter2" }], annotations });
    const { body } = await client.invoke("secretive", { token: "tell-nobody" });
    const minted = (body as { key: string }).key;
    expect(minted).toMatch(/:.{32,}/);
    await client.must("POST", "actions/secretive", { token: "tell-nobody" });
    await client.call("GET", "nothing/here?token=tell-nobody");
    const secrets = ["hunter2-hunter2", "tell-nobody", "said-to-the-user", GUEST.key, "s".repeat(64), minted.split(":")[1]!];
    for (const { name, log } of platform.processes) for (const secret of secrets) expect([name, log.includes(secret)]).toEqual([name, false]);
  });
});

describeWithServers("services that are given wrong passwords", () => {
  test.each(["controller", "invoker"])("a %s names the broker and the database that refuse it, without the password", async (role) => {
    const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-refused-"));
    const [rabbitmq, mongodb, database] = [await TestRabbitMq.shared(), await TestMongo.shared(), randomDatabase()];
    const withPassword = (url: string) => url.replace(/\/\/([^@/]*@)?/, "//someone:hunter2-hunter2@");
    const start = async (config: object, expected: string) => {
      const file = path.join(folder, "config.json");
      writeFileSync(file, JSON.stringify({ dataDir: folder, namespaces: [GUEST], name: database, secret: "s".repeat(64), ...config }));
      const child = spawn(process.execPath, [path.resolve(`dist/services/${role}.js`), "--config", file], { stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await until("it says what is wrong", () => output.includes(expected));
      child.kill("SIGKILL");
      await ended;
      return output;
    };
    const refusedByBroker = await start({ rabbitmq: { url: withPassword(rabbitmq) }, mongodb: { url: mongodb } }, "no connection to the broker");
    expect(refusedByBroker).toContain(new URL(rabbitmq).host);
    const refusedByDatabase = await start({ rabbitmq: { url: rabbitmq }, mongodb: { url: withPassword(mongodb) } }, "The database");
    expect(refusedByDatabase).toContain(new URL(mongodb).host);
    for (const output of [refusedByBroker, refusedByDatabase]) expect(output).not.toContain("hunter2-hunter2");
    rmSync(folder, { recursive: true });
    const mongo = new MongoClient(mongodb);
    await mongo.db(database).dropDatabase();
    await mongo.close();
  });
});

describe("an embedded platform", () => {
  let platform: TestPlatform;
  afterEach(() => platform.dispose());

  test("serves health, readiness and metrics on a port of its own, if it is given one", async () => {
    platform = await TestPlatform.start({ adminPort: 0 });
    const client = platform.client();
    await client.putAction("moody", MOODY);
    await client.must("POST", "actions/moody?blocking=true", {});
    await client.must("POST", "actions/moody", {});
    await until("both are recorded", async () => (await client.activations()).length === 2);
    expect(await readiness(platform)).toEqual({ status: 200, told: "ready", problems: {}, health: 200 });
    const samples = await until("the accepted log is done", async () => {
      const found = await scrape(platform);
      return found.stackwhisk_accepted_entries === 0 && found;
    });
    expect(samples).toMatchObject({
      'stackwhisk_runs_total{outcome="success",mode="blocking"}': 1,
      'stackwhisk_runs_total{outcome="success",mode="accepted"}': 1,
      'stackwhisk_activation_records_total{outcome="success"}': 2,
      'stackwhisk_accepted_appended_total{kind="invocation"}': 1,
      'stackwhisk_http_requests_total{method="POST",status="2xx"}': 2,
      'stackwhisk_store_errors_total{operation="write"}': 0,
    });
  });

  test("serves none of it unless it is asked to", async () => {
    platform = await TestPlatform.start();
    expect(await serving(platform)).not.toHaveProperty("admin");
    expect((await fetch(`${platform.apiHost}/metrics`)).status).toBe(404);
  });
});
