import { WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import { applicationError, success } from "../model/activation";
import type { Action } from "../model/entities";
import { type Json, type JsonObject, valueOf } from "../model/parameters";
import { anAction, aPackage, aSequence } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

const CONDUCTOR: Partial<Action> = { annotations: [{ key: "conductor", value: true }] };
const BIG = { limits: { timeout: 60_000, memory: 512, logs: 10, concurrency: 1 } };

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, anAction("conductor", CONDUCTOR), anAction("echo", CONDUCTOR), anAction("step", BIG), anAction("wide"), aSequence("twice", ["step", "step"]));
  world.invoker.code.set("guest/conductor", ({ args }) => respond(conduct(args as JsonObject)));
  world.invoker.code.set("guest/echo", ({ args }) => respond(args));
  world.invoker.code.set("guest/step", ({ args }) => ("n" in args ? success({ n: (args.n as number) + 1 }) : applicationError("missing parameter")));
  world.invoker.code.set("guest/wide", () => success([1, 2]));
});

const respond = (result: Json) => (typeof result === "object" && result !== null && "error" in result ? applicationError(result.error!) : success(result));

/** Takes its orders from its arguments: `action` and `state` go back, all else is for the component, `params` unpacked. */
function conduct(args: JsonObject): JsonObject {
  if ("error" in args) return args;
  const { action, state, params = {}, ...rest } = args;
  return { ...(action === undefined ? {} : { action }), ...(state === undefined ? {} : { state }), params: { ...(params as JsonObject), ...rest } };
}

async function invoke(name: string, payload: JsonObject = {}) {
  const outcome = await world.owner.invoke(await world.request(name, payload), 60_000);
  if (outcome.kind !== "done") throw new Error("not done");
  return outcome.activation;
}
const ranNames = () => world.invoker.ran.map(({ action }) => action.name);
/** `depth` of `inner` in each other. */
const nested = (depth: number, wrap: (inner: JsonObject) => JsonObject): JsonObject => (depth === 0 ? {} : wrap(nested(depth - 1, wrap)));
const chain = (length: number) => nested(length, (state) => ({ action: "step", state }));

describe("a conductor that names no action", () => {
  test("is a composition of one run, with its result", async () => {
    const record = await invoke("echo", { payload: "text", state: 1 });
    expect(record).toMatchObject({ name: "echo", response: success({ payload: "text", state: 1 }), logs: [derivedActivationId(record.activationId, 0)], duration: 10 });
    expect(record.cause).toBeUndefined();
    expect(record.annotations).toEqual([
      { key: "path", value: "guest/echo" },
      { key: "kind", value: "sequence" },
      { key: "waitTime", value: 0 },
      { key: "topmost", value: true },
      { key: "conductor", value: true },
      { key: "limits", value: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 } },
    ]);
    expect(world.invoker.ran).toMatchObject([{ activationId: record.logs[0], cause: record.activationId, annotations: [{ key: "causedBy", value: "sequence" }] }]);
  });

  test("fails as its run does", async () => {
    expect(await invoke("echo", { error: "text" })).toMatchObject({ response: applicationError("text"), logs: [expect.any(String)] });
  });

  test("may give its result as params", async () => {
    expect(await invoke("echo", { params: { payload: 1 }, result: 2 })).toMatchObject({ response: success({ payload: 1 }) });
  });
});

