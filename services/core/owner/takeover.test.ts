import { derivedActivationId } from "../ids";
import { applicationError, internalError, success } from "../model/activation";
import type { Action, Trigger } from "../model/entities";
import type { JsonObject } from "../model/parameters";
import type { Revision } from "../ports/store";
import { FakeInvoker } from "../testing/fakeInvoker";
import { anAction, aRule, aSequence, aTrigger, GUEST } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

const CONDUCTOR: Partial<Action> = { annotations: [{ key: "conductor", value: true }] };
const RETRIED: Partial<Action> = { annotations: [{ key: "retries", value: { max: 1, delay: 100 } }] };

let world: World;
/** Of another process than the controllers', so it goes on without them. */
let elsewhere: FakeInvoker;
/** Lets the run that goes on there end. */
let end: () => Promise<unknown>;

beforeEach(async () => {
  world = World.inMemory();
  world.alive.add("elsewhere");
  elsewhere = new FakeInvoker(world.store, "elsewhere", () => world.time);
  await seed(
    world.store,
    anAction("step"),
    anAction("last"),
    anAction("retried", RETRIED),
    anAction("inner", CONDUCTOR),
    anAction("outer", CONDUCTOR),
    aSequence("pair", ["step", "last"]),
    aSequence("both", ["pair", "last"]),
    aTrigger("bell"),
    aRule("one", "bell", "pair"),
  );
  for (const name of ["step", "last"]) code(name, (args) => success({ path: [...((args.path as string[] | undefined) ?? []), name] }));
  // Names what its arguments say, and gives what came of it.
  for (const name of ["inner", "outer"]) code(name, ({ action, params = {}, ...rest }) => success(action === undefined ? { params: rest } : { action, params: params as JsonObject }));
});

function code(name: string, run: (args: JsonObject) => ReturnType<typeof success>): void {
  for (const invoker of [world.invoker, elsewhere]) invoker.code.set(`guest/${name}`, ({ args }) => run(args as JsonObject));
}

/** The controller dies as that action's code has begun, for the first time. */
function dieAt(name: string): void {
  const run = world.invoker.run.bind(world.invoker);
  let died = false;
  jest.spyOn(world.invoker, "run").mockImplementation(async (message) => {
    if (died || message.action.name !== name) return run(message);
    died = true;
    const inner = elsewhere.code.get(message.action.path)!;
    await new Promise<void>((begun) => {
      elsewhere.code.set(message.action.path, async (started) => {
        begun();
        await new Promise<void>((resolve) => {
          end = async () => {
            resolve();
            await going;
          };
        });
        return inner(started);
      });
      const going = elsewhere.run(message);
    });
    throw new Error("the controller died");
  });
}

/** Accepts it, and dies at that action. */
async function interrupted(name: string, at: string, payload: JsonObject = {}): Promise<string> {
  dieAt(at);
  const id = await world.owner.accept(await world.request(name, payload));
  expect(await world.log.deliver()).toEqual([expect.objectContaining({ message: "the controller died" })]);
  return id;
}

/** Another controller takes over what is in the log, while the run elsewhere goes on for a while. */
async function takeOver(): Promise<void> {
  world.entities.invalidateAll();
  world.whilePausing = async () => void (await end());
  expect(await world.log.deliver()).toEqual([]);
}

const remove = (name: string) => world.entities.delete("actions", { namespace: "guest", name }, 1);
const replace = (action: Action) => seed(world.store, { ...action, version: "0.0.2" });
const recordOf = (id: string) => world.store.activations.get("guest", id);
/** Where code ran, in both places. */
const ran = () => [...elsewhere.ran, ...world.invoker.ran].map(({ action: { name, rev } }) => `${name}@${rev}`).sort();

