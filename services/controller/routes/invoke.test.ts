import { WhiskError } from "../../core/errors";
import { mintActivationKey } from "../../core/keys";
import { applicationError, developerError, internalError, success } from "../../core/model/activation";
import { identityOf } from "../../core/testing/fixtures";
import { CODE, expectRefusal, Harness, OTHER, OVERWRITE, PLATFORM_SECRET } from "../testing/harness";

let api: Harness;
beforeEach(async () => {
  api = await Harness.start();
  await api.have(["actions/hello", { ...CODE, parameters: [{ key: "greeting", value: "Hi" }] }]);
});
afterEach(() => api.close());

const BLOCKING = { blocking: true };
const invoke = (body?: unknown, query: Record<string, string | boolean | number> = BLOCKING) => api.post("actions/hello", body, { query });

describe("a blocking invocation", () => {
  test("answers 200 with the record, without logs, and with its id as a header", async () => {
    const response = await invoke({ name: "Ann" });
    const [run] = api.world.invoker.ran;
    expect(response.status).toBe(200);
    expect(response.headers["x-openwhisk-activation-id"]).toBe(run!.activationId);
    expect(response.body).toEqual({
      activationId: run!.activationId,
      namespace: "guest",
      name: "hello",
      version: "0.0.1",
      subject: "subject-of-guest",
      publish: false,
      start: expect.any(Number),
      end: expect.any(Number),
      duration: 10,
      logs: [],
      annotations: expect.arrayContaining([{ key: "path", value: "guest/hello" }]),
      response: { status: "success", success: true, result: { greeting: "Hi", name: "Ann" } },
    });
    expect(run!.transactionId).toBe(response.headers["x-request-id"]);
  });

  test("with result answers with the result alone", async () => {
    const response = await invoke({ name: "Ann" }, { ...BLOCKING, result: true });
    expect([response.status, response.body]).toEqual([200, { greeting: "Hi", name: "Ann" }]);
  });

  test("answers with a result that is an array alone, asked or not", async () => {
    api.world.invoker.code.set("guest/hello", () => success([1, "two"]));
    expect((await invoke()).body).toEqual([1, "two"]);
  });

  test.each([
    [applicationError("no"), 502, "application error"],
    [developerError("broken"), 502, "action developer error"],
    [internalError("lost"), 500, "whisk internal error"],
  ])("of an action that ends in %j answers %d", async (response, status, text) => {
    api.world.invoker.code.set("guest/hello", () => response);
    const whole = await invoke();
    expect([whole.status, whole.body.response]).toEqual([status, { result: response.result, status: text, success: false }]);
    const result = await invoke({}, { ...BLOCKING, result: true });
    expect([result.status, result.body]).toEqual([status, response.result]);
  });

  test("that takes longer than its timeout answers 202, and its record appears later", async () => {
    let end!: () => void;
    api.world.invoker.code.set("guest/hello", () => new Promise((resolve) => (end = () => resolve(success("late")))));
    const response = await invoke({}, { ...BLOCKING, timeout: 1 });
    const { activationId } = response.body as { activationId: string };
    expect([response.status, response.body]).toEqual([202, { activationId: response.headers["x-openwhisk-activation-id"] }]);
    expectRefusal(await api.get(`activations/${activationId}`), 404);
    end();
    await api.world.owner.drained();
    expect((await api.get(`activations/${activationId}`)).body.response.result).toBe("late");
  });

  test.each(["0", "-1", "60001", "abc", "1.5", ""])("with the timeout %j is refused", async (timeout) => {
    expectRefusal(await invoke({}, { ...BLOCKING, timeout }), 400, "The query parameter 'timeout' was malformed:\nTimeout must be number of milliseconds up to 60000.");
  });

  test("without a body, or with an empty one, has the declared parameters", async () => {
    expect((await invoke(undefined, { ...BLOCKING, result: true })).body).toEqual({ greeting: "Hi" });
    const empty = await api.post("actions/hello", undefined, { query: { ...BLOCKING, result: true }, headers: { "content-length": "0", "content-type": "application/json" } });
    expect(empty.body).toEqual({ greeting: "Hi" });
  });

  test("for which there is no room is refused as the lane says", async () => {
    api.world.invoker.refuse = () => {
      throw new WhiskError(429, "Too many concurrent requests in flight.");
    };
    expectRefusal(await invoke(), 429, "Too many concurrent requests in flight.");
  });

  test("in which something breaks is answered 500 without telling what, and logged", async () => {
    api.world.invoker.refuse = () => {
      throw new TypeError("secret details");
    };
    expectRefusal(await invoke(), 500, "There was an internal server error.");
    expect(api.world.logged).toEqual(["a request failed"]);
  });

  test("keeps a key __proto__ as a parameter", async () => {
    const response = await api.send("post", "actions/hello", undefined, { query: { ...BLOCKING, result: true } }).type("json").send('{"__proto__": {"a": 1}}');
    expect(response.text).toBe('{"greeting":"Hi","__proto__":{"a":1}}');
  });

  test("may not override the parameters of an action that is final, whatever their values", async () => {
    await api.have(["actions/closed", { ...CODE, annotations: [{ key: "final", value: true }], parameters: [{ key: "off", value: false }, { key: "open", value: null }] }]);
    expectRefusal(await api.post("actions/closed", { off: true }, { query: BLOCKING }), 400, "Request defines parameters that are not allowed (e.g., reserved properties).");
    expect((await api.post("actions/closed", { open: 1, more: 2 }, { query: { ...BLOCKING, result: true } })).body).toEqual({ off: false, open: 1, more: 2 });
  });

  test("through a binding runs for the caller, with the binding's parameters", async () => {
    await api.have(
      ["packages/shared", { publish: true, parameters: [{ key: "a", value: "theirs" }] }, OTHER],
      ["actions/shared/tool", CODE, OTHER],
      ["packages/mine", { binding: { namespace: "other", name: "shared" }, parameters: [{ key: "a", value: "mine" }] }],
    );
    expect((await api.post("actions/mine/tool", {}, { query: { ...BLOCKING, result: true } })).body).toEqual({ a: "mine" });
    expect(api.world.invoker.ran[0]).toMatchObject({ invoker: { namespace: "guest" }, action: { path: "other/shared/tool" }, annotations: [{ key: "binding", value: "guest/mine" }] });
  });

  test("of a sequence answers with its record", async () => {
    await api.have(["actions/both", { exec: { kind: "sequence", components: ["/_/hello", "/_/hello"] } }]);
    const { body } = await api.post("actions/both", { x: 1 }, { query: BLOCKING });
    expect(body).toMatchObject({ name: "both", response: { result: { greeting: "Hi", x: 1 } }, logs: [expect.any(String), expect.any(String)] });
    expect((await api.get(`activations/${body.activationId}`)).body.logs).toEqual(body.logs);
  });

  test("of a conductor runs its composition, and answers with its record", async () => {
    await api.have(["actions/conduct", { ...CODE, annotations: [{ key: "conductor", value: true }] }]);
    api.world.invoker.code.set("guest/conduct", ({ args }) => success("greeting" in args ? { params: args } : { action: "hello" }));
    const { status, body } = await api.post("actions/conduct", {}, { query: BLOCKING });
    expect([status, body]).toMatchObject([200, { name: "conduct", response: { result: { greeting: "Hi" } }, logs: { length: 3 } }]);
    expect(body.annotations).toEqual(expect.arrayContaining([{ key: "conductor", value: true }, { key: "kind", value: "sequence" }, { key: "topmost", value: true }]));
    expect((await api.post("actions/conduct", {}, { query: { ...BLOCKING, result: true } })).body).toEqual({ greeting: "Hi" });
  });

  test("gives what is sent for a parameter of the initialisation to that", async () => {
    await api.have(["actions/prepared", { ...CODE, parameters: [{ key: "MODE", value: "plain", init: true }, { key: "n", value: 1 }] }]);
    expect((await api.post("actions/prepared", { MODE: "sent", m: 2 }, { query: { ...BLOCKING, result: true } })).body).toEqual({ n: 1, m: 2 });
    await api.post("actions/prepared", {}, { query: BLOCKING });
    expect(api.world.invoker.ran.map(({ env }) => env)).toEqual([{ MODE: "sent" }, { MODE: "plain" }]);
  });

  test.each([["[1]"], ["5"], ["null"], ['"text"']])("with the payload %s, which is no object, is refused", async (payload) => {
    expectRefusal(await api.send("post", "actions/hello", undefined, { query: BLOCKING }).type("json").send(payload), 400, "The request content was malformed:\nJSON object expected");
  });

  test("that is malformed is refused as such, whether its action exists or not; but after whether the caller may call at all", async () => {
    await api.have(["packages/p", {}], ["packages/private", {}, OTHER]);
    const call = (path: string) => api.post(path, {}, { query: { timeout: "soon" } });
    const malformed = "The query parameter 'timeout' was malformed:\nTimeout must be number of milliseconds up to 60000.";
    expectRefusal(await call("actions/absent"), 400, malformed);
    expectRefusal(await call("actions/p/absent"), 400, malformed);
    expectRefusal(await call("actions/nowhere/absent"), 404);
    expectRefusal(await call("/api/v1/namespaces/other/actions/hello"), 403);
    expectRefusal(await call("/api/v1/namespaces/other/actions/private/hello"), 403);
  });

  test("with the key of an activation is allowed until it expires", async () => {
    const key = mintActivationKey(PLATFORM_SECRET, identityOf("guest").uuid, "0".repeat(32), api.world.time + 1_000);
    const call = () => api.post("actions/hello", {}, { as: null, query: BLOCKING, headers: { authorization: `Basic ${Buffer.from(key).toString("base64")}` } });
    expect((await call()).status).toBe(200);
    api.world.time += 1_000;
    expectRefusal(await call(), 401, "The supplied authentication is invalid");
  });
});

describe("an accepted invocation", () => {
  test("is answered 202 with its id, and ends in its record", async () => {
    const response = await invoke({ n: 1 }, {});
    expect([response.status, response.body]).toEqual([202, { activationId: response.headers["x-openwhisk-activation-id"] }]);
    expect(await api.world.log.deliver()).toEqual([]);
    expect((await api.get(`activations/${response.body.activationId}`)).body.response.result).toEqual({ greeting: "Hi", n: 1 });
  });

  test("runs at the revision that it was accepted at", async () => {
    await invoke({}, { blocking: false });
    await api.put("actions/hello", { parameters: [] }, OVERWRITE);
    await api.delete("actions/hello");
    await api.world.log.deliver();
    expect(api.world.invoker.ran).toMatchObject([{ args: { greeting: "Hi" }, action: { version: "0.0.1" } }]);
  });

  test("is refused when the log is full", async () => {
    api.world.log.full = new WhiskError(503, "Too much accepted work is waiting.");
    expectRefusal(await invoke({}, {}), 503, "Too much accepted work is waiting.");
  });
});
