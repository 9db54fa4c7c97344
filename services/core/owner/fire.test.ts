import { derivedActivationId } from "../ids";
import { success } from "../model/activation";
import type { JsonObject } from "../model/parameters";
import type { Trigger } from "../model/entities";
import type { Revision } from "../ports/store";
import { anAction, aPackage, aRule, aSequence, aTrigger, GUEST } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, aTrigger("bell", { parameters: [{ key: "tone", value: "low" }, { key: "volume", value: 1 }] }), anAction("run"), anAction("jump"));
});

const fire = async (payload: JsonObject = {}) => {
  const trigger = (await world.entities.find("guest/bell")) as Revision<Trigger>;
  return world.owner.fire({ identity: GUEST, transactionId: "transaction", payload, trigger, rules: await world.store.entities.rulesOf("guest/bell") });
};
const linesOf = async (id: string) => (await world.store.activations.get("guest", id))!.logs.map((line) => JSON.parse(line) as unknown);

test("a trigger without an active rule does nothing", async () => {
  expect(await fire()).toBeUndefined();
  await seed(world.store, aRule("off", "bell", "run", { status: "inactive" }));
  expect(await fire()).toBeUndefined();
  expect(await world.log.depth()).toBe(0);
});

test("a fired trigger ends in its own record and one for each active rule", async () => {
  await seed(world.store, aRule("first", "bell", "run"), aRule("second", "bell", "jump"), aRule("third", "bell", "jump", { status: "inactive" }));
  const id = (await fire({ volume: 11 }))!;
  expect(world.store.activations.all()).toEqual([]);
  expect(await world.log.deliver()).toEqual([]);
  const ids = ["guest/first", "guest/second"].map((rule) => derivedActivationId(id, rule));
  expect(await linesOf(id)).toEqual([
    { statusCode: 0, success: true, activationId: ids[0], rule: "guest/first", action: "guest/run" },
    { statusCode: 0, success: true, activationId: ids[1], rule: "guest/second", action: "guest/jump" },
    { statusCode: 1, success: false, error: "Rule 'guest/third' is inactive, action 'guest/jump' was not activated.", rule: "guest/third", action: "guest/jump" },
  ]);
  const record = await world.store.activations.get("guest", id);
  expect(record).toMatchObject({ name: "bell", path: "guest/bell", start: 1_000_000, response: success({ volume: 11 }), annotations: [] });
  expect(record).not.toHaveProperty("duration");
  for (const activationId of ids) {
    expect(await world.store.activations.get("guest", activationId)).toMatchObject({ response: success({ tone: "low", volume: 11 }) });
    expect((await world.store.activations.get("guest", activationId))!.cause).toBeUndefined();
  }
  expect(world.store.activations.all()).toHaveLength(3);
  expect(await world.log.depth()).toBe(0);
});

test("the actions of a fired trigger get the headers of the request, of which its own record tells nothing", async () => {
  await seed(world.store, aRule("first", "bell", "run"));
  const trigger = (await world.entities.find("guest/bell")) as Revision<Trigger>;
  const id = (await world.owner.fire({ identity: GUEST, transactionId: "transaction", payload: { n: 1 }, headers: { foo: "Bar" }, trigger, rules: await world.store.entities.rulesOf("guest/bell") }))!;
  expect(await world.log.deliver()).toEqual([]);
  expect(world.invoker.ran.map(({ args }) => args)).toEqual([{ tone: "low", volume: 1, n: 1, __ow_headers: { foo: "Bar" } }]);
  expect(await world.store.activations.get("guest", id)).toMatchObject({ response: success({ n: 1 }) });
});

test("a rule whose action is missing, or is not its namespace's to invoke, is a line in the trigger's record that says so", async () => {
  await seed(world.store, aPackage("/owner/private"), anAction("/owner/private/secret"));
  await seed(world.store, aRule("works", "bell", "run"), aRule("gone", "bell", "absent"), aRule("thief", "bell", "/owner/private/secret"));
  const id = (await fire())!;
  expect(await world.log.deliver()).toEqual([]);
  expect(await linesOf(id)).toEqual([
    expect.objectContaining({ rule: "guest/works", success: true }),
    { statusCode: 1, success: false, error: "The requested resource does not exist.", rule: "guest/gone", action: "guest/absent" },
    { statusCode: 1, success: false, error: "The supplied authentication is not authorized to access 'owner/private'.", rule: "guest/thief", action: "owner/private/secret" },
  ]);
  expect(world.invoker.ran.map(({ action }) => action.path)).toEqual(["guest/run"]);
});

test("an action that is changed or deleted after the fire runs as it was", async () => {
  await seed(world.store, aRule("first", "bell", "run"));
  const id = (await fire())!;
  await world.entities.put("actions", { namespace: "guest", name: "run" }, true, (old) => ({ ...old!, version: "0.0.2" }));
  await world.entities.delete("actions", { namespace: "guest", name: "run" }, 1);
  await world.entities.delete("triggers", { namespace: "guest", name: "bell" }, 1);
  expect(await world.log.deliver()).toEqual([]);
  expect(world.invoker.ran).toMatchObject([{ activationId: derivedActivationId(id, "guest/first"), action: { version: "0.0.1", rev: 1 } }]);
});

test("a rule's sequence is driven to its end", async () => {
  await seed(world.store, aSequence("both", ["run", "jump"]), aRule("first", "bell", "both"));
  const id = (await fire({ x: 1 }))!;
  expect(await world.log.deliver()).toEqual([]);
  const record = await world.store.activations.get("guest", derivedActivationId(id, "guest/first"));
  expect(record).toMatchObject({ name: "both", response: success({ tone: "low", volume: 1, x: 1 }), logs: [expect.any(String), expect.any(String)] });
});

test("when one rule fails the others still come to their records before the fire comes again", async () => {
  await seed(world.store, aRule("first", "bell", "run"), aRule("second", "bell", "jump"));
  const id = (await fire())!;
  let end!: () => void;
  world.invoker.code.set("guest/jump", () => new Promise((resolve) => (end = () => resolve(success("slow")))));
  world.invoker.refuse = ({ action }) => {
    if (action.name === "run") throw new TypeError("a defect");
  };
  let failures: unknown[] | undefined;
  const delivered = world.log.deliver().then((result) => (failures = result));
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  expect(failures).toBeUndefined();
  end();
  await delivered;
  expect(failures).toEqual([expect.any(TypeError)]);
  world.invoker.refuse = () => {};
  expect(await world.log.deliver()).toEqual([]);
  expect(world.invoker.ran.map(({ action }) => action.name)).toEqual(["jump", "run"]);
  expect((await world.store.activations.get("guest", derivedActivationId(id, "guest/second")))?.response).toEqual(success("slow"));
});
