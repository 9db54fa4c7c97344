import { gzipSync } from "node:zlib";
import { effectiveLimits, limitsView, UNLIMITED } from "../../core/model/namespaceLimits";
import { CODE, expectRefusal, Harness, OTHER } from "../testing/harness";

const NO_LIMIT = 2_147_483_647;

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const JSON_TYPE = { "content-type": "application/json" };

const sendPacked = (path: string, text: string) =>
  api
    .send("post", path, undefined, { headers: { ...JSON_TYPE, "content-encoding": "gzip" } })
    .serialize((body) => body as string)
    .send(gzipSync(text));

/** Without a word on its length. */
const sendChunked = (path: string, text: string) => {
  const request = api.send("post", path, undefined, { headers: JSON_TYPE });
  request.write(text);
  return request;
};

describe("the limits of a namespace", () => {
  test("are the platform's where it has none of its own", async () => {
    for (const path of ["limits", "limits/", "/api/v1/namespaces/guest/limits"]) {
      const response = await api.get(path);
      expect([response.status, response.body]).toEqual([200, limitsView(effectiveLimits(UNLIMITED))]);
    }
  });

  test("are its own where it has them", async () => {
    await api.limit("guest", { invocationsPerMinute: 100, concurrentInvocations: 200, firesPerMinute: 300, allowedKinds: ["java:8"], storeActivations: false, maxActionMemory: 200, minActionTimeout: 10_000 });
    expect((await api.get("limits")).body).toMatchObject({ invocationsPerMinute: 100, concurrentInvocations: 200, firesPerMinute: 300, maxActionInstances: 200, allowedKinds: ["java:8"], storeActivations: false, maxActionMemory: 200, minActionTimeout: 10_000 });
    expect((await api.get("limits", OTHER)).body).toMatchObject({ invocationsPerMinute: NO_LIMIT });
  });

  test("are its own matter, can only be read, and not one by one", async () => {
    expectRefusal(await api.get("/api/v1/namespaces/other/limits"), 403);
    for (const method of ["put", "post", "delete"] as const) {
      expectRefusal(await api.send(method, "limits", {}), 405);
      expectRefusal(await api.send(method, "limits/one", {}), 405);
    }
    expectRefusal(await api.get("limits/one"), 400, "Inner entity level routes for limits are not yet implemented.");
  });
});

describe("more than a namespace may ask is answered 429", () => {
  beforeEach(() => api.have(["actions/a", CODE], ["actions/s", { exec: { kind: "sequence", components: ["/_/a", "/_/a"] } }], ["triggers/t", {}]));

  test("each request to invoke counts, also for what is not there; a sequence once", async () => {
    await api.limit("guest", { invocationsPerMinute: 3 });
    expect((await api.post("actions/a?blocking=true", {})).status).toBe(200);
    expect((await api.post("actions/s?blocking=true", {})).status).toBe(200);
    expectRefusal(await api.post("actions/none", {}), 404);
    expectRefusal(await api.post("actions/a", {}), 429, "Too many requests in the last minute (count: 4, allowed: 3).");
    expectRefusal(await api.post("actions/none", {}), 429, "Too many requests in the last minute (count: 5, allowed: 3).");
    expectRefusal(await api.post("actions/none/a", {}), 429, "Too many requests in the last minute (count: 6, allowed: 3).");
  });

  test("another namespace is not concerned, and a minute later all is well", async () => {
    await api.limit("guest", { invocationsPerMinute: 1 });
    expect((await api.post("actions/a", {})).status).toBe(202);
    expectRefusal(await api.post("actions/a", {}), 429);
    await api.have(["actions/a", CODE, OTHER]);
    expect((await api.post("actions/a", {}, OTHER)).status).toBe(202);
    api.world.time += 60_000;
    expect((await api.post("actions/a", {})).status).toBe(202);
  });

  test("fires count by themselves, also where no rule is active", async () => {
    await api.limit("guest", { firesPerMinute: 1, invocationsPerMinute: 0 });
    expect((await api.post("triggers/t", {})).status).toBe(204);
    expectRefusal(await api.post("triggers/t", {}), 429, "Too many requests in the last minute (count: 2, allowed: 1).");
  });

  test("limits of 0 allow nothing, and the rate is told before what is under way", async () => {
    await api.limit("guest", { firesPerMinute: 0, invocationsPerMinute: 0, concurrentInvocations: 0 });
    expectRefusal(await api.post("triggers/t", {}), 429, "Too many requests in the last minute (count: 1, allowed: 0).");
    expectRefusal(await api.post("actions/a", {}), 429, "Too many requests in the last minute (count: 1, allowed: 0).");
    await api.limit("guest", { concurrentInvocations: 0 });
    expectRefusal(await api.post("actions/a", {}), 429, "Too many concurrent requests in flight (count: 0, allowed: 0).");
  });

  test("what rules invoke counts: beyond the limit the trigger's record says so", async () => {
    await api.have(["actions/b", CODE], ["rules/r1", { trigger: "/_/t", action: "/_/a" }], ["rules/r2", { trigger: "/_/t", action: "/_/b" }]);
    await api.limit("guest", { invocationsPerMinute: 1 });
    const fired = await api.post("triggers/t", {});
    expect(fired.status).toBe(202);
    expect(await api.world.log.deliver()).toEqual([]);
    const { activationId } = fired.body as { activationId: string };
    const lines = ((await api.get(`activations/${activationId}`)).body as { logs: string[] }).logs.map((line) => JSON.parse(line) as { success: boolean; error?: string });
    expect(lines.map(({ success, error }) => [success, error])).toEqual(
      expect.arrayContaining([
        [true, undefined],
        [false, "Too many requests in the last minute (count: 2, allowed: 1)."],
      ]),
    );
  });

  test("web actions count for their owner", async () => {
    await api.have(["actions/w", { ...CODE, annotations: [{ key: "web-export", value: true }] }]);
    await api.limit("guest", { invocationsPerMinute: 1 });
    const call = () => api.get("/api/v1/web/guest/default/w.json", { as: null });
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(429);
  });
});

