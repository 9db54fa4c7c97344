import { WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import { applicationError, success } from "../model/activation";
import { valueOf } from "../model/parameters";
import { anAction, aPackage, aSequence, identityOf } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, anAction("one"), anAction("two", { limits: { timeout: 60_000, memory: 512, logs: 10, concurrency: 1 } }), anAction("three"), aSequence("all", ["one", "two", "three"]));
  for (const name of ["one", "two", "three"]) {
    world.invoker.code.set(`guest/${name}`, ({ args }) => success({ path: [...((args as { path?: string[] }).path ?? []), name] }));
  }
});

const invoke = async (name: string, identity?: ReturnType<typeof identityOf>) => {
  const outcome = await world.owner.invoke(await world.request(name, {}, identity), 60_000);
  if (outcome.kind !== "done") throw new Error("not done");
  return outcome.activation;
};
const ranNames = () => world.invoker.ran.map(({ action }) => action.name);
const recordNamed = (name: string) => world.store.activations.all().find((record) => record.name === name)!;

describe("a sequence", () => {
  test("hands the result of each step to the next; its steps have ids that follow from its own", async () => {
    const record = await invoke("all");
    const ids = [0, 1, 2].map((index) => derivedActivationId(record.activationId, index));
    expect(record).toMatchObject({ name: "all", response: success({ path: ["one", "two", "three"] }), logs: ids, duration: 30 });
    expect(record.cause).toBeUndefined();
    expect(record.annotations).toEqual([
      { key: "path", value: "guest/all" },
      { key: "kind", value: "sequence" },
      { key: "waitTime", value: 0 },
      { key: "topmost", value: true },
      { key: "limits", value: { timeout: 60_000, memory: 512, logs: 10, concurrency: 1 } },
    ]);
    expect(world.invoker.ran.map(({ activationId, cause, annotations }) => ({ activationId, cause, annotations }))).toEqual(
      ids.map((activationId) => ({ activationId, cause: record.activationId, annotations: [{ key: "causedBy", value: "sequence" }] })),
    );
    expect(world.store.activations.all().map(({ name }) => name)).toEqual(["one", "two", "three", "all"]);
  });

  test("counts the wait of each step from the end of the one before", async () => {
    world.invoker.code.set("guest/one", () => {
      world.time += 5_000;
      return success({});
    });
    await invoke("all");
    expect(valueOf(recordNamed("two").annotations, "waitTime")).toBe(0);
  });

  test.each([
    ["an application error", () => applicationError("enough"), applicationError("enough")],
    ["a developer error", () => ({ statusCode: 2 as const, result: { error: "broken" } }), { statusCode: 2, result: { error: "broken" } }],
  ])("stops at %s of a step, which becomes its own outcome", async (_, code, response) => {
    world.invoker.code.set("guest/two", code);
    expect(await invoke("all")).toMatchObject({ response, logs: [expect.any(String), expect.any(String)] });
    expect(ranNames()).toEqual(["one", "two"]);
  });

  test("hands an array on as it is, and an empty object instead of what is neither object nor array", async () => {
    world.invoker.code.set("guest/one", () => success([1, 2]));
    world.invoker.code.set("guest/two", () => success("text"));
    await invoke("all");
    expect(world.invoker.ran.map(({ args }) => args)).toEqual([{}, [1, 2], {}]);
  });

  test("whose component is missing stops there with an application error", async () => {
    await world.entities.delete("actions", { namespace: "guest", name: "two" }, 1);
    expect(await invoke("all")).toMatchObject({ response: applicationError("Sequence component does not exist."), logs: [expect.any(String)] });
    expect(ranNames()).toEqual(["one"]);
  });

  test("runs no action that its caller may not invoke: another's, or of another's private package", async () => {
    await seed(world.store, anAction("/owner/secret"), aPackage("/owner/private"), anAction("/owner/private/secret"));
    for (const component of ["/owner/secret", "/owner/private/secret"]) {
      await seed(world.store, aSequence("thief", ["one", component]));
      world.entities.invalidate("guest/thief");
      world.invoker.ran.length = 0;
      expect(await invoke("thief")).toMatchObject({ response: applicationError("Sequence component does not exist.") });
      expect(ranNames()).toEqual(["one"]);
    }
  });

  test("runs the actions of another's public package", async () => {
    await seed(world.store, aPackage("/owner/shared", { publish: true }), anAction("/owner/shared/tool"), aSequence("user", ["/owner/shared/tool"]));
    expect(await invoke("user")).toMatchObject({ response: { statusCode: 0 } });
  });

  test("that is blocking fails when there is no room for a step", async () => {
    world.invoker.refuse = ({ action }) => {
      if (action.name === "two") throw new WhiskError(429, "Too many.");
    };
    expect(await invoke("all")).toMatchObject({ response: { statusCode: 3, result: { error: "Sequence failed: Too many." } } });
  });
});

