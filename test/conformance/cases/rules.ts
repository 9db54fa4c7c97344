import { rows } from "../support/rows";
import type { Suite } from "../support/suite";

const MISSING = "The requested resource does not exist.";

/** Rules: what they name, their state, and what is left of them. */
export function ruleCases(suite: Suite): void {
  const { n } = suite;
  const [echo, trigger, second] = [n("echo"), n("r-trigger"), n("r-second")];
  const of = (more: object = {}) => ({ trigger: `/_/${trigger}`, action: `/_/${echo}`, ...more });
  const make = async (name: string, body: object = of()) => (await suite.api.must(`PUT rules/${n(name)}`, { body })).body;
  const statusOf = async (name: string) => (await suite.api.must(`GET rules/${n(name)}`)).body.status as string;
  const linksOf = async (name: string) => Object.keys(((await suite.api.must(`GET triggers/${name}`)).body.rules ?? {}) as object);

  beforeAll(async () => {
    for (const name of [trigger, second]) await suite.api.must(`PUT triggers/${name}`, { body: {} });
    await suite.api.must(`PUT packages/${n("r-box")}`, { body: {} });
    await suite.api.must(`PUT packages/${n("r-tie")}`, { body: { binding: { namespace: "_", name: n("r-box") } } });
    await suite.api.putAction(`${n("r-box")}/act`, "function main(args) { return args }");
  });

  describe("a new rule", () => {
    test("has all fields", async () => {
      expect(Object.keys((await make("r-fields")) as object).sort()).toEqual(["action", "annotations", "name", "namespace", "publish", "status", "trigger", "updated", "version"]);
    });
    test("is active, and names trigger and action by path and name", async () => {
      expect(await make("r-new")).toMatchObject({ status: "active", trigger: { path: suite.namespace, name: trigger }, action: { path: suite.namespace, name: echo } });
    });
    test("is got as it was made", async () => {
      const made = await make("r-got");
      expect((await suite.api.must(`GET rules/${n("r-got")}`)).body).toEqual(made);
    });
    test("is shown with its trigger", async () => {
      await make("r-shown");
      const { body } = await suite.api.must(`GET triggers/${trigger}`);
      expect(body.rules).toMatchObject({ [`${suite.namespace}/${n("r-shown")}`]: { action: { path: suite.namespace, name: echo }, status: "active" } });
    });
    test("is listed without its status", async () => {
      await make("r-listed");
      const found = ((await suite.api.must("GET rules?limit=200")).body as { name: string }[]).find(({ name }) => name === n("r-listed"));
      expect(found).toMatchObject({ trigger: { path: suite.namespace, name: trigger }, action: { path: suite.namespace, name: echo }, version: "0.0.1" });
      expect(found).not.toHaveProperty("status");
    });
    test("may name an action in a package", async () => expect((await make("r-package", of({ action: `/_/${n("r-box")}/act` }))).action).toEqual({ path: `${suite.namespace}/${n("r-box")}`, name: "act" }));
    test("may name an action through a binding", async () => expect((await make("r-binding", of({ action: `/_/${n("r-tie")}/act` }))).action).toEqual({ path: `${suite.namespace}/${n("r-tie")}`, name: "act" }));
    test("may name the namespace, with or without a slash before it", async () => {
      expect((await make("r-slash", { trigger: `/${suite.namespace}/${trigger}`, action: `${suite.namespace}/${echo}` })).status).toBe("active");
    });
    test("may name both as objects", async () => {
      expect((await make("r-objects", { trigger: { path: suite.namespace, name: trigger }, action: { path: suite.namespace, name: echo } })).status).toBe("active");
    });

    const unqualified = "The request content was malformed:\nrequirement failed: The fully qualified name of the entity must contain at least the namespace and the name of the entity.";
    const put = `PUT rules/${n("r-bad")}`;
    rows(suite, [
      { does: "needs a trigger with a namespace", call: put, body: of({ trigger }), status: 400, error: unqualified },
      { does: "needs an action with a namespace", call: put, body: of({ action: echo }), status: 400, error: unqualified },
      { does: "needs names that are strings", call: put, body: of({ action: 1 }), status: 400, error: "The request content was malformed:\nfully qualified name malformed" },
      { does: "needs a trigger", call: put, body: { action: `/_/${echo}` }, status: 400, error: "rule requires a valid trigger and a valid action" },
      { does: "needs an action", call: put, body: { trigger: `/_/${trigger}` }, status: 400, error: "rule requires a valid trigger and a valid action" },
      { does: "needs a trigger that exists", call: put, body: of({ trigger: `/_/${n("none")}` }), status: 400, error: `trigger /{ns}/${n("none")} does not exist` },
      { does: "needs an action that exists", call: put, body: of({ action: `/_/${n("none")}` }), status: 400, error: `action /{ns}/${n("none")} does not exist` },
      { does: "that names neither is told of the trigger", call: put, body: { trigger: `/_/${n("none")}`, action: `/_/${n("none")}` }, status: 400, error: `trigger /{ns}/${n("none")} does not exist` },
      { does: "needs a package that exists", call: put, body: of({ action: `/_/${n("none")}/act` }), status: 404, error: MISSING },
      { does: "needs an action that exists in its package", call: put, body: of({ action: `/_/${n("r-box")}/none` }), status: 400, error: `action /{ns}/${n("r-box")}/none does not exist` },
      { does: "does not name a trigger of somebody else", call: put, body: of({ trigger: "/not-mine/t" }), status: 403, error: "The supplied authentication is not authorized to access 'not-mine/t'." },
      { does: "does not name an action of somebody else", call: put, body: of({ action: "/not-mine/a" }), status: 403, error: "The supplied authentication is not authorized to access 'not-mine/a'." },
      { does: "has no status of the caller's", call: `PUT rules/${n("r-status")}`, body: of({ status: "inactive" }), status: 200, gives: { status: "active" } },
    ]);
  });

  describe("a changed rule", () => {
    const change = async (name: string, body: object) => suite.api.call(`PUT rules/${n(name)}?overwrite=true`, { body });
    test("keeps what is not given", async () => {
      const made = await make("r-keep");
      expect((await change("r-keep", {})).body).toEqual({ ...made, version: "0.0.2", updated: expect.any(Number) as number });
    });
    test("may get another action", async () => {
      await make("r-action");
      expect((await change("r-action", { action: `/_/${n("r-box")}/act` })).body).toMatchObject({ trigger: { name: trigger }, action: { name: "act" }, status: "active" });
      expect((await suite.api.must(`GET triggers/${trigger}`)).body.rules[`${suite.namespace}/${n("r-action")}`].action.name).toBe("act");
    });
    test("may get another trigger, and leaves the first", async () => {
      await make("r-move");
      expect((await change("r-move", { trigger: `/_/${second}` })).body).toMatchObject({ trigger: { name: second }, action: { name: echo } });
      expect([(await linksOf(trigger)).includes(`${suite.namespace}/${n("r-move")}`), (await linksOf(second)).includes(`${suite.namespace}/${n("r-move")}`)]).toEqual([false, true]);
    });
    test("stays inactive, also with another action", async () => {
      await make("r-stays");
      await suite.api.must(`POST rules/${n("r-stays")}`, { body: { status: "inactive" } });
      expect((await change("r-stays", {})).body.status).toBe("inactive");
      expect((await change("r-stays", { action: `/_/${n("r-box")}/act` })).body.status).toBe("inactive");
      expect(await statusOf("r-stays")).toBe("inactive");
    });
    test("needs a trigger and an action that exist", async () => {
      await make("r-exist");
      expect((await change("r-exist", { trigger: `/_/${n("none")}` })).body.error).toBe(`trigger /${suite.namespace}/${n("none")} does not exist`);
      expect((await change("r-exist", { action: `/_/${n("none")}` })).body.error).toBe(`action /${suite.namespace}/${n("none")} does not exist`);
    });
  });

  describe("the status", () => {
    const set = (name: string, status: unknown) => suite.api.call(`POST rules/${n(name)}`, { body: { status } });
    test("changes, and is shown by rule and trigger", async () => {
      await make("r-toggle");
      expect((await set("r-toggle", "inactive")).status).toBe(200);
      expect(await statusOf("r-toggle")).toBe("inactive");
      expect((await suite.api.must(`GET triggers/${trigger}`)).body.rules[`${suite.namespace}/${n("r-toggle")}`].status).toBe("inactive");
      expect((await set("r-toggle", "active")).status).toBe(200);
      expect(await statusOf("r-toggle")).toBe("active");
    });
    test("may be set to what it is", async () => {
      await make("r-same");
      expect([(await set("r-same", "active")).status, (await set("r-same", "inactive")).status, (await set("r-same", "inactive")).status]).toEqual([200, 200, 200]);
    });
    rows(suite, [
      { does: "is nothing else than active or inactive", call: `POST rules/${n("r-new")}`, body: { status: "xxx" }, status: 400, error: /^The request content was malformed:\n.*xxx'? is not a recognized rule state/ },
      { does: "has to be given", call: `POST rules/${n("r-new")}`, body: {}, status: 400, error: /^The request content was malformed:\n/ },
      { does: "of a rule that does not exist is not set", call: `POST rules/${n("none")}`, body: { status: "active" }, status: 404, error: MISSING },
      { does: "of what is no rule is not set", call: `POST rules/${trigger}`, body: { status: "active" }, status: 409, error: "Resource by this name exists but is not in this collection." },
    ]);
  });

  describe("what is left", () => {
    test("of a deleted rule is nothing at its trigger, and it is given back as inactive", async () => {
      await make("r-deleted");
      expect((await suite.api.must(`DELETE rules/${n("r-deleted")}`)).body).toMatchObject({ name: n("r-deleted"), status: "inactive" });
      expect(await linksOf(trigger)).not.toContain(`${suite.namespace}/${n("r-deleted")}`);
    });
    test("of a rule whose trigger is deleted is inactive, cannot be activated, and can be deleted", async () => {
      const gone = n("r-gone");
      await suite.api.must(`PUT triggers/${gone}`, { body: {} });
      await make("r-orphan", of({ trigger: `/_/${gone}` }));
      await suite.api.must(`DELETE triggers/${gone}`);
      expect(await statusOf("r-orphan")).toBe("inactive");
      const { status, body } = await suite.api.call(`POST rules/${n("r-orphan")}`, { body: { status: "active" } });
      expect([status, body.error]).toEqual([404, "Only rules with existing triggers can be activated"]);
      expect((await suite.api.call(`DELETE rules/${n("r-orphan")}`)).status).toBe(200);
    });
    test("of a rule whose trigger was deleted and made again is inactive until it is activated", async () => {
      const again = n("r-again");
      await suite.api.must(`PUT triggers/${again}`, { body: {} });
      await make("r-back", of({ trigger: `/_/${again}` }));
      await suite.api.must(`DELETE triggers/${again}`);
      await suite.api.must(`PUT triggers/${again}`, { body: {} });
      expect(await statusOf("r-back")).toBe("inactive");
      expect((await suite.api.call(`POST triggers/${again}`, { body: {} })).status).toBe(204);
      expect((await suite.api.call(`POST rules/${n("r-back")}`, { body: { status: "active" } })).status).toBe(200);
      expect((await suite.api.call(`POST triggers/${again}`, { body: {} })).status).toBe(202);
    });
    test("of a rule whose action is deleted is active", async () => {
      await suite.api.putAction(n("r-act"), "function main() {}");
      await make("r-no-action", of({ action: `/_/${n("r-act")}` }));
      await suite.api.must(`DELETE actions/${n("r-act")}`);
      expect(await statusOf("r-no-action")).toBe("active");
    });
    test("of a trigger that is changed are its rules", async () => {
      await make("r-through");
      await suite.api.must(`PUT triggers/${trigger}?overwrite=true`, { body: { parameters: [{ key: "a", value: 1 }] } });
      expect([await statusOf("r-through"), (await linksOf(trigger)).includes(`${suite.namespace}/${n("r-through")}`)]).toEqual(["active", true]);
    });
    test("of a rule made again under its name is a new one", async () => {
      await make("r-renew");
      await suite.api.must(`POST rules/${n("r-renew")}`, { body: { status: "inactive" } });
      await suite.api.must(`DELETE rules/${n("r-renew")}`);
      expect(await make("r-renew")).toMatchObject({ version: "0.0.1", status: "active" });
    });
  });
}