describe("a conductor that names an action", () => {
  test("gets that action's result, until it names none; each run has an id that follows from the composition's", async () => {
    const record = await invoke("conductor", { action: "step", n: 1 });
    const id = record.activationId;
    expect(record).toMatchObject({ response: success({ n: 2 }), logs: [0, 1, 2].map((index) => derivedActivationId(id, index)), duration: 30 });
    expect(valueOf(record.annotations, "limits")).toMatchObject({ memory: 512 });
    expect(ranNames()).toEqual(["conductor", "step", "conductor"]);
    expect(world.invoker.ran.every(({ cause }) => cause === id)).toBe(true);
    expect(world.store.activations.all()).toHaveLength(4);
  });

  test("gets that action's error", async () => {
    expect(await invoke("conductor", { action: "step" })).toMatchObject({ response: applicationError("missing parameter"), logs: { length: 3 } });
  });

  test("gets back its state, on top of the result", async () => {
    expect(await invoke("conductor", { action: "step", state: { witness: 42 }, n: 1 })).toMatchObject({ response: success({ n: 2, witness: 42 }) });
    expect(await invoke("conductor", { action: "step", state: { action: "step" }, n: 1 })).toMatchObject({ response: success({ n: 3 }), logs: { length: 5 } });
  });

  test("runs a sequence as one component", async () => {
    const record = await invoke("conductor", { action: "twice", n: 1 });
    expect(record).toMatchObject({ response: success({ n: 3 }), duration: 40, logs: { length: 3 } });
    const inner = world.store.activations.all().find(({ name }) => name === "twice")!;
    expect(inner).toMatchObject({ activationId: record.logs[1], cause: record.activationId });
    expect(inner.annotations).toEqual(expect.arrayContaining([{ key: "topmost", value: false }, { key: "causedBy", value: "sequence" }]));
  });

  test("gets an array as a value", async () => {
    expect(await invoke("conductor", { action: "wide" })).toMatchObject({ response: success({ value: [1, 2] }) });
  });

  test("has its declared parameters each time", async () => {
    await seed(world.store, anAction("fixed", { ...CONDUCTOR, parameters: [{ key: "k", value: "v" }] }));
    world.invoker.code.set("guest/fixed", ({ args }) => respond("n" in args ? { params: args } : { action: "step", params: { n: 0 } }));
    expect(await invoke("fixed")).toMatchObject({ response: success({ k: "v", n: 1 }) });
  });
});

describe("a component that cannot be run", () => {
  test.each<[string, Json, string]>([
    ["whose name is none", "invalid#Action", 'Failed to parse action name from json value "invalid#Action" during composition.'],
    ["whose name is no text", { a: [1] }, 'Failed to parse action name from json value {"a":[1]} during composition.'],
    ["that does not exist", "missing", "Failed to resolve action with name 'guest/missing' during composition."],
    ["that does not exist in a package", "tools/missing", "Failed to resolve action with name 'guest/tools/missing' during composition."],
    ["that does not exist in another's public package", "/owner/shared/missing", "Failed to resolve action with name 'owner/shared/missing' during composition."],
    ["of a package that does not exist", "nowhere/step", "Failed entitlement check for action with name 'guest/nowhere/step' during composition."],
    ["of another namespace", "/owner/secret", "Failed entitlement check for action with name 'owner/secret' during composition."],
    ["of another's private package", "/owner/private/secret", "Failed entitlement check for action with name 'owner/private/secret' during composition."],
  ])("%s is told to the conductor, with its state", async (_, action, error) => {
    await seed(world.store, aPackage("tools"), aPackage("/owner/shared", { publish: true }), anAction("/owner/secret"), aPackage("/owner/private"), anAction("/owner/private/secret"));
    world.invoker.code.set("guest/conductor", ({ args }) => respond("asked" in args ? { params: { got: args } } : { action, state: { asked: true } }));
    expect(await invoke("conductor")).toMatchObject({ response: success({ got: { error, asked: true } }), logs: { length: 2 } });
    expect(ranNames()).toEqual(["conductor", "conductor"]);
  });

  test("because there is no room ends a blocking composition", async () => {
    world.invoker.refuse = ({ action }) => {
      if (action.name === "step") throw new WhiskError(429, "Too many.");
    };
    expect(await invoke("conductor", { action: "step", n: 1 })).toMatchObject({ response: { statusCode: 3, result: { error: "Activation failure during composition." } }, logs: { length: 1 } });
  });
});