describe("a sequence in a sequence", () => {
  test("is one step of the outer one, with a record and steps of its own", async () => {
    await seed(world.store, aSequence("outer", ["one", "all"]));
    const record = await invoke("outer");
    const inner = recordNamed("all");
    expect(record.logs).toEqual([derivedActivationId(record.activationId, 0), inner.activationId]);
    expect(record).toMatchObject({ response: success({ path: ["one", "one", "two", "three"] }), duration: 40 });
    expect(inner).toMatchObject({ activationId: derivedActivationId(record.activationId, 1), cause: record.activationId });
    expect(inner.annotations).toEqual(expect.arrayContaining([{ key: "topmost", value: false }, { key: "causedBy", value: "sequence" }]));
    expect(valueOf(record.annotations, "limits")).toMatchObject({ memory: 512 });
    expect(world.invoker.ran[1]!.cause).toBe(inner.activationId);
  });

  test("counts towards the fifty actions that the outermost one may run", async () => {
    await seed(world.store, aSequence("ten", Array<string>(10).fill("one")), aSequence("sixty", Array<string>(6).fill("ten")));
    expect(await invoke("sixty")).toMatchObject({ response: applicationError("Too many actions in the sequence.") });
    expect(world.invoker.ran).toHaveLength(50);
  });

  test("that comes back to itself ends, though no action ever runs", async () => {
    await seed(world.store, aSequence("ping", ["pong"]), aSequence("pong", ["ping"]));
    expect(await invoke("ping")).toMatchObject({ response: applicationError("Too many actions in the sequence.") });
    expect(world.invoker.ran).toEqual([]);
  });
});

describe("an accepted sequence that comes again", () => {
  /** Runs it until the store fails at the record of `failing`. */
  async function interruptedAt(failing: string) {
    const id = await world.owner.accept(await world.request("all"));
    const insert = world.store.activations.insert.bind(world.store.activations);
    const spy = jest.spyOn(world.store.activations, "insert").mockImplementation(async (record) => {
      if (record.name === failing) throw new Error("no store");
      return insert(record);
    });
    expect(await world.log.deliver()).toHaveLength(1);
    spy.mockRestore();
    return id;
  }

  test("goes on where its records end, and runs nothing twice", async () => {
    const id = await interruptedAt("all");
    expect(ranNames()).toEqual(["one", "two", "three"]);
    expect(await world.log.deliver()).toEqual([]);
    expect(ranNames()).toEqual(["one", "two", "three"]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: success({ path: ["one", "two", "three"] }), duration: 30 });
  });

  test("takes a step that was done as it was, though its action is gone since", async () => {
    const id = await interruptedAt("all");
    await world.entities.delete("actions", { namespace: "guest", name: "one" }, 1);
    expect(await world.log.deliver()).toEqual([]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: success({ path: ["one", "two", "three"] }) });
  });

  test("ends with the step that was begun and lost when its invoker died", async () => {
    const id = await interruptedAt("two");
    world.alive.delete(world.instance);
    expect(await world.log.deliver()).toEqual([]);
    expect(ranNames()).toEqual(["one", "two"]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: { statusCode: 3 }, logs: [derivedActivationId(id, 0), derivedActivationId(id, 1)] });
  });

  test("waits when there is no room for a step", async () => {
    let refusals = 2;
    world.invoker.refuse = ({ action }) => {
      if (action.name === "two" && refusals-- > 0) throw new WhiskError(429, "Too many.");
    };
    const id = await world.owner.accept(await world.request("all"));
    expect(await world.log.deliver()).toEqual([]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: success({ path: ["one", "two", "three"] }) });
  });
});

describe("a blocking sequence that outlasts its caller's patience", () => {
  test("is recorded as lost when the process that drives it is gone", async () => {
    world.invoker.code.set("guest/two", () => new Promise(() => {}));
    await world.owner.invoke(await world.request("all"), 0);
    const elsewhere = new World(world.store, world.log, "instance-2");
    expect(await elsewhere.log.deliver()).toEqual([]);
    expect(recordNamed("all")).toMatchObject({ response: { statusCode: 3 } });
  });

  test("is not given up while the process that drives it lives: all its steps may take their time", async () => {
    let end!: () => void;
    world.invoker.code.set("guest/three", () => new Promise((resolve) => (end = () => resolve(success("done")))));
    await world.owner.invoke(await world.request("all"), 0);
    const elsewhere = new World(world.store, world.log, "instance-2", new Set(["instance-1", "instance-2"]));
    elsewhere.whilePausing = async () => {
      if (elsewhere.time < 1_000_000 + 3 * 300_000) elsewhere.time += 60_000;
      else end();
    };
    expect(await elsewhere.log.deliver()).toEqual([]);
    expect(recordNamed("all")).toMatchObject({ response: success("done") });
  });
});
