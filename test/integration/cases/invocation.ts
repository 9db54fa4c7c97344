import { request } from "undici";
import type { Client } from "../../support/client";
import type { StartPlatform, TestedPlatform } from "./platform";

/** What a user may expect of invocations, whatever the platform is made of. */
export function invocationCases(start: StartPlatform): void {
  let platform: TestedPlatform;
  let client: Client;

  beforeAll(async () => {
    platform = await start();
    client = platform.client();
  });

  afterAll(() => platform.dispose());

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

    test("of a kind that this machine cannot run is refused, and the answer says why", async () => {
      const { status, body } = await client.call("PUT", "actions/swift", { exec: { kind: "swift:6", code: "func main(args: [String:Any]) -> [String:Any] { args }" } });
      expect(status).toBe(400);
      expect((body as { error: string }).error).toMatch(/swift:6/);
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