describe("a step that is under way when another controller takes over, and whose action is gone by then,", () => {
  test("is waited for by its composition, which goes on with its result", async () => {
    const id = await interrupted("outer", "step", { action: "step" });
    await remove("step");
    await takeOver();
    expect(await recordOf(id)).toMatchObject({ response: success({ path: ["step"] }), logs: { length: 3 } });
    expect(ran()).toEqual(["outer@1", "outer@1", "step@1"]);
  });

  test("is waited for by its sequence, which goes on with its result", async () => {
    const id = await interrupted("pair", "step");
    await remove("step");
    await takeOver();
    expect(await recordOf(id)).toMatchObject({ response: success({ path: ["step", "last"] }), logs: { length: 2 } });
  });

  test("has its further attempts", async () => {
    let attempts = 0;
    code("retried", () => (++attempts > 1 ? success({ path: ["retried"] }) : applicationError("not yet")));
    const id = await interrupted("outer", "retried", { action: "retried" });
    await remove("retried");
    await takeOver();
    expect(await recordOf(id)).toMatchObject({ response: success({ path: ["retried"] }) });
    expect(ran()).toEqual(["outer@1", "outer@1", "retried@1", "retried@1"]);
  });

  test("and that never ends, has a record of the version that was begun", async () => {
    const id = await interrupted("outer", "step", { action: "step" });
    await replace(anAction("step"));
    world.alive.delete("elsewhere");
    await takeOver();
    expect(await recordOf(derivedActivationId(id, 1))).toMatchObject({ version: "0.0.1", response: { statusCode: 3 } });
  });

  test.each(["outer", "both"])("and that runs other actions itself, goes on: a sequence in %s", async (name) => {
    const id = await interrupted(name, "step", { action: "pair" });
    await remove("pair");
    await takeOver();
    expect((await recordOf(id))!.response).toMatchObject(success({ path: name === "outer" ? ["step", "last"] : ["step", "last", "last"] }));
  });

  test("and that is a composition, goes on", async () => {
    const id = await interrupted("outer", "step", { action: "inner", params: { action: "step" } });
    await remove("inner");
    await takeOver();
    expect(await recordOf(id)).toMatchObject({ response: success({ path: ["step"] }) });
    expect(ran()).toEqual(["inner@1", "inner@1", "outer@1", "outer@1", "step@1"]);
  });
});

describe("what was begun goes on with the revision that was chosen then:", () => {
  test("the further runs of a conductor", async () => {
    await interrupted("outer", "inner", { action: "inner", params: { action: "step" } });
    await replace(anAction("inner", CONDUCTOR));
    await takeOver();
    expect(ran()).toEqual(["inner@1", "inner@1", "outer@1", "outer@1", "step@1"]);
  });

  test("the steps of a sequence in a sequence", async () => {
    const id = await interrupted("both", "step");
    await replace(aSequence("pair", ["step", "step", "step"]));
    await takeOver();
    expect(await recordOf(id)).toMatchObject({ response: success({ path: ["step", "last", "last"] }) });
  });

  test("a rule's action", async () => {
    dieAt("step");
    const trigger = (await world.entities.find("guest/bell")) as Revision<Trigger>;
    const fire = (await world.owner.fire({ identity: GUEST, transactionId: "t", payload: {}, trigger, rules: await world.store.entities.rulesOf("guest/bell") }))!;
    expect(await world.log.deliver()).toHaveLength(1);
    await remove("pair");
    await takeOver();
    expect(await recordOf(derivedActivationId(fire, "guest/one"))).toMatchObject({ response: success({ path: ["step", "last"] }), version: "0.0.1" });
  });

  test("but what was not begun, with that of now", async () => {
    const id = await interrupted("both", "step");
    await replace(anAction("last"));
    await takeOver();
    expect((await recordOf(derivedActivationId(id, 1)))!.version).toBe("0.0.2");
  });
});

test("a step of which an attempt found no container, and the next one was begun, is that one's, though its action is gone", async () => {
  await seed(world.store, aSequence("steps", ["retried"]));
  const id = await world.owner.accept(await world.request("steps"));
  const activationId = derivedActivationId(id, 0);
  const { ref } = (await world.request("retried")).action;
  await world.store.starts.end({ activationId, attempt: 0, at: 1, response: internalError("no container") });
  await world.store.starts.claim({ activationId, attempt: 1, invoker: "one that died", at: 2, action: ref });
  await remove("retried");
  await world.owner.handle(world.log.messages[0]!, { redelivered: true });
  expect(await recordOf(activationId)).toMatchObject({ version: "0.0.1", response: { statusCode: 3 } });
});

test("a step that another owner has begun at the same time runs the revision that is noted down", async () => {
  const id = await world.owner.accept(await world.request("both"));
  const { ref } = (await world.request("pair")).action;
  await world.store.starts.claim({ activationId: derivedActivationId(id, 0), attempt: 0, invoker: "another", at: 1, action: ref });
  await replace(aSequence("pair", ["last"]));
  world.entities.invalidateAll();
  await world.owner.handle(world.log.messages[0]!, { redelivered: false });
  expect(await recordOf(id)).toMatchObject({ response: success({ path: ["step", "last", "last"] }) });
});

test("a blocking call notes down nothing: it ends with its owner", async () => {
  const claim = jest.spyOn(world.store.starts, "claim");
  expect(await world.owner.invoke(await world.request("both"), 1_000)).toMatchObject({ activation: { response: success({ path: ["step", "last", "last"] }) } });
  expect(claim).not.toHaveBeenCalled();
});
