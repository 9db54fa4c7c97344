import { CODE, expectRefusal, Harness, OTHER, OVERWRITE } from "../testing/harness";

let api: Harness;
beforeEach(async () => {
  api = await Harness.start();
  await api.have(["triggers/bell", {}], ["triggers/whistle", {}], ["actions/run", CODE], ["packages/p", {}], ["actions/p/jump", CODE]);
});
afterEach(() => api.close());

const RULE = { trigger: "/_/bell", action: "/_/run" };
const MALFORMED = "The request content was malformed:\nrequirement failed: The fully qualified name of the entity must contain at least the namespace and the name of the entity.";
const VIEW = {
  namespace: "guest",
  name: "r",
  version: "0.0.1",
  publish: false,
  annotations: [],
  updated: expect.any(Number),
  trigger: { path: "guest", name: "bell" },
  action: { path: "guest", name: "run" },
  status: "active",
};
const status = async () => ((await api.get("rules/r")).body as { status: string }).status;
const fire = async () => (await api.post("triggers/bell", {})).status;

describe("a rule", () => {
  test("is active from its creation, read, and deleted", async () => {
    expect((await api.put("rules/r", RULE)).body).toEqual(VIEW);
    expect((await api.get("rules/r")).body).toEqual(VIEW);
    const { status: _status, ...summary } = VIEW;
    expect((await api.get("rules")).body).toEqual([summary]);
    expect((await api.get("rules", { query: { count: true } })).body).toEqual({ rules: 1 });
    expectRefusal(await api.put("rules/r", RULE), 409, "resource already exists");
    expect((await api.delete("rules/r")).body).toEqual({ ...VIEW, status: "inactive" });
    expectRefusal(await api.get("rules/r"), 404);
    expect(await fire()).toBe(204);
  });

  test.each<[unknown, unknown]>([["_/bell", "_/p/jump"], ["/guest/bell", "/_/p/jump"], [{ path: "guest", name: "bell" }, { path: "guest/p", name: "jump" }], [{ path: "_", name: "bell" }, { path: "_/p", name: "jump" }]])(
    "may name trigger and action as %j and %j",
    async (trigger, action) => {
      expect((await api.put("rules/r", { trigger, action })).body).toEqual({ ...VIEW, action: { path: "guest/p", name: "jump" } });
    },
  );

  test.each([
    [{}, 400, "rule requires a valid trigger and a valid action"],
    [{ trigger: "/_/bell" }, 400, "rule requires a valid trigger and a valid action"],
    [{ trigger: "/_/absent", action: "/_/run" }, 400, "trigger /guest/absent does not exist"],
    [{ trigger: "/_/bell", action: "/_/absent" }, 400, "action /guest/absent does not exist"],
    [{ trigger: "/_/absent", action: "/_/absent" }, 400, "trigger /guest/absent does not exist"],
    [{ trigger: "/_/run", action: "/_/run" }, 400, "trigger /guest/run does not exist"],
    [{ trigger: "/_/bell", action: "/_/bell" }, 400, "action /guest/bell does not exist"],
    [{ trigger: "/_/bell", action: "/_/p/absent" }, 400, "action /guest/p/absent does not exist"],
    [{ trigger: "/_/bell", action: "/_/absent/jump" }, 404, "The requested resource does not exist."],
    [{ trigger: "bell", action: "/_/run" }, 400, MALFORMED],
    [{ trigger: "/_/bell", action: "run" }, 400, MALFORMED],
    [{ trigger: 5, action: "/_/run" }, 400, "The request content was malformed:\nfully qualified name malformed"],
    [{ trigger: "../bell", action: "/_/run" }, 400, undefined],
    [{ ...RULE, annotations: [{ key: "a", value: "x".repeat(1024 * 1024) }] }, 413, "annotations larger than allowed: 1048579 > 1048576 bytes."],
  ])("of %j is refused with %i", async (body, status, message) => {
    expectRefusal(await api.put("rules/r", body), status, message);
  });

  test("of another's trigger or private action is refused with 403", async () => {
    await api.have(["triggers/horn", {}, OTHER], ["actions/theirs", CODE, OTHER]);
    const refused = (named: string) => `The supplied authentication is not authorized to access '${named}'.`;
    expectRefusal(await api.put("rules/r", { trigger: "/other/horn", action: "/_/run" }), 403, refused("other/horn"));
    expectRefusal(await api.put("rules/r", { trigger: "/_/bell", action: "/other/theirs" }), 403, refused("other/theirs"));
    expectRefusal(await api.put("rules/r", { trigger: "/other/horn", action: "/other/theirs" }), 403, refused("other/horn, other/theirs"));
    expectRefusal(await api.put("/api/v1/namespaces/other/rules/r", RULE), 403, refused("other/r"));
    await api.have(["rules/r", RULE]);
    expectRefusal(await api.put("rules/r", { action: "/other/theirs" }, OVERWRITE), 403);
  });

  test("is changed to another trigger and action, and keeps its status", async () => {
    await api.have(["rules/r", RULE]);
    await api.post("rules/r", { status: "inactive" });
    expect((await api.put("rules/r", { action: "/_/p/jump", status: "active" }, OVERWRITE)).body).toEqual({ ...VIEW, version: "0.0.2", action: { path: "guest/p", name: "jump" }, status: "inactive" });
    await api.post("rules/r", { status: "active" });
    expect((await api.put("rules/r", { trigger: "/_/whistle" }, OVERWRITE)).body).toMatchObject({ trigger: { name: "whistle" }, status: "active" });
    expect(await fire()).toBe(204);
  });

  test("is active when it is made, whatever the PUT says of that", async () => {
    for (const [index, wanted] of ["inactive", "sleeping", 5, null].entries()) {
      expect((await api.put(`rules/r${index}`, { ...RULE, status: wanted })).body.status).toBe("active");
    }
  });

  test("whose trigger is gone cannot be changed, unless it gets another one, and is inactive then", async () => {
    await api.have(["rules/r", RULE]);
    await api.delete("triggers/bell");
    expectRefusal(await api.put("rules/r", {}, OVERWRITE), 400, "trigger /guest/bell does not exist");
    expect((await api.put("rules/r", { trigger: "/_/whistle" }, OVERWRITE)).body).toMatchObject({ trigger: { name: "whistle" }, status: "inactive" });
    expect((await api.get("triggers/whistle")).body.rules).toEqual({ "guest/r": { action: { path: "guest", name: "run" }, status: "inactive" } });
  });

  test("whose action is gone cannot be changed, unless it gets another one", async () => {
    await api.have(["rules/r", RULE]);
    await api.delete("actions/run");
    expectRefusal(await api.put("rules/r", {}, OVERWRITE), 400, "action /guest/run does not exist");
    expect((await api.put("rules/r", { action: "/_/p/jump" }, OVERWRITE)).body).toMatchObject({ status: "active", version: "0.0.2" });
  });

  test("leaves its trigger when it goes to another one or is deleted", async () => {
    await api.have(["rules/r", RULE], ["rules/r", { trigger: "/_/whistle" }, OVERWRITE]);
    expect((await api.get("triggers/bell")).body.rules).toEqual({});
    expect(Object.keys((await api.get("triggers/whistle")).body.rules as object)).toEqual(["guest/r"]);
    await api.delete("rules/r");
    expect((await api.get("triggers/whistle")).body).toMatchObject({ version: "0.0.1", rules: {} });
    await api.have(["triggers/whistle", {}, OVERWRITE]);
    expect((await api.get("triggers/whistle")).body.rules).toEqual({});
  });

  test("is switched off and on, as often as one likes, without a new version", async () => {
    await api.have(["rules/r", RULE]);
    const { updated } = (await api.get("rules/r")).body as { updated: number };
    for (const wanted of ["inactive", "inactive", "active", "active"]) {
      const response = await api.post("rules/r", { status: wanted });
      expect([response.status, response.text]).toEqual([200, ""]);
      expect(await status()).toBe(wanted);
      expect(await fire()).toBe(wanted === "active" ? 202 : 204);
    }
    expect((await api.get("rules/r")).body).toMatchObject({ version: "0.0.1", updated });
  });

  test.each<{ status?: unknown }>([{}, { status: "sleeping" }, { status: "" }, { status: null }])("is not switched to %j", async (body) => {
    await api.have(["rules/r", RULE]);
    expectRefusal(await api.post("rules/r", body), 400, body.status === undefined ? "The request content was malformed:\nkey not found: status" : `The request content was malformed:\nrequirement failed: ${body.status} is not a recognized rule state`);
    expectRefusal(await api.send("post", "rules/r"), 400, "Request entity expected but not supplied");
    expect(await status()).toBe("active");
  });

  test("is inactive when its trigger is gone: it can be switched off, but not on", async () => {
    await api.have(["rules/r", RULE]);
    await api.delete("triggers/bell");
    expect(await status()).toBe("inactive");
    expectRefusal(await api.post("rules/r", { status: "active" }), 404, "Only rules with existing triggers can be activated");
    expect((await api.post("rules/r", { status: "inactive" })).status).toBe(200);
  });

  test("stays when its action is gone, and says so when the trigger is fired", async () => {
    await api.have(["rules/r", RULE]);
    await api.delete("actions/run");
    expect(await status()).toBe("active");
    const { activationId } = (await api.post("triggers/bell", {})).body as { activationId: string };
    await api.world.log.deliver();
    expect((await api.get(`activations/${activationId}/logs`)).body.logs.map((line: string) => JSON.parse(line))).toEqual([
      { statusCode: 1, success: false, error: "The requested resource does not exist.", rule: "guest/r", action: "guest/run" },
    ]);
  });

  test("that is not there is answered 404", async () => {
    for (const method of ["get", "delete"] as const) expectRefusal(await api.send(method, "rules/absent"), 404);
    expectRefusal(await api.post("rules/absent", { status: "active" }), 404);
  });
});