describe("a composition in a composition", () => {
  test("is one component, with a record and runs of its own", async () => {
    const record = await invoke("conductor", { action: "conductor", params: { action: "step" }, n: 1 });
    expect(record).toMatchObject({ response: success({ n: 2 }), duration: 50, logs: { length: 3 } });
    const inner = (await world.store.activations.get("guest", record.logs[1]!))!;
    expect(inner).toMatchObject({ cause: record.activationId, response: success({ n: 2 }), logs: [0, 1, 2].map((index) => derivedActivationId(inner.activationId, index)) });
    expect(inner.annotations).toEqual(expect.arrayContaining([{ key: "topmost", value: false }, { key: "causedBy", value: "sequence" }, { key: "conductor", value: true }]));
  });

  test("goes as deep as one likes within the limits", async () => {
    const deep = { action: "conductor", state: { action: "step" }, params: { action: "conductor", state: { action: "step" }, params: { action: "step" } }, n: 1 };
    expect(await invoke("conductor", deep)).toMatchObject({ response: success({ n: 4 }), duration: 110, logs: { length: 5 } });
  });
});

describe("a composition in a sequence", () => {
  test("is one step", async () => {
    await seed(world.store, aSequence("mixed", ["conductor", "step"]));
    const record = await invoke("mixed", { action: "step", n: 1 });
    expect(record).toMatchObject({ response: success({ n: 3 }), logs: { length: 2 }, duration: 40 });
  });

  test("stops it when its result tells of an error", async () => {
    await seed(world.store, aSequence("mixed", ["echo", "step"]));
    expect(await invoke("mixed", { params: { error: "no" } })).toMatchObject({ response: { statusCode: 0, result: { error: "no" } }, logs: { length: 1 } });
  });

  test("that is a component of a composition counts with that, so that it cannot go on for ever", async () => {
    await seed(world.store, aSequence("loop", ["endless"]), anAction("endless", CONDUCTOR));
    world.invoker.code.set("guest/endless", () => respond({ action: "loop" }));
    expect(await invoke("endless")).toMatchObject({ response: applicationError("Too many actions in the composition.") });
    expect(world.invoker.ran.length).toBeLessThanOrEqual(101);
  });
});

describe("a composition may run", () => {
  const TOO_LONG = applicationError("Too many actions in the composition.");

  test("fifty components, and tells its conductor of the fifty-first", async () => {
    expect(await invoke("conductor", { ...chain(50), n: 0 })).toMatchObject({ response: success({ n: 50 }), duration: 1_010 });
    world.invoker.ran.length = 0;
    expect(await invoke("conductor", { ...chain(51), n: 0 })).toMatchObject({ response: TOO_LONG });
    expect(ranNames().filter((name) => name === "step")).toHaveLength(50);
  });

  test("as many together with those in it", async () => {
    expect(await invoke("conductor", { action: "conductor", params: chain(50), n: 0 })).toMatchObject({ response: success({ n: 50 }) });
    expect(await invoke("conductor", { action: "conductor", params: chain(51), n: 0 })).toMatchObject({ response: TOO_LONG });
  });

  test("conductors a hundred and one times", async () => {
    const recursion = (depth: number) => nested(depth, (params) => ({ action: "conductor", params }));
    expect(await invoke("conductor", { ...recursion(50), n: 0 })).toMatchObject({ response: success({ n: 0 }) });
    expect(world.invoker.ran).toHaveLength(101);
    expect(await invoke("conductor", { ...recursion(51), n: 0 })).toMatchObject({ response: TOO_LONG });
  });
});

describe("the annotation", () => {
  test.each([false, 0, "", null])("%j makes no conductor", async (value) => {
    await seed(world.store, anAction("plain", { annotations: [{ key: "conductor", value }] }));
    expect(await invoke("plain", { action: "step" })).toMatchObject({ response: success({ action: "step" }), logs: [] });
  });

  test("means nothing on a sequence", async () => {
    await seed(world.store, aSequence("both", ["step"], CONDUCTOR));
    expect(await invoke("both", { n: 1 })).toMatchObject({ response: success({ n: 2 }), logs: { length: 1 } });
  });
});

