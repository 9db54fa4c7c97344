import { FakePlatform } from "../testing/fakePlatform";
import { connectionTo, Lifecycle } from "../testing/operation";
import { TriggerHandler } from "./trigger";

let platform: FakePlatform;
let trigger: Lifecycle;
beforeEach(async () => {
  platform = await FakePlatform.start();
  trigger = new Lifecycle(new TriggerHandler(connectionTo(platform)), "uploaded");
});
afterEach(() => platform.stop());

const common = { namespace: "guest", version: "0.0.1", updated: "2023-11-14T22:13:20.000Z" };
test("a trigger is made, changed, read and deleted", async () => {
  const state = await trigger.create({ parameters: { a: { deep: [1] } }, annotations: { b: 1 } });
  expect(state.outputs).toEqual({ ...common, name: "uploaded", parameters: { a: { deep: [1] } }, annotations: { b: 1 }, qualifiedName: "/guest/uploaded" });
  expect(await trigger.read(state)).toEqual(state);
  const next = await trigger.update(state, { parameters: { a: { deep: [2] } } });
  expect(platform.entity("triggers/uploaded")).toMatchObject({ parameters: [{ key: "a", value: { deep: [2] } }], annotations: [] });
  expect(next.outputs.version).toBe("0.0.2");
  await trigger.delete(next);
  expect(await trigger.read(next)).toBeUndefined();
});

test("a trigger is replaced when it gets another name", async () => {
  const state = await trigger.create({});
  expect(await trigger.changes(state, { name: "other" })).toEqual({ name: "update-replace" });
});
