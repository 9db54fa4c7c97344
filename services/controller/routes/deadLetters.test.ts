import { WhiskError } from "../../core/errors";
import { derivedActivationId } from "../../core/ids";
import { applicationError, internalError, success } from "../../core/model/activation";
import { CODE, expectRefusal, Harness, OTHER, OVERWRITE } from "../testing/harness";

let api: Harness;
beforeEach(async () => {
  api = await Harness.start();
  await api.have(["actions/asks", { ...CODE, annotations: [{ key: "retries", value: { max: 1, delay: 0 } }] }], ["packages/p", {}], ["actions/p/plain", CODE]);
  api.world.invoker.code.set("guest/asks", () => applicationError("no"));
  api.world.invoker.code.set("guest/p/plain", () => internalError("no container"));
});
afterEach(() => api.close());

/** Accepted, and given up. */
async function giveUp(path: string, payload: object = {}): Promise<string> {
  const { body } = await api.post(`actions/${path}`, payload);
  expect(await api.world.log.deliver()).toEqual([]);
  return (body as { activationId: string }).activationId;
}

const list = async () => (await api.get("dead-letters")).body as { activationId: string }[];
const idsOf = (letters: { activationId: string }[]) => letters.map(({ activationId }) => activationId);

describe("a dead letter", () => {
  test("is listed without what was sent, and shown with it", async () => {
    const id = await giveUp("asks", { n: 1 });
    const summary = { activationId: id, namespace: "guest", action: "guest/asks", reason: "no", attempts: 2, acceptedAt: expect.any(Number), at: expect.any(Number) };
    expect(await list()).toEqual([summary]);
    expect((await api.get(`dead-letters/${id}`)).body).toEqual({ ...summary, payload: { n: 1 } });
  });

  test("that is taken up again counts as an invocation: beyond the namespace's limit it stays", async () => {
    const ids = [await giveUp("asks"), await giveUp("asks")];
    api.world.time += 60_000;
    await api.limit("guest", { invocationsPerMinute: 1 });
    expect((await api.post("dead-letters")).body).toEqual({ redriven: 1, failed: [], left: 1 });
    expectRefusal(await api.post(`dead-letters/${ids[1]}`), 429, /^Too many requests in the last minute/);
    expect(await list()).toHaveLength(1);
  });

  test("of a rule shows the fire and the trigger", async () => {
    await api.have(["triggers/bell", { parameters: [{ key: "tone", value: "low" }] }], ["rules/r", { trigger: "/_/bell", action: "/_/asks" }]);
    const fire = ((await api.post("triggers/bell", { volume: 11 })).body as { activationId: string }).activationId;
    await api.world.log.deliver();
    const id = derivedActivationId(fire, "guest/r");
    expect(await list()).toMatchObject([{ activationId: id, cause: fire }]);
    expect((await api.get(`dead-letters/${id}`)).body).toMatchObject({ cause: fire, trigger: "guest/bell", payload: { tone: "low", volume: 11 } });
  });

  test("is taken up again under another id, and is gone then", async () => {
    const id = await giveUp("asks", { n: 1 });
    api.world.invoker.code.set("guest/asks", ({ args }) => success(args));
    const response = await api.post(`dead-letters/${id}`);
    expect([response.status, response.body]).toEqual([202, { activationId: derivedActivationId(id, "redrive") }]);
    expect(response.headers["x-openwhisk-activation-id"]).toBe(derivedActivationId(id, "redrive"));
    await api.world.log.deliver();
    expect((await api.get(`activations/${derivedActivationId(id, "redrive")}/result`)).body).toMatchObject({ result: { n: 1 }, success: true });
    expectRefusal(await api.post(`dead-letters/${id}`), 404);
    expect(await list()).toEqual([]);
  });

  test("whose action is gone is not taken up: 404 says what to do, and it stays", async () => {
    const id = await giveUp("p/plain");
    await api.delete("actions/p/plain");
    expectRefusal(await api.post(`dead-letters/${id}`), 404, "The action 'guest/p/plain' of this dead letter does not exist any more: create it again, or purge the letter.");
    expect(idsOf(await list())).toEqual([id]);
  });

  test("is purged, once", async () => {
    const id = await giveUp("asks");
    expect((await api.delete(`dead-letters/${id}`)).body).toEqual({ purged: 1 });
    expectRefusal(await api.delete(`dead-letters/${id}`), 404, "The requested resource does not exist.");
    expectRefusal(await api.get(`dead-letters/${id}`), 404);
  });

  test.each(["get", "post", "delete"] as const)("of another namespace is not there: %s", async (method) => {
    const id = await giveUp("asks");
    expectRefusal(await api.send(method, `dead-letters/${id}`, undefined, OTHER), 404);
    expectRefusal(await api.send(method, `/api/v1/namespaces/guest/dead-letters/${id}`, undefined, OTHER), 403);
    expectRefusal(await api.send(method, "/api/v1/namespaces/guest/dead-letters", undefined, OTHER), 403);
    expectRefusal(await api.send(method, "dead-letters", undefined, { as: null }), 401);
    expect(idsOf(await list())).toEqual([id]);
  });
});

