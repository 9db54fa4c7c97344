import { CODE, expectRefusal, Harness, OTHER, OVERWRITE } from "../testing/harness";

let api: Harness;
beforeEach(async () => {
  api = await Harness.start();
  await api.have(["triggers/bell", {}], ["triggers/whistle", {}], ["actions/run", CODE], ["packages/p", {}], ["actions/p/jump", CODE]);
});
afterEach(() => api.close());

const RULE = { trigger: "/_/bell", action: "/_/run" };
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
    expect((await api.get("rules")).body).toEqual([VIEW]);
    expect((await api.get("rules", { query: { count: true } })).body).toEqual({ rules: 1 });
    expectRefusal(await api.put("rules/r", RULE), 409, "resource already exists");
    expect((await api.delete("rules/r")).body).toEqual({ ...VIEW, status: "inactive" });
    expectRefusal(await api.get("rules/r"), 404);
    expect(await fire()).toBe(204);
  });

  test.each([["bell", "p/jump"], ["/guest/bell", "/_/p/jump"], [{ path: "guest", name: "bell" }, { path: "guest/p", name: "jump" }], [{ path: "_", name: "bell" }, { path: "_/p", name: "jump" }]])(
    "may name trigger and action as %j and %j",
    async (trigger, action) => {
      expect((await api.put("rules/r", { trigger, action })).body).toEqual({ ...VIEW, action: { path: "guest/p", name: "jump" } });
    },
  );

  test.each([
    [{}, "rule requires a valid trigger and a valid action"],
    [{ trigger: "bell" }, "rule requires a valid trigger and a valid action"],
    [{ trigger: "absent", action: "run" }, "trigger /guest/absent does not exist"],
    [{ trigger: "bell", action: "absent" }, "action /guest/absent does not exist"],
    [{ trigger: "run", action: "run" }, "trigger /guest/run does not exist"],
    [{ trigger: "bell", action: "absent/jump" }, "action /guest/absent/jump does not exist"],
    [{ trigger: 5, action: "run" }, undefined],
    [{ trigger: "../bell", action: "run" }, undefined],
  ])("of %j is refused with 400", async (body, message) => {
    expectRefusal(await api.put("rules/r", body), 400, message);
  });

  test("of another's trigger or private action is refused with 403", async () => {
    await api.have(["triggers/horn", {}, OTHER], ["actions/theirs", CODE, OTHER]);
    expectRefusal(await api.put("rules/r", { trigger: "/other/horn", action: "run" }), 403);
    expectRefusal(await api.put("rules/r", { trigger: "bell", action: "/other/theirs" }), 403);
    await api.have(["rules/r", RULE]);
    expectRefusal(await api.put("rules/r", { action: "/other/theirs" }, OVERWRITE), 403);
  });

  test("is changed to another trigger and action, and keeps its status", async () => {
    await api.have(["rules/r", RULE]);
    await api.post("rules/r", { status: "inactive" });
    expect((await api.put("rules/r", { action: "p/jump", status: "active" }, OVERWRITE)).body).toEqual({ ...VIEW, version: "0.0.2", action: { path: "guest/p", name: "jump" }, status: "inactive" });
    await api.post("rules/r", { status: "active" });
    expect((await api.put("rules/r", { trigger: "whistle" }, OVERWRITE)).body).toMatchObject({ trigger: { name: "whistle" }, status: "active" });
    expect(await fire()).toBe(204);
  });

  test("is switched off and on, as often as one likes, without a new version", async () => {
    await api.have(["rules/r", RULE]);
    for (const wanted of ["inactive", "inactive", "active", "active"]) {
      const response = await api.post("rules/r", { status: wanted });
      expect([response.status, response.text]).toEqual([200, ""]);
      expect(await status()).toBe(wanted);
      expect(await fire()).toBe(wanted === "active" ? 202 : 204);
    }
    expect((await api.get("rules/r")).body.version).toBe("0.0.1");
  });

  test.each([[{}], [{ status: "sleeping" }], [{ status: "" }], [{ status: null }]])("is not switched to %j", async (body) => {
    await api.have(["rules/r", RULE]);
    expectRefusal(await api.post("rules/r", body), 400);
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
