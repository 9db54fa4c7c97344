import { spawn } from "node:child_process";
import type { Client } from "../support/client";
import { type DistributedOptions, TestDistributed } from "../support/distributed";
import { TestMongo } from "../support/mongodb";
import { GUEST } from "../support/platform";
import { isRunning } from "../support/processes";
import { TestRabbitMq } from "../support/rabbitmq";
import { describeWithServers } from "../support/servers";
import { Trace } from "../support/trace";
import { until } from "../support/until";
import { clientCases } from "./cases/clients";
import { compositionCases } from "./cases/compositions";
import { containerCases } from "./cases/containers";
import { invocationCases } from "./cases/invocation";
import { webCases } from "./cases/web";

const start = async (options: Partial<DistributedOptions> = {}) =>
  TestDistributed.start({ rabbitmq: await TestRabbitMq.shared(), mongodb: await TestMongo.shared(), ...options });

const idOf = ({ body }: { body: { activationId: string } }) => body.activationId;

/** Everywhere within this an entity is what it was changed to. Milliseconds. */
const EVERYWHERE = 2_000;

describeWithServers("a platform of several processes", () => {
  describe("keeps what a single one promises of invocations:", () => invocationCases(() => start()));
  describe("keeps what a single one promises of compositions:", () => compositionCases(() => start()));
  describe("keeps what a single one promises of containers:", () => containerCases((config) => start({ invokers: 1, config })));
  describe("keeps what a single one promises of web actions:", () => webCases(() => start({ controllers: 1 })));
  describe("is used by the same clients:", () => clientCases(() => start({ invokers: 1 })));

  describe("with two controllers and two invokers", () => {
    let platform: TestDistributed;
    let clients: Client[];
    let trace: Trace;

    beforeEach(async () => {
      platform = await start();
      clients = [platform.clientOf(0), platform.clientOf(1)];
      trace = new Trace();
      await trace.deploy(clients[0]!, 100);
      await until("the other controller knows the action", async () => (await clients[1]!.call("GET", "actions/trace")).status === 200);
    });

    afterEach(async () => {
      await platform.dispose();
      trace.dispose();
    });

    const accept = (count: number, client = (n: number) => clients[n % 2]!) => Promise.all(Array.from({ length: count }, async (_, n) => idOf(await client(n).must("POST", "actions/trace", {}))));
    const outcomesOf = async (ids: string[], client = clients[0]!) => (await Promise.all(ids.map((id) => client.activation(id, 90_000)))).map(({ response }) => response.status);

    test("each controller answers blocking calls, and shows the records of the other's", async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => clients[n % 2]!.invoke("trace", {}, "blocking=true")));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      for (const [n, { body }] of answers.entries()) expect((await clients[(n + 1) % 2]!.activation(idOf({ body }))).response.success).toBe(true);
      expect(trace.doubled()).toEqual([]);
    });

    test("an entity that is changed at one controller is the new one at the other within two seconds", async () => {
      for (let version = 1; version <= 3; version++) {
        await clients[0]!.putAction("versioned", `function main() { return { version: ${version} } }`);
        await until(`version ${version} at the other`, async () => (await clients[1]!.invoke("versioned")).body.version === version, EVERYWHERE);
      }
      await clients[1]!.must("DELETE", "actions/versioned");
      await until("it is gone", async () => (await clients[0]!.invoke("versioned")).status === 404, EVERYWHERE);
    });

    test("accepted work of a controller that is killed is done by the other, and no code runs twice", async () => {
      const ids = await accept(60, () => clients[1]!);
      await until("some have run", () => trace.runs().size > 5);
      await platform.controllers[1]!.kill();
      expect(new Set(await outcomesOf(ids))).toEqual(new Set(["success"]));
      expect(trace.doubled()).toEqual([]);
    });

    test("of accepted work only what an invoker had in a container is lost with it, and that is recorded", async () => {
      const ids = await accept(60);
      await until("some have run", () => trace.runs().size > 5);
      const containers = platform.containers().length;
      await platform.invokers[1]!.kill();
      const lost = (await outcomesOf(ids)).filter((status) => status !== "success");
      expect(new Set(lost).size).toBeLessThanOrEqual(1);
      expect(lost.length).toBeLessThanOrEqual(containers);
      expect(trace.doubled()).toEqual([]);
    });

    test("a blocking call whose invoker is killed is answered with an error that says so", async () => {
      await platform.invokers[1]!.kill();
      const call = clients[0]!.invoke("trace", { pause: 20_000 }, "blocking=true");
      await until("it runs", () => trace.runs().size === 1);
      await platform.invokers[0]!.kill();
      platform.invokers[0]!.launch();
      const { status, body } = await call;
      expect([status, (body as { response: { status: string } }).response.status]).toEqual([500, "whisk internal error"]);
    });

    test("a stop of one controller and one invoker lets everything end, loses nothing, and ends them with 0", async () => {
      const blocking = [0, 1].map((n) => clients[n]!.invoke("trace", { pause: 700 }));
      await until("the blocking calls run", () => trace.runs().size === 2);
      const ids = await accept(40);
      expect(await Promise.all([platform.controllers[1]!.stop(), platform.invokers[1]!.stop()])).toEqual([0, 0]);
      expect((await Promise.all(blocking)).map(({ status }) => status)).toEqual([200, 200]);
      expect(new Set(await outcomesOf(ids))).toEqual(new Set(["success"]));
      expect(trace.doubled()).toEqual([]);
    });

    test("no container outlives its invoker", async () => {
      await clients[0]!.invoke("trace");
      const pids = platform.containers();
      expect(pids.length).toBeGreaterThan(0);
      for (const invoker of platform.invokers) await invoker.kill();
      await until("all containers are gone", () => !pids.some(isRunning));
    });
  });

  describe("with two namespaces", () => {
    const other = { name: "other", uuid: "aaaaaaaa-71f6-4ed5-8c54-816aa4f8c502", key: "o".repeat(64) };
    /** MB: four containers in all. */
    const MEMORY = 512;
    const CALLS = 15;
    let platform: TestDistributed;

    beforeEach(async () => {
      platform = await start({ config: { namespaces: [GUEST, other], allowSharedProcesses: true, memory: MEMORY } });
    });

    afterEach(() => platform.dispose());

    test.each([
      ["accepted work", "blocking=false"],
      ["blocking calls", "blocking=true"],
    ])("one that floods with %s does not slow the other beyond its share", async (_what, query) => {
      const [flooder, quiet] = [platform.clientOf(0), platform.clientOf(1, { auth: `${other.uuid}:${other.key}` })];
      for (const client of [flooder, quiet]) await client.putAction("nap", "const main = () => new Promise((done) => setTimeout(() => done({}), 100)); exports.main = main;");
      const timeOfCalls = async () => {
        const begun = Date.now();
        for (let n = 0; n < CALLS; n++) expect((await quiet.invoke("nap")).status).toBe(200);
        return Date.now() - begun;
      };
      await until("it is known everywhere", async () => (await quiet.invoke("nap")).status === 200);
      const alone = await timeOfCalls();
      let flooding = true;
      let done = 0;
      const flood = Array.from({ length: 32 }, async () => {
        while (flooding) if ((await flooder.invoke("nap", {}, query)).status < 300) done++;
      });
      await until("the flood is on", () => done > 64);
      const before = done;
      const beside = await timeOfCalls();
      const flooded = done - before;
      flooding = false;
      await Promise.all(flood);
      expect(flooded).toBeGreaterThan(CALLS);
      // Half of the containers are more than it needs; a call waits for the end of a run of the other's at the most, and for a start.
      expect(beside / alone).toBeLessThan(4);
    });
  });

  describe("whose servers are away", () => {
    let platform: TestDistributed;
    let client: Client;

    beforeEach(async () => {
      platform = await start({ controllers: 1, invokers: 1, proxied: true });
      client = platform.clientOf(0, { limit: 20_000 });
      await client.putAction("hello", "function main() { return { hello: true } }");
      expect((await client.invoke("hello")).status).toBe(200);
    });

    afterEach(() => platform.dispose());

    const servers = [
      ["the broker", "broker"],
      ["the database", "database"],
    ] as const;

    test.each(servers)("answers accepted calls 503 and a clear error while %s refuses connections, and works by itself when it is back", async (_name, way) => {
      const proxies = platform.processes.map((each) => each[way]!);
      for (const proxy of proxies) proxy.reset({ refuse: true });
      // What is cached of the action and its namespace passes in the meantime.
      const refusal = await until("a refusal", async () => {
        const answer = await client.call("POST", "actions/hello", {});
        return answer.status !== 202 && answer;
      });
      expect([refusal.status, refusal.body.error]).toEqual([503, expect.stringMatching(way === "broker" ? /message broker/ : /database/) as string]);
      for (const proxy of proxies) proxy.resume();
      await until("it works again", async () => (await client.invoke("hello")).status === 200);
      const { activationId } = (await client.must("POST", "actions/hello", {})).body as { activationId: string };
      expect((await client.activation(activationId)).response.success).toBe(true);
    });

    test.each(servers)("lets nobody hang while %s does not answer, and works by itself when it does again", async (_name, way) => {
      const proxies = platform.processes.map((each) => each[way]!);
      for (const proxy of proxies) proxy.stall();
      const answers = await Promise.all([client.call("POST", "actions/hello", {}), client.invoke("hello", {}, "blocking=true&timeout=3000"), client.call("PUT", "actions/other", { exec: { kind: "nodejs:default", code: "exports.main = () => ({})" } })]);
      for (const { status, body } of answers) if (status >= 400) expect([status, typeof (body as { error?: unknown }).error]).toEqual([503, "string"]);
      for (const proxy of proxies) proxy.resume();
      await until("it works again", async () => (await client.invoke("hello")).status === 200);
    });
  });

  test("a process of the platform ends with whoever started it, however that ended", async () => {
    const platform = await start({ controllers: 1, invokers: 1 });
    const parent = spawn(process.execPath, ["-e", PARENT, ...platform.invokers[0]!.command()], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const child = await new Promise<number>((resolve) => parent.once("message", (pid) => resolve(pid as number)));
    parent.kill("SIGKILL");
    await until("its child is gone", () => !isRunning(child));
    await platform.dispose();
  });
});

/** Starts a program with its arguments, does not read what that writes, and tells its pid when it serves. */
const PARENT = `
const [program, ...args] = process.argv.slice(1);
const child = require("node:child_process").fork(program, args, { stdio: ["ignore", "pipe", "pipe", "ipc"] });
child.once("message", () => process.send(child.pid));
`;