describe("a list of dead letters", () => {
  test("has what was given up last first, in pages, and is counted", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      api.world.time += 1_000;
      ids.unshift(await giveUp("asks"));
    }
    expect(idsOf(await list())).toEqual(ids);
    expect(idsOf((await api.get("dead-letters", { query: { limit: 2, skip: 1 } })).body as { activationId: string }[])).toEqual(ids.slice(1, 3));
    expect((await api.get("dead-letters", { query: { count: true, skip: 1 } })).body).toEqual({ "dead-letters": 4 });
    expect((await api.get("dead-letters", OTHER)).body).toEqual([]);
  });

  test("is purged as a whole, of one namespace", async () => {
    await giveUp("asks");
    await giveUp("p/plain");
    expect((await api.delete("dead-letters", OTHER)).body).toEqual({ purged: 0 });
    expect((await api.delete("dead-letters")).body).toEqual({ purged: 2 });
    expect(await list()).toEqual([]);
  });

  test.each([
    ["put", "dead-letters"],
    ["put", `dead-letters/${"0".repeat(32)}`],
    ["patch", "dead-letters"],
  ] as const)("takes no %s of %s", async (method, path) => {
    const response = await api.send(method, path);
    expectRefusal(response, 405, "HTTP method not allowed, supported methods: GET, DELETE, POST");
  });

  test.each([
    ["dead-letters/abc", "Activation id length is 3 but must be 32."],
    [`dead-letters/${"G".repeat(32)}`, "The activation id is not valid."],
    ["dead-letters?limit=201", "The query parameter 'limit' was malformed:\nThe value '201' is not in the range of 0 to 200 for dead-letters."],
  ])("%s is refused with 400", async (path, message) => {
    expectRefusal(await api.get(path), 400, message);
  });
});

describe("redriving all dead letters", () => {
  test("takes up what can be, says what cannot and why, and how many are left", async () => {
    const gone = await giveUp("p/plain");
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      api.world.time += 1_000;
      ids.push(await giveUp("asks"));
    }
    await api.delete("actions/p/plain");
    const error = "The action 'guest/p/plain' of this dead letter does not exist any more: create it again, or purge the letter.";
    const { status, body } = await api.post("dead-letters", undefined, { query: { limit: 2 } });
    expect([status, body]).toEqual([200, { redriven: 1, failed: [{ activationId: gone, error }], left: 2 }]);
    expect(idsOf(await list())).toEqual([ids[2], ids[1], gone]);
    expect((await api.post("dead-letters", undefined, { query: { skip: 1 } })).body).toEqual({ redriven: 2, failed: [], left: 0 });
    expect(idsOf(await list())).toEqual([gone]);
    expect(api.world.log.messages.map(({ activationId }) => activationId)).toEqual(ids.map((id) => derivedActivationId(id, "redrive")));
    expect((await api.post("dead-letters", undefined, { query: { skip: 1 } })).body).toEqual({ redriven: 0, failed: [], left: 0 });
  });

  test("stops when the log takes no more: 429 when it took none", async () => {
    await giveUp("asks");
    await giveUp("asks");
    const { append } = api.world.log;
    let room = 1;
    api.world.log.append = async (message) => {
      if (room-- <= 0) throw new WhiskError(429, "Too much accepted work is waiting.");
      return append.call(api.world.log, message);
    };
    expect((await api.post("dead-letters")).body).toEqual({ redriven: 1, failed: [], left: 1 });
    expectRefusal(await api.post("dead-letters"), 429, "Too much accepted work is waiting.");
    expect(await list()).toHaveLength(1);
  });
});

describe("the annotation that asks for retries", () => {
  const put = (path: string, value: unknown, more: object = CODE) => api.put(path, { ...more, annotations: [{ key: "retries", value }] }, OVERWRITE);

  test.each([0, 10, { max: 3 }, { max: 3, delay: 100, maxDelay: 200 }])("may be %j", async (value) => {
    expect((await put("actions/asks", value)).status).toBe(200);
  });

  test.each([
    [11, "In the annotation 'retries' max must be a whole number from 0 to 10, not 11."],
    [{ max: 1, delay: -5 }, "In the annotation 'retries' delay must be a whole number from 0 to 600000 milliseconds, not -5."],
    [true, /^The annotation 'retries' must be a whole number from 0 to 10, or an object/],
  ])("of %j is refused with 400, and nothing is changed", async (value, message) => {
    expectRefusal(await put("actions/asks", value), 400, message);
    expect((await api.get("actions/asks")).body).toMatchObject({ version: "0.0.1" });
  });

  test("is refused for a sequence, and means nothing to triggers, rules and packages", async () => {
    const sequence = { exec: { kind: "sequence", components: ["/_/asks"] } };
    expectRefusal(await put("actions/all", 3, sequence), 400, "A sequence is not tried again as a whole: give the annotation 'retries' to the actions in it.");
    for (const path of ["triggers/t", "packages/q"]) expect((await put(path, "often", {})).status).toBe(200);
  });

  test("that was stored before it meant anything does not hinder a change of the action", async () => {
    await api.world.entities.put("actions", { namespace: "guest", name: "asks" }, true, (old) => ({ ...old!, annotations: [{ key: "retries", value: "often" }] }));
    expect((await api.put("actions/asks", { parameters: [] }, OVERWRITE)).status).toBe(200);
  });
});