describe("what a namespace's actions may be", () => {
  test("is bounded by its limits, within those of the platform", async () => {
    await api.limit("guest", { maxActionMemory: 200, minActionTimeout: 10_000 });
    expectRefusal(await api.put("actions/a", { ...CODE, limits: { memory: 256 } }), 400, "memory size 256 MB exceeds allowed threshold of 200 MB");
    expectRefusal(await api.put("actions/a", { ...CODE, limits: { timeout: 5_000 } }), 400, "duration 5000 milliseconds below allowed threshold of 10000 milliseconds");
    expect((await api.put("actions/a", { ...CODE, limits: { memory: 200, timeout: 10_000 } })).status).toBe(200);
    expectRefusal(await api.put("actions/b", { ...CODE, limits: { memory: 1024 } }, OTHER), 400, "memory size 1024 MB exceeds allowed threshold of 512 MB");
  });

  test("is of the kinds that it may have", async () => {
    await api.limit("guest", { allowedKinds: ["java:8"] });
    expectRefusal(await api.put("actions/a", CODE), 403, "The supplied authentication is not authorized to access actions of kind 'nodejs:24'.");
    await api.limit("guest", { allowedKinds: ["nodejs:24"] });
    expect((await api.put("actions/a", CODE)).status).toBe(200);
  });

  test("has parameters and gets payloads of its sizes", async () => {
    await api.have(["actions/a", CODE], ["triggers/t", {}]);
    await api.limit("guest", { maxParameterSize: 10, maxPayloadSize: 20 });
    const parameters = [{ key: "long", value: "x".repeat(20) }];
    for (const [path, body] of [["actions/b", { ...CODE, parameters }], ["triggers/u", { parameters }], ["packages/p", { parameters }]] as const) {
      expectRefusal(await api.put(path, body), 413, "parameters larger than allowed: 26 > 10 bytes.");
    }
    for (const path of ["actions/a", "triggers/t"]) expectRefusal(await api.post(path, { long: "x".repeat(20) }), 413, "Request larger than allowed: 31 > 20 bytes.");
    expect((await api.post("actions/a", { short: 1 })).status).toBe(202);
  });

  test("gets payloads of its size also where they do not say how large they are, or are larger than they say", async () => {
    await api.have(["actions/a", CODE], ["triggers/t", {}]);
    await api.limit("guest", { maxPayloadSize: 100 });
    const text = JSON.stringify({ long: "x".repeat(200) });
    for (const send of [sendPacked, sendChunked]) {
      for (const path of ["actions/a", "triggers/t"]) expectRefusal(await send(path, text), 413, "Request larger than allowed: 211 > 100 bytes.");
      expect((await send("actions/a", '{"short": 1}')).status).toBe(202);
    }
  });
});

test("activations of a namespace that does not want them stored are shown to nobody", async () => {
  await api.have(["actions/a", CODE]);
  const invoked = await api.post("actions/a?blocking=true", {});
  const { activationId } = invoked.body as { activationId: string };
  expect((await api.get(`activations/${activationId}`)).status).toBe(200);
  await api.limit("guest", { storeActivations: false });
  for (const path of ["", "/logs", "/result"]) expectRefusal(await api.get(`activations/${activationId}${path}`), 404);
  expect((await api.get("activations")).body).toEqual([]);
  expect((await api.get("activations?count=true")).body).toEqual({ activations: 0 });
  expect((await api.post("actions/a?blocking=true", { b: 1 })).body).toMatchObject({ response: { result: { b: 1 } } });
});
