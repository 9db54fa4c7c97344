import { PartlyDone } from "../resource";
import { FakePlatform } from "../testing/fakePlatform";
import { connectionTo, Lifecycle } from "../testing/operation";
import { RuleHandler } from "./rule";

let platform: FakePlatform;
let rule: Lifecycle;
beforeEach(async () => {
  platform = await FakePlatform.start();
  rule = new Lifecycle(new RuleHandler(connectionTo(platform)), "on-upload");
});
afterEach(() => platform.stop());

const common = { namespace: "guest", version: "0.0.1", updated: "2023-11-14T22:13:20.000Z" };
const inputs = { trigger: "uploaded", action: "/guest/images/resize" };

test("a rule is active unless the program says otherwise", async () => {
  const state = await rule.create(inputs);
  expect(state.outputs).toEqual({ ...common, ...inputs, name: "on-upload", status: "active", qualifiedName: "/guest/on-upload" });
  expect(platform.entity("rules/on-upload")).toMatchObject({ status: "active", trigger: { path: "guest", name: "uploaded" }, action: { path: "guest/images", name: "resize" } });
  expect(await rule.read(state)).toEqual(state);
});

test("a rule is deactivated and activated", async () => {
  const state = await rule.create({ ...inputs, status: "inactive" });
  expect(platform.entity("rules/on-upload").status).toBe("inactive");
  await rule.update(state, inputs);
  expect(platform.entity("rules/on-upload").status).toBe("active");
});

test("a rule that someone deactivated is drift, and so is another action", async () => {
  const state = await rule.create(inputs);
  Object.assign(platform.entity("rules/on-upload"), { status: "inactive", action: { path: "guest", name: "other" } });
  const real = await rule.read(state);
  expect(await rule.changes(real!, inputs)).toEqual({ status: "update", action: "update" });
});

test("a rule that could not be deactivated after it was made is kept in the state", async () => {
  platform.intercept = ({ method }, response) => {
    if (method !== "POST") return false;
    response.writeHead(500).end("{}");
    return true;
  };
  const made = rule.create({ ...inputs, status: "inactive" });
  await expect(made).rejects.toBeInstanceOf(PartlyDone);
  await expect(made).rejects.toMatchObject({ state: { id: "_/on-upload" } });
});

test("a rule names what it cannot mean", async () => {
  expect(await rule.failures({ trigger: "a/b/c", action: "?" })).toEqual([
    'trigger: must be the name of a trigger, not "a/b/c"',
    'action: must be the name of an action, such as resize or images/resize, not "?"',
  ]);
});
