import { UNKNOWN } from "../resource";
import { FakePlatform } from "../testing/fakePlatform";
import { connectionTo, Lifecycle } from "../testing/operation";
import { SequenceHandler } from "./sequence";

let platform: FakePlatform;
let sequence: Lifecycle;
beforeEach(async () => {
  platform = await FakePlatform.start();
  sequence = new Lifecycle(new SequenceHandler(connectionTo(platform)), "both");
});
afterEach(() => platform.stop());

const common = { namespace: "guest", version: "0.0.1", updated: "2023-11-14T22:13:20.000Z" };
const actions = ["resize", "images/store", "/guest/notify"];

test("a sequence is made of its actions in order, by full names", async () => {
  const state = await sequence.create({ actions });
  expect(platform.requests[0]).toEqual({
    method: "PUT",
    path: "/api/v1/namespaces/_/actions/both?overwrite=false",
    body: { exec: { kind: "sequence", components: ["/_/resize", "/_/images/store", "/guest/notify"] }, annotations: [], publish: false },
  });
  expect(state.outputs).toEqual({ ...common, name: "both", actions, qualifiedName: "/guest/both" });
});

test("a sequence is unchanged while it is unchanged, and another order is seen", async () => {
  const state = await sequence.create({ actions, web: true });
  expect(await sequence.read(state)).toEqual(state);
  platform.entity<{ exec: { components: string[] } }>("actions/both").exec.components.reverse();
  expect((await sequence.read(state))!.inputs.actions).toEqual(["/guest/notify", "images/store", "/guest/resize"]);
});

test("a sequence has at least one action, and each is a name", async () => {
  expect(await sequence.failures({ actions: [] })).toEqual(["actions: a sequence has at least one action"]);
  expect(await sequence.failures({ actions: [UNKNOWN, "a//b"] })).toEqual(['actions[1]: must be the name of an action, such as resize or images/resize, not "a//b"']);
});

test("a sequence is not confused with an action", async () => {
  platform.entities.set("actions/a", { name: "a", namespace: "guest", exec: { kind: "nodejs:24" } });
  await expect(sequence.import("a")).rejects.toThrow("a is an action of kind nodejs:24, not a sequence: its resource is stackwhisk:index:Action");
});
