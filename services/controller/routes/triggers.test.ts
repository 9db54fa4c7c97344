import { WhiskError } from "../../core/errors";
import { CODE, expectRefusal, Harness, OTHER, OVERWRITE } from "../testing/harness";

let api: Harness;
beforeEach(async () => {
  api = await Harness.start();
  await api.have(["triggers/bell", { parameters: [{ key: "tone", value: "low" }], annotations: [{ key: "a", value: 1 }] }], ["actions/run", CODE]);
});
afterEach(() => api.close());

const BELL = {
  namespace: "guest",
  name: "bell",
  version: "0.0.1",
  publish: false,
  annotations: [{ key: "a", value: 1 }],
  updated: expect.any(Number),
  parameters: [{ key: "tone", value: "low" }],
  limits: {},
};

describe("a trigger", () => {
  test("is created, read, changed and deleted", async () => {
    expect((await api.get("triggers/bell")).body).toEqual(BELL);
    expectRefusal(await api.put("triggers/bell", {}), 409, "resource already exists");
    expect((await api.put("triggers/bell", {}, OVERWRITE)).body).toEqual({ ...BELL, version: "0.0.2" });
    const changed = { ...BELL, version: "0.0.3", parameters: [], annotations: [{ key: "b", value: 2 }], publish: true };
    expect((await api.put("triggers/bell", { parameters: [], annotations: [{ key: "b", value: 2 }], publish: true }, OVERWRITE)).body).toEqual(changed);
    expect((await api.delete("triggers/bell")).body).toEqual(changed);
    for (const method of ["get", "delete", "post"] as const) expectRefusal(await api.send(method, "triggers/bell"), 404);
  });

  test("shows the rules that are tied to it", async () => {
    await api.have(["rules/one", { trigger: "/_/bell", action: "/_/run" }]);
    await api.post("rules/one", { status: "inactive" });
    expect((await api.get("triggers/bell")).body.rules).toEqual({ "guest/one": { action: { path: "guest", name: "run" }, status: "inactive" } });
  });

  test("keeps its feed whatever an update says of it, and its rules whatever it says", async () => {
    await api.have(["rules/one", { trigger: "/_/bell", action: "/_/run" }], ["triggers/bell", { annotations: [{ key: "feed", value: "a,b" }], limits: {} }, OVERWRITE]);
    expect((await api.get("triggers/bell")).body).toMatchObject({ annotations: [{ key: "feed", value: "a,b" }], rules: { "guest/one": { status: "active" } } });
    expectRefusal(await api.put("triggers/bell", { limits: 5 }, OVERWRITE), 400);
    expectRefusal(await api.send("put", "triggers/fresh"), 400, "Request entity expected but not supplied");
  });

  test("that is made anew does not fire the rules of its predecessor until they are switched on", async () => {
    await api.have(["rules/one", { trigger: "/_/bell", action: "/_/run" }]);
    expect((await api.delete("triggers/bell")).body.rules).toEqual({ "guest/one": { action: { path: "guest", name: "run" }, status: "active" } });
    await api.have(["triggers/bell", {}]);
    expect((await api.get("triggers/bell")).body).not.toHaveProperty("rules");
    expect((await api.get("rules/one")).body.status).toBe("inactive");
    expect((await api.post("triggers/bell", {})).status).toBe(204);
    expect((await api.post("rules/one", { status: "active" })).status).toBe(200);
    expect((await api.get("triggers/bell")).body.rules).toEqual({ "guest/one": { action: { path: "guest", name: "run" }, status: "active" } });
    expect((await api.post("triggers/bell", {})).status).toBe(202);
  });

  test.each([[7], ["a//%"], [""], [null], ["/"]])("that names %j as its feed is refused", async (value) => {
    expectRefusal(await api.put("triggers/fed", { annotations: [{ key: "feed", value }] }), 400, "Feed name is not valid");
  });

  test.each(["alarm", "alarms/alarm", "/whisk.system/alarms/alarm"])("may name %j as its feed", async (value) => {
    expect((await api.put("triggers/fed", { annotations: [{ key: "feed", value }] })).status).toBe(200);
  });

  test("with parameters or annotations that are too large is refused with 413", async () => {
    for (const list of ["parameters", "annotations"]) {
      expectRefusal(await api.put("triggers/big", { [list]: [{ key: "a", value: "x".repeat(1024 * 1024) }] }), 413, `${list} larger than allowed: 1048579 > 1048576 bytes.`);
    }
  });

  test("of another namespace is out of reach", async () => {
    await api.have(["triggers/theirs", {}, OTHER]);
    for (const method of ["get", "put", "post", "delete"] as const) {
      expectRefusal(await api.send(method, "/api/v1/namespaces/other/triggers/theirs", method === "put" ? {} : undefined), 403, "The supplied authentication is not authorized to access 'other/theirs'.");
    }
    expectRefusal(await api.get("/api/v1/namespaces/other/triggers"), 403);
  });

  test("is listed without parameters, and counted", async () => {
    await api.have(["triggers/whistle", {}]);
    const { body } = await api.get("triggers");
    const { parameters: _parameters, limits: _limits, ...summary } = BELL;
    expect(body).toEqual([expect.objectContaining({ name: "whistle" }), summary]);
    expect((await api.get("triggers", { query: { count: true } })).body).toEqual({ triggers: 2 });
  });
});

describe("firing a trigger", () => {
  test("without an active rule does nothing and answers 204", async () => {
    await api.have(["rules/off", { trigger: "/_/bell", action: "/_/run" }]);
    await api.post("rules/off", { status: "inactive" });
    const response = await api.post("triggers/bell", {});
    expect([response.status, response.text, await api.world.log.depth()]).toEqual([204, "", 0]);
  });

  test("answers 202 with the id of a record that lists what each rule did", async () => {
    await api.have(["rules/one", { trigger: "/_/bell", action: "/_/run" }], ["rules/two", { trigger: "/_/bell", action: "/_/run" }]);
    await api.delete("rules/two");
    const response = await api.post("triggers/bell", { volume: 11 });
    expect([response.status, response.body]).toEqual([202, { activationId: response.headers["x-openwhisk-activation-id"] }]);
    expect(await api.world.log.deliver()).toEqual([]);
    const { body } = await api.get(`activations/${response.body.activationId}`);
    expect(body).toMatchObject({ name: "bell", response: { result: { volume: 11 }, success: true } });
    const [line] = (body.logs as string[]).map((text) => JSON.parse(text) as { activationId: string });
    expect((await api.get(`activations/${line!.activationId}`)).body.response.result).toMatchObject({ tone: "low", volume: 11 });
  });

  test("is refused when the log is full", async () => {
    await api.have(["rules/one", { trigger: "/_/bell", action: "/_/run" }]);
    api.world.log.full = new WhiskError(429, "Full.");
    expectRefusal(await api.post("triggers/bell", {}), 429, "Full.");
  });

  test("never runs a rule of another namespace", async () => {
    await api.have(["actions/spy", CODE, OTHER]);
    expectRefusal(await api.put("rules/spies", { trigger: "/guest/bell", action: "/_/spy" }, OTHER), 403, "The supplied authentication is not authorized to access 'guest/bell'.");
  });
});
