import { randomBytes } from "node:crypto";
import openwhisk from "openwhisk";
import type { TestedPlatform } from "./platform";

const HEX = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
const GREET = "function main({ name = 'nobody' }) { console.log('greeting', name); return { text: 'Hello, ' + name } }";

/** What a feed action answers: what it was asked. */
const FEED = "function main({ lifecycleEvent, triggerName, authKey, ...rest }) { return { lifecycleEvent, triggerName, key: typeof authKey, rest } }";

/** Every method of the npm package `openwhisk` but those of the API gateway. Its type declarations lack some of them. */
export function officialClientCases(platform: () => TestedPlatform): void {
  const unique = (name: string) => `${name}-${randomBytes(4).toString("hex")}`;
  const connect = (more: object = {}) => openwhisk({ apihost: platform().apiHost, api_key: platform().auth, ...more });
  let client: openwhisk.Client;

  beforeAll(() => {
    client = connect();
  });

  const record = (activationId: string) => platform().client().activation(activationId);

  describe("actions", () => {
    test("are made, got, changed, listed, counted and deleted", async () => {
      const name = unique("action");
      expect(await client.actions.create({ name, action: GREET, params: { name: "Ada" }, annotations: { note: 1 }, limits: { timeout: 10_000 }, version: "1.0.0" })).toMatchObject({
        name,
        version: "1.0.0",
        parameters: [{ key: "name", value: "Ada" }],
        annotations: expect.arrayContaining([{ key: "note", value: 1 }]) as unknown,
        limits: { timeout: 10_000 },
      });
      expect(await client.actions.get(name)).toMatchObject({ exec: { code: GREET } });
      expect((await client.actions.get({ name, code: false } as { name: string })).exec).not.toHaveProperty("code");
      expect(await client.actions.get([name, { name }])).toHaveLength(2);
      expect(await client.actions.update({ name, annotations: { more: 2 } })).toMatchObject({ version: "1.0.1", exec: { code: GREET } });
      expect((await client.actions.list({ limit: 200 })).map((each) => each.name)).toContain(name);
      expect(await client.actions.list({ count: true })).toEqual({ actions: expect.any(Number) as number });
      expect(await client.actions.delete(name)).toMatchObject({ name });
      await expect(client.actions.get(name)).rejects.toMatchObject({ statusCode: 404, error: { error: "The requested resource does not exist." } });
    });

    test("are not made twice unless they may be overwritten", async () => {
      const name = unique("action");
      await client.actions.create({ name, action: GREET });
      await expect(client.actions.create({ name, action: GREET })).rejects.toMatchObject({ statusCode: 409, error: { error: "resource already exists" } });
      expect(await client.actions.create({ name, action: GREET, overwrite: true })).toMatchObject({ version: "0.0.2" });
    });

    test("are made of a zip file", async () => {
      const name = unique("zip");
      const zip = Buffer.from("PK\u0003\u0004rest", "latin1");
      expect(await client.actions.create({ name, action: zip, kind: "nodejs:default" })).toMatchObject({ exec: { binary: true, code: zip.toString("base64") } });
    });

    test("are made of a whole description", async () => {
      const name = unique("whole");
      const action = { exec: { kind: "nodejs:default", code: GREET, main: "main" }, parameters: [{ key: "name", value: "Grace" }] };
      await client.actions.create({ name, action });
      expect(await client.actions.invoke({ name, blocking: true, result: true })).toEqual({ text: "Hello, Grace" });
    });

    test("are invoked in all ways", async () => {
      const name = unique("invoked");
      await client.actions.create({ name, action: GREET });
      expect(await client.actions.invoke(name)).toEqual({ activationId: HEX });
      expect(await client.actions.invoke({ name, blocking: true, params: { name: "Ada" } })).toMatchObject({ activationId: HEX, response: { success: true, result: { text: "Hello, Ada" } } });
      expect(await client.actions.invoke({ name, blocking: true, result: true, params: { name: "Ada" } })).toEqual({ text: "Hello, Ada" });
      expect(await client.actions.invoke([name, { name: `/_/${name}` }])).toEqual([{ activationId: HEX }, { activationId: HEX }]);
    });

    test("that fail reject with the record", async () => {
      const name = unique("failing");
      await client.actions.create({ name, action: "function main() { return { error: 'mine' } }" });
      await expect(client.actions.invoke({ name, blocking: true })).rejects.toMatchObject({ statusCode: 502, error: { response: { status: "application error", result: { error: "mine" } } } });
    });

    test("that are sequences run", async () => {
      const [step, sequence] = [unique("step"), unique("sequence")];
      await client.actions.create({ name: step, action: "function main({ n }) { return { n: n + 1 } }" });
      await client.actions.create({ name: sequence, sequence: [`/_/${step}`, `/_/${step}`] } as unknown as Parameters<typeof client.actions.create>[0]);
      expect(await client.actions.invoke({ name: sequence, blocking: true, result: true, params: { n: 1 } })).toEqual({ n: 3 });
    });
  });

  test("activations are listed, counted and got, with result and logs", async () => {
    const name = unique("activated");
    await client.actions.create({ name, action: GREET });
    const { activationId, start } = await client.actions.invoke({ name, blocking: true, params: { name: "Ada" } });
    await record(activationId);
    expect(await client.activations.list({ name, since: start, upto: start })).toEqual([expect.objectContaining({ activationId, name })]);
    expect(await client.activations.list({ name, docs: true, limit: 1, skip: 0 })).toEqual([expect.objectContaining({ activationId, logs: [expect.stringContaining("greeting Ada")] })]);
    expect(await client.activations.list({ name, count: true })).toEqual({ activations: 1 });
    expect(await client.activations.get(activationId)).toMatchObject({ activationId, response: { result: { text: "Hello, Ada" } } });
    expect(await client.activations.result({ name: activationId })).toMatchObject({ success: true, status: "success", result: { text: "Hello, Ada" } });
    expect(await client.activations.logs({ name: activationId })).toEqual({ logs: [expect.stringContaining("greeting Ada")] });
    await expect(client.activations.get("0".repeat(32))).rejects.toMatchObject({ statusCode: 404 });
  });

  test("the namespace is listed and shown with what is in it", async () => {
    const name = unique("shown");
    await client.packages.create({ name });
    expect(await client.namespaces.list()).toEqual([expect.any(String)]);
    const shown = await client.namespaces.get("_");
    expect(Object.keys(shown).sort()).toEqual(["actions", "packages", "rules", "triggers"]);
    expect(shown.packages!.map((each) => each.name)).toContain(name);
  });

  test("packages are made, bound, got, changed, listed and deleted", async () => {
    const [name, binding] = [unique("package"), unique("binding")];
    await client.packages.create({ name, package: { parameters: [{ key: "p", value: "P" }], publish: true } });
    await client.actions.create({ name: `${name}/act`, action: "function main(args) { return args }" });
    expect(await client.packages.create({ name: binding, package: { binding: { namespace: "_", name }, parameters: [{ key: "b", value: "B" }] } })).toMatchObject({ binding: { name } });
    expect(await client.packages.get(name)).toMatchObject({ name, publish: true, actions: [expect.objectContaining({ name: "act" })] });
    expect(await client.actions.invoke({ name: `${binding}/act`, blocking: true, result: true, params: { a: 1 } })).toEqual({ a: 1, b: "B", p: "P" });
    expect(await client.packages.update({ name, package: { parameters: [{ key: "p", value: "Q" }] } })).toMatchObject({ version: "0.0.2" });
    expect((await client.packages.list({ limit: 200 })).map((each) => each.name)).toEqual(expect.arrayContaining([name, binding]));
    expect(await client.packages.list({ count: true })).toEqual({ packages: expect.any(Number) as number });
    await expect(client.packages.delete(name)).rejects.toMatchObject({ statusCode: 409 });
    await client.actions.delete(`${name}/act`);
    expect(await client.packages.delete([binding, name])).toHaveLength(2);
  });

  test("triggers and rules are made, fired, enabled, disabled, listed and deleted", async () => {
    const [action, trigger, rule] = [unique("action"), unique("trigger"), unique("rule")];
    await client.actions.create({ name: action, action: GREET });
    expect(await client.triggers.create({ name: trigger, trigger: { parameters: [{ key: "name", value: "Ada" }] } })).toMatchObject({ name: trigger });
    expect(await client.triggers.invoke({ name: trigger })).not.toHaveProperty("activationId");
    expect(await client.rules.create({ name: rule, action, trigger })).toMatchObject({ status: "active", trigger: { name: trigger }, action: { name: action } });
    const { activationId } = await client.triggers.invoke({ name: trigger, params: { name: "Grace" } });
    const outcome = JSON.parse((await record(activationId)).logs[0]!) as { activationId: string; success: boolean };
    expect([outcome.success, (await record(outcome.activationId)).response.result]).toEqual([true, { text: "Hello, Grace" }]);
    await client.rules.disable({ name: rule });
    expect(await client.rules.get(rule)).toMatchObject({ status: "inactive" });
    await client.rules.enable({ name: rule });
    expect(await client.rules.get(rule)).toMatchObject({ status: "active" });
    expect(await client.rules.update({ name: rule, action, trigger })).toMatchObject({ version: "0.0.2", status: "active" });
    expect((await client.triggers.get(trigger)).rules).toBeDefined();
    expect(await client.triggers.update({ name: trigger, trigger: { parameters: [] } })).toMatchObject({ version: "0.0.2" });
    expect((await client.rules.list({ limit: 200 })).map((each) => each.name)).toContain(rule);
    expect((await client.triggers.list({ limit: 200 })).map((each) => each.name)).toContain(trigger);
    expect([await client.rules.list({ count: true }), await client.triggers.list({ count: true })]).toEqual([{ rules: expect.any(Number) as number }, { triggers: expect.any(Number) as number }]);
    expect(await client.rules.delete(rule)).toMatchObject({ name: rule });
    expect(await client.triggers.delete(trigger)).toMatchObject({ name: trigger });
    await expect(client.triggers.invoke(trigger)).rejects.toMatchObject({ statusCode: 404 });
  });

  test("feeds are told each event of their life", async () => {
    const feed = unique("feed");
    await client.actions.create({ name: feed, action: FEED, annotations: { feed: true } });
    const feeds = client.feeds as unknown as Record<"create" | "get" | "update" | "delete", (options: object) => Promise<{ response: { result: unknown } }>>;
    for (const [method, lifecycleEvent] of [["create", "CREATE"], ["get", "READ"], ["update", "UPDATE"], ["delete", "DELETE"]] as const) {
      const { response } = await feeds[method]({ name: feed, trigger: "tick", params: { cron: "*" } });
      expect(response.result).toEqual({ lifecycleEvent, triggerName: "/_/tick", key: "string", rest: { cron: "*" } });
    }
  });

  test("an error has the status, and the message of the platform", async () => {
    await expect(client.triggers.get(unique("none"))).rejects.toThrow(/404.*The requested resource does not exist\./);
    await expect(connect({ api_key: "23bc46b1-0000-4ed5-8c54-816aa4f8c502:no" }).actions.list()).rejects.toMatchObject({ statusCode: 401 });
    await expect(connect({ namespace: "not-mine" }).actions.list()).rejects.toMatchObject({ statusCode: 403 });
  });

  test("within an action it needs no settings", async () => {
    const name = unique("inside");
    // The runtime has no packages of its own: what the client does with the environment is done by hand.
    await client.actions.create({
      name,
      action: `async function main() {
        const { __OW_API_HOST, __OW_API_KEY } = process.env;
        const answer = await fetch(__OW_API_HOST + "/api/v1/namespaces/_/actions?limit=1", { headers: { authorization: "Basic " + Buffer.from(__OW_API_KEY).toString("base64") } });
        return { status: answer.status };
      }`,
      annotations: { "provide-api-key": true },
    });
    expect(await client.actions.invoke({ name, blocking: true, result: true })).toEqual({ status: 200 });
  });
}