describe("an accepted composition that comes again", () => {
  /** Runs it until something breaks before its n-th run. */
  async function interruptedBefore(count: number, payload: JsonObject) {
    let left = count;
    world.invoker.refuse = () => {
      if (left-- <= 0) throw new Error("broken");
    };
    const id = await world.owner.accept(await world.request("conductor", payload));
    expect(await world.log.deliver()).toHaveLength(1);
    world.invoker.refuse = () => {};
    return id;
  }

  test("goes on where its records end, wherever that is, and runs nothing twice", async () => {
    const payload = { action: "step", state: { action: "conductor", params: { action: "step" } }, n: 1 };
    for (let count = 0; count < 7; count++) {
      world.invoker.ran.length = 0;
      const id = await interruptedBefore(count, payload);
      expect(await world.log.deliver()).toEqual([]);
      expect(ranNames()).toEqual(["conductor", "step", "conductor", "conductor", "step", "conductor", "conductor"]);
      expect(await world.store.activations.get("guest", id)).toMatchObject({ response: success({ n: 3 }), duration: 70, logs: { length: 5 } });
    }
  });

  test("finds its record, if it has one", async () => {
    await world.owner.accept(await world.request("conductor", { action: "step", n: 1 }));
    const message = world.log.messages[0]!;
    expect(await world.log.deliver()).toEqual([]);
    const before = world.store.activations.all();
    await world.owner.handle(message, { redelivered: true });
    expect(world.store.activations.all()).toEqual(before);
    expect(before).toHaveLength(4);
  });

  test("counts what it had run, a composition that is in it included", async () => {
    await interruptedBefore(52, { action: "conductor", params: chain(25), state: chain(26), n: 0 });
    expect(await world.log.deliver()).toEqual([]);
    expect(ranNames().filter((name) => name === "step")).toHaveLength(50);
  });

  test("sticks to it that a component was missing, though it is there now", async () => {
    const id = await world.owner.accept(await world.request("conductor", { action: "late", state: { action: "step" } }));
    const insert = world.store.activations.insert.bind(world.store.activations);
    const spy = jest.spyOn(world.store.activations, "insert").mockImplementation(async (record) => {
      if (record.activationId === id) throw new Error("no store");
      return insert(record);
    });
    expect(await world.log.deliver()).toHaveLength(1);
    spy.mockRestore();
    await seed(world.store, anAction("late"));
    world.entities.invalidateAll();
    expect(await world.log.deliver()).toEqual([]);
    expect(ranNames()).toEqual(["conductor", "conductor"]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: applicationError("Failed to resolve action with name 'guest/late' during composition."), logs: { length: 2 } });
  });

  test("waits when there is no room for a run", async () => {
    let refusals = 2;
    world.invoker.refuse = ({ action }) => {
      if (action.name === "step" && refusals-- > 0) throw new WhiskError(429, "Too many.");
    };
    const id = await world.owner.accept(await world.request("conductor", { action: "step", n: 1 }));
    expect(await world.log.deliver()).toEqual([]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: success({ n: 2 }) });
  });
});

test("a blocking composition that outlasts its caller's patience is recorded as lost when the process that drives it is gone", async () => {
  world.invoker.code.set("guest/step", () => new Promise(() => {}));
  await world.owner.invoke(await world.request("conductor", { action: "step" }), 0);
  const elsewhere = new World(world.store, world.log, "instance-2");
  expect(await elsewhere.log.deliver()).toEqual([]);
  const records = world.store.activations.all().filter(({ cause }) => cause === undefined);
  expect(records).toMatchObject([{ name: "conductor", response: { statusCode: 3 } }]);
});
