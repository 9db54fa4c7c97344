import { request } from "undici";
import { processCommand } from "../../../runtimes/runtimes";
import { runtimesFolder } from "../../../services/process/kinds";
import type { ActivationRecord, Client } from "../../support/client";
import { concurrencyCases } from "./concurrency";
import type { StartPlatform, TestedPlatform } from "./platform";

export interface InvocationCases {
  /** A kind for which there is no runtime. @default swift:6 as long as this machine has no toolchain */
  unavailableKind?: string;
  /** Why an image cannot be had. @default that there is no Docker */
  noImage?: string;
}

const UNAVAILABLE = "missing" in processCommand("swift:6", runtimesFolder()) ? "swift:6" : "cobol:1";

/** What a user may expect of invocations, whatever the platform is made of. */
export function invocationCases(start: StartPlatform, { unavailableKind = UNAVAILABLE, noImage = "without Docker" }: InvocationCases = {}): void {
  let platform: TestedPlatform;
  let client: Client;

  beforeAll(async () => {
    platform = await start();
    client = platform.client();
  });

  afterAll(() => platform.dispose());

  concurrencyCases(() => client);

  describe("an action", () => {
    test("is invoked with its parameters, overlaid by the caller's, and gives its result", async () => {
      await client.putAction("greet", "function main({ greeting, name }) { return { text: `${greeting}, ${name}!` } }", {
        parameters: [
          { key: "greeting", value: "Hello" },
          { key: "name", value: "nobody" },
        ],
      });
      expect((await client.invoke("greet", { name: "Ada" })).body).toEqual({ text: "Hello, Ada!" });
    });

    test("invoked blocking answers with its whole record, which is kept with its logs", async () => {
      await client.putAction("talk", "function main() { console.log('out'); console.error('err'); return { ok: true } }");
      const { status, body } = await client.invoke("talk", {}, "blocking=true");
      expect(status).toBe(200);
      expect(body).toMatchObject({
        name: "talk",
        namespace: "guest",
        subject: "guest",
        version: "0.0.1",
        publish: false,
        logs: [],
        response: { status: "success", success: true, result: { ok: true } },
      });
      const record = await client.activation((body as { activationId: string }).activationId);
      expect(record.logs.map((line) => line.slice(line.indexOf("Z ") + 2)).sort()).toEqual(["stderr: err", "stdout: out"]);
      const annotations = Object.fromEntries(record.annotations.map(({ key, value }) => [key, value]));
      expect(annotations).toMatchObject({ path: "guest/talk", kind: "nodejs:24", timeout: false, limits: { timeout: 60000, memory: 256, logs: 10, concurrency: 1 } });
      expect(annotations.waitTime).toBeGreaterThanOrEqual(0);
    });

    test("invoked without waiting is answered 202 and recorded later", async () => {
      await client.putAction("later", "async function main() { return { done: true } }");
      const { status, body, headers } = await client.invoke("later", {}, "blocking=false");
      expect(status).toBe(202);
      const { activationId } = body as { activationId: string };
      expect(headers["x-openwhisk-activation-id"]).toBe(activationId);
      expect((await client.activation(activationId)).response.result).toEqual({ done: true });
    });

    test("that outlasts the caller's wait is answered 202 and recorded later", async () => {
      await client.putAction("slow", "const main = () => new Promise((done) => setTimeout(() => done({ slept: true }), 1500))\nexports.main = main");
      const { status, body } = await client.invoke("slow", {}, "blocking=true&timeout=300");
      expect(status).toBe(202);
      expect((await client.activation((body as { activationId: string }).activationId)).response.result).toEqual({ slept: true });
    });

    test("in Python runs", async () => {
      await client.putAction("python", "def main(args):\n    print('working')\n    return {'sum': sum(args['numbers'])}\n", { kind: "python:default" });
      expect((await client.invoke("python", { numbers: [1, 2, 3] })).body).toEqual({ sum: 6 });
    });

    test("that returns an error is answered 502 with it", async () => {
      await client.putAction("refuse", "function main() { return { error: 'no such thing' } }");
      const { status, body } = await client.invoke("refuse", {}, "blocking=true");
      expect(status).toBe(502);
      expect(body).toMatchObject({ response: { status: "application error", success: false, result: { error: "no such thing" } } });
    });

    test("that takes longer than its limit is ended, and its record says so", async () => {
      await client.putAction("stuck", "function main() { for (;;) {} }", { limits: { timeout: 500 } });
      const { status, body } = await client.invoke("stuck", {}, "blocking=true");
      expect(status).toBe(502);
      expect(body).toMatchObject({ response: { status: "action developer error", result: { error: "The action exceeded its time limits of 500 milliseconds." } } });
      await client.putAction("quick", "function main() { return {} }");
      expect((await client.invoke("quick")).status).toBe(200);
    });

    test("that ends its process is answered with an error, and the next call works", async () => {
      await client.putAction("exit", "function main({ exit }) { if (exit) process.exit(3); return { alive: true } }");
      const { status, body } = await client.invoke("exit", { exit: true }, "blocking=true");
      expect(status).toBe(502);
      expect(body).toMatchObject({ response: { status: "action developer error" } });
      expect((await client.invoke("exit")).body).toEqual({ alive: true });
    });

    test.each([
      ["throws", "function main() { throw new Error('mine') }", 502, "action developer error", "An error has occurred: Error: mine"],
      ["returns what is no object", "function main() { return 'text' }", 502, "action developer error", "The action did not return a dictionary or array."],
      ["ends its process while it is initialised", "process.exit(1)", 502, "action developer error", "The action did not initialize and exited unexpectedly."],
      ["has no code", "", 502, "action developer error", "Missing main/no code to execute."],
      ["has no main", "const other = 1", 502, "action developer error", /^Initialization has failed due to: /],
      ["is not JavaScript", "function main( {", 502, "action developer error", /^Initialization has failed due to: [^]*SyntaxError/],
      ["rejects", "const main = () => Promise.reject({ code: 1 })", 502, "application error", { code: 1 }],
      ["returns more than a megabyte", "const main = () => ({ text: 'a'.repeat(1048576) })", 502, "application error", /^The action produced a response that exceeded the allowed length: 1048587 > 1048576 bytes. The truncated response was: \{"text":"a+$/],
      ["returns nothing", "function main() {}", 200, "success", undefined],
    ])("that %s is answered with its class of failure and OpenWhisk's words for it", async (_, code, status, text, error) => {
      await client.putAction("fails", code);
      const answer = await client.invoke("fails", {}, "blocking=true");
      const result = error === undefined ? {} : { error: error instanceof RegExp ? (expect.stringMatching(error) as unknown) : error };
      expect([answer.status, answer.body.response]).toMatchObject([status, { status: text, success: status === 200, result }]);
      expect(answer.headers["x-openwhisk-activation-id"]).toBe(answer.body.activationId);
    });

    test("that takes more memory than it has is ended, and its record says so", async () => {
      const code = "function main({ fill }) { const kept = []; while (fill) kept.push(new Array(100000).fill(Math.random())); return {} }";
      await client.putAction("hungry", code, { limits: { memory: 128 } });
      const { status, body } = await client.invoke("hungry", { fill: true }, "blocking=true");
      expect(status).toBe(502);
      expect(body).toMatchObject({ response: { status: "action developer error", result: { error: "The action exhausted its memory and was aborted." } } });
      expect((await client.activation((body as { activationId: string }).activationId)).logs.at(-1)).toMatch(/Z +stderr: The action did not initialize or run as expected. Log data might be missing.$/);
      expect((await client.invoke("hungry")).status).toBe(200);
    });

    test("whose code is as large as may be runs in the least memory", async () => {
      await client.putAction("large", `function main() { return { ran: true } }${" ".repeat(47 * 1024 * 1024)}`, { limits: { memory: 128 } });
      expect((await client.invoke("large")).body).toEqual({ ran: true });
    });

    test("that takes too long to initialise is ended, and its record says so", async () => {
      await client.putAction("stuckAtOnce", "for (;;) {}", { limits: { timeout: 500 } });
      const { body } = await client.invoke("stuckAtOnce", {}, "blocking=true");
      expect(body).toMatchObject({ response: { status: "action developer error", result: { error: "The action exceeded its time limits of 500 milliseconds during initialization." } } });
      expect((body as ActivationRecord).annotations).toContainEqual({ key: "timeout", value: true });
    });

    test("that writes more than its limit of logs has the rest cut off, and a line that says so; with the limit 0 it has none", async () => {
      const code = "function main() { for (let i = 0; i < 1200; i++) console.log('x'.repeat(999)); return {} }";
      await client.putAction("wordy", code, { limits: { logs: 1 } });
      const record = await client.activation((await client.invoke("wordy", {}, "blocking=true")).body.activationId as string);
      expect(record.logs.at(-1)).toMatch(/^\S{30} stderr: Logs were truncated because the total bytes size exceeds the limit of 1048576 bytes.$/);
      expect(record.logs[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stdout: x{999}$/);
      expect(record.response.success).toBe(true);
      await client.putAction("wordy", code, { limits: { logs: 0 } });
      expect((await client.activation((await client.invoke("wordy", {}, "blocking=true")).body.activationId as string)).logs).toEqual([]);
    });

    test("finds in its environment who it is and how long it may run", async () => {
      await client.must("PUT", "packages/env?overwrite=true", {});
      await client.putAction("env/told", "function main() { return Object.fromEntries(Object.entries(process.env).filter(([key]) => key.startsWith('__OW_'))) }");
      const before = Date.now();
      const { headers, body } = await client.invoke("env/told");
      expect(body).toEqual({
        __OW_API_HOST: expect.stringMatching(/^http/),
        __OW_NAMESPACE: "guest",
        __OW_ACTION_NAME: "/guest/env/told",
        __OW_ACTION_VERSION: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        __OW_ACTIVATION_ID: headers["x-openwhisk-activation-id"],
        __OW_TRANSACTION_ID: expect.stringMatching(/^\w+$/),
        __OW_DEADLINE: expect.stringMatching(/^\d{13}$/),
      });
      const deadline = Number((body as { __OW_DEADLINE: string }).__OW_DEADLINE);
      expect(deadline).toBeGreaterThanOrEqual(before + 60_000);
      expect(deadline).toBeLessThanOrEqual(Date.now() + 60_000);
    });

    test("gets parameters of the initialisation in its environment, not as arguments", async () => {
      const parameters = [
        { key: "MODE", value: "plain", init: true },
        { key: "LIST", value: [1], init: true },
        { key: "n", value: 1 },
      ];
      await client.putAction("prepared", "function main(args) { return { args, mode: process.env.MODE, list: process.env.LIST } }", { parameters });
      expect((await client.invoke("prepared", { m: 2 })).body).toEqual({ args: { n: 1, m: 2 }, mode: "plain", list: "[1]" });
      expect((await client.invoke("prepared", { MODE: "sent" })).body).toEqual({ args: { n: 1 }, mode: "sent", list: "[1]" });
      expect((await client.invoke("prepared")).body).toEqual({ args: { n: 1 }, mode: "plain", list: "[1]" });
    });

    test("can ask for a collection of its garbage", async () => {
      await client.putAction("tidy", "function main() { return { gc: typeof global.gc } }");
      expect((await client.invoke("tidy")).body).toEqual({ gc: "function" });
    });

    test("is run by its new code from the moment of its update", async () => {
      await client.putAction("versioned", "function main() { return { version: 1 } }");
      expect((await client.invoke("versioned")).body).toEqual({ version: 1 });
      await client.putAction("versioned", "function main() { return { version: 2 } }");
      expect((await client.invoke("versioned")).body).toEqual({ version: 2 });
    });

    test("gets a key to the platform only if it asks for one, and that key works", async () => {
      const code = `async function main() {
        if (!process.env.__OW_API_KEY) return { key: false };
        const authorization = "Basic " + Buffer.from(process.env.__OW_API_KEY).toString("base64");
        const answer = await fetch(process.env.__OW_API_HOST + "/api/v1/namespaces", { headers: { authorization } });
        return { key: true, namespaces: await answer.json() };
      }`;
      await client.putAction("keyless", code);
      await client.putAction("keyed", code, { annotations: [{ key: "provide-api-key", value: true }] });
      expect((await client.invoke("keyless")).body).toEqual({ key: false });
      expect((await client.invoke("keyed")).body).toEqual({ key: true, namespaces: ["guest"] });
    });

    test("of an image that this machine cannot have fails as its developer's error, and its log says why", async () => {
      await client.must("PUT", "actions/boxed?overwrite=true", { exec: { kind: "blackbox", image: "me/box:1" } });
      const { status, body } = await client.invoke("boxed", {}, "blocking=true");
      expect([status, body]).toMatchObject([502, { response: { status: "action developer error", result: { error: "Failed to pull container image 'me/box:1'." } } }]);
      expect((await client.activation((body as ActivationRecord).activationId)).logs).toEqual([expect.stringContaining(noImage)]);
    });

    test("of a kind that this machine cannot run is refused, and the answer says why", async () => {
      const { status, body } = await client.call("PUT", "actions/swift", { exec: { kind: unavailableKind, code: "func main(args: [String:Any]) -> [String:Any] { args }" } });
      expect(status).toBe(400);
      expect((body as { error: string }).error).toContain(unavailableKind);
    });
  });

  describe("a sequence", () => {
    beforeAll(async () => {
      await client.putAction("double", "function main({ n }) { return { n: n * 2 } }");
      await client.putAction("increment", "function main({ n }) { return { n: n + 1 } }");
      await client.must("PUT", "actions/chain?overwrite=true", { exec: { kind: "sequence", components: ["/_/double", "/_/increment", "/_/double"] } });
    });

    test("hands the result of each action to the next", async () => {
      expect((await client.invoke("chain", { n: 5 })).body).toEqual({ n: 22 });
    });

    test("is recorded with the ids of its steps as its logs, each of which names it as its cause", async () => {
      const { body } = await client.invoke("chain", { n: 1 }, "blocking=true");
      const record = await client.activation((body as { activationId: string }).activationId);
      expect(record.logs).toHaveLength(3);
      const steps = await Promise.all(record.logs.map((id) => client.activation(id)));
      expect(steps.map(({ name, cause }) => [name, cause])).toEqual(["double", "increment", "double"].map((name) => [name, record.activationId]));
    });

    test("runs with what it is called with, though that is called an error, and hands on arrays", async () => {
      await client.putAction("list", "function main(args) { return [args.error, 2] }");
      await client.putAction("reverse", "function main(list) { return list.reverse() }");
      await client.must("PUT", "actions/arrays?overwrite=true", { exec: { kind: "sequence", components: ["/_/list", "/_/reverse"] } });
      const { status, body } = await client.invoke("arrays", { error: "not mine" }, "blocking=true");
      expect([status, body]).toEqual([200, [2, "not mine"]]);
    });

    test("ends at the first action that fails", async () => {
      await client.putAction("fail", "function main() { return { error: 'stop here' } }");
      await client.must("PUT", "actions/broken?overwrite=true", { exec: { kind: "sequence", components: ["/_/double", "/_/fail", "/_/double"] } });
      const { body } = await client.invoke("broken", { n: 1 }, "blocking=true");
      expect(body).toMatchObject({ response: { status: "application error", result: { error: "stop here" } } });
      expect((await client.activation((body as { activationId: string }).activationId)).logs).toHaveLength(2);
    });
  });

  test("a package's parameters reach its actions, whose own win", async () => {
    await client.must("PUT", "packages/tools?overwrite=true", {
      parameters: [
        { key: "unit", value: "km" },
        { key: "digits", value: 1 },
      ],
    });
    await client.putAction("tools/format", "function main({ unit, digits, value }) { return { text: value.toFixed(digits) + ' ' + unit } }", { parameters: [{ key: "digits", value: 2 }] });
    expect((await client.invoke("tools/format", { value: 3.14159 })).body).toEqual({ text: "3.14 km" });
  });

  test("a fired trigger runs the action of each active rule with its own and the fire's parameters", async () => {
    await client.putAction("note", "function main(params) { return { noted: params } }");
    await client.must("PUT", "triggers/visit?overwrite=true", { parameters: [{ key: "site", value: "home" }] });
    for (const rule of ["first", "second", "third"]) await client.must("PUT", `rules/${rule}?overwrite=true`, { trigger: "/_/visit", action: "/_/note" });
    await client.must("POST", "rules/third", { status: "inactive" });
    const { status, body } = await client.call("POST", "triggers/visit", { visitor: "Ada" });
    expect(status).toBe(202);
    const fire = await client.activation((body as { activationId: string }).activationId);
    const lines = fire.logs.map((line) => JSON.parse(line) as { rule: string; success: boolean; activationId: string });
    expect(lines.map(({ rule, success }) => [rule, success]).sort()).toEqual([["guest/first", true], ["guest/second", true], ["guest/third", false]]);
    const outcomes = lines.filter(({ success }) => success);
    for (const { activationId } of outcomes) {
      expect((await client.activation(activationId)).response.result).toEqual({ noted: { site: "home", visitor: "Ada", __ow_headers: expect.objectContaining({ "content-type": "application/json" }) } });
    }
  });

  test("a web action answers plain HTTP with status, headers and body", async () => {
    await client.putAction("page", "function main({ name }) { return { statusCode: 201, headers: { 'x-made-by': 'page' }, body: `<h1>${name}</h1>` } }", {
      annotations: [{ key: "web-export", value: true }],
    });
    const answer = await request(`${platform.apiHost}/api/v1/web/guest/default/page?name=Ada`);
    expect([answer.statusCode, answer.headers["x-made-by"], answer.headers["content-type"], await answer.body.text()]).toEqual([201, "page", "text/html; charset=UTF-8", "<h1>Ada</h1>"]);
    const hidden = await request(`${platform.apiHost}/api/v1/web/guest/default/greet`);
    expect(hidden.statusCode).toBe(404);
    await hidden.body.dump();
  });
}
