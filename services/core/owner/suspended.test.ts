import { RunLostError, WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import type { RunMessage } from "../messages";
import { applicationError } from "../model/activation";
import { FakeInvoker } from "../testing/fakeInvoker";
import { anAction, aRule, aSequence, aTrigger, GUEST } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

const REFUSED = { statusCode: 1, result: { error: "The action was not invoked due to a blacklisted namespace." } };

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, anAction("a"), aSequence("s", ["a", "a"]), aTrigger("t"), aRule("r", "t", "a"));
  await world.tenants.put({ name: "guest", uuid: GUEST.uuid, subject: GUEST.subject, keys: [], blocked: false, limits: {}, rev: 1 });
});

const block = () => world.tenants.put({ name: "guest", uuid: GUEST.uuid, subject: GUEST.subject, keys: [], blocked: true, limits: {}, rev: 2 });

/** What was accepted before the namespace was blocked, and is delivered afterwards. */
async function acceptedBefore(accept: () => Promise<string | undefined>): Promise<string> {
  const id = await accept();
  await block();
  expect(await world.log.deliver()).toEqual([]);
  return id!;
}

test("an invocation that was accepted before its namespace was blocked ends in one record, and its code does not run", async () => {
  const id = await acceptedBefore(async () => world.owner.accept(await world.request("a")));
  expect(world.store.activations.all()).toMatchObject([{ activationId: id, path: "guest/a", response: REFUSED }]);
  expect(world.invoker.ran).toEqual([]);
  expect(await world.store.deadLetters.count("guest")).toBe(0);
});

test("so do a sequence and the actions of rules, which do not begin", async () => {
  const id = await acceptedBefore(async () => world.owner.accept(await world.request("s")));
  const records = world.store.activations.all();
  expect(records.find(({ activationId }) => activationId === id)).toMatchObject({ path: "guest/s", response: REFUSED });
  expect(world.invoker.ran).toEqual([]);
});

test("a fired trigger has its record, and that of each rule", async () => {
  const id = await acceptedBefore(async () => {
    const trigger = (await world.store.entities.head("guest/t"))!;
    return world.owner.fire({ identity: GUEST, transactionId: "t", payload: {}, trigger: trigger as never, rules: await world.store.entities.rulesOf("guest/t") });
  });
  const records = world.store.activations.all();
  expect(records.map(({ path }) => path).sort()).toEqual(["guest/a", "guest/t"]);
  expect(records.find(({ path }) => path === "guest/a")).toMatchObject({ activationId: derivedActivationId(id, "guest/r"), response: REFUSED });
});

test("what was begun before comes to its own end, also when it is delivered again", async () => {
  world.invoker.code.set("guest/a", async () => {
    await block();
    return { statusCode: 0, result: { done: true } };
  });
  const id = await world.owner.accept(await world.request("a"));
  const [message] = world.log.messages;
  await world.log.deliver();
  await world.owner.handle(message!, { redelivered: true });
  expect(world.store.activations.all()).toMatchObject([{ activationId: id, response: { statusCode: 0, result: { done: true } } }]);
});

describe("accepted work whose namespace is blocked, or gone, while it waits", () => {
  const suspend = { blocked: block, gone: async () => world.tenants.remove((await world.tenants.stored("guest"))!) };
  const changes = Object.entries(suspend).map(([change, make]) => ({ change, make }));

  beforeEach(async () => {
    world.context.isSuspended = (identity) => world.tenants.isSuspended(identity);
    await seed(world.store, anAction("retried", { annotations: [{ key: "retries", value: { max: 3, delay: 1_000 } }] }));
  });

  /** Does it in the first pause. */
  const inPause = (make: () => Promise<unknown>) => {
    world.whilePausing = async () => {
      if (world.slept.length === 1) await make();
    };
  };

  test.each(changes)("for room is not offered again: $change", async ({ make }) => {
    let offers = 0;
    world.invoker.refuse = () => {
      if (++offers < 3) throw new WhiskError(429, "No room.");
    };
    inPause(make);
    const activationId = await world.owner.accept(await world.request("a"));
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId, response: REFUSED }]);
    expect([offers, await world.store.starts.get(activationId, 0)]).toMatchObject([1, { invoker: "refused" }]);
  });

  test.each(changes)("for its next attempt is not tried again: $change", async ({ make }) => {
    world.invoker.code.set("guest/retried", () => applicationError("no"));
    inPause(make);
    const activationId = await world.owner.accept(await world.request("retried"));
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId, response: REFUSED }]);
    expect(world.invoker.ran).toHaveLength(1);
    expect(await world.store.starts.get(activationId, 1)).toMatchObject({ invoker: "refused" });
    expect(await world.store.deadLetters.count("guest")).toBe(0);
  });

  test("after its lane has lost it, and which an invoker has begun, comes to its own end", async () => {
    const another = new FakeInvoker(world.store, "another", () => world.time);
    let sent!: RunMessage;
    world.invoker.refuse = (message) => {
      sent = message;
      throw new RunLostError("lost");
    };
    inPause(async () => {
      await block();
      await another.run(sent);
    });
    const activationId = await world.owner.accept(await world.request("a"));
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId, response: { statusCode: 0 } }]);
    expect(world.invoker.ran).toEqual([]);
  });
});

describe("a refusal that was interrupted", () => {
  const interruptions = {
    "when its start was claimed, though the store said otherwise": () => {
      const claim = world.store.starts.claim.bind(world.store.starts);
      jest.spyOn(world.store.starts, "claim").mockImplementationOnce(async (start) => {
        await claim(start);
        throw new Error("no store");
      });
    },
    "before its record was written": () => jest.spyOn(world.store.activations, "insert").mockRejectedValueOnce(new Error("no store")),
  };
  const cases = Object.entries(interruptions).flatMap(([when, interrupt]) => ["a", "retried"].map((name) => ({ when, interrupt, name })));

  async function interrupted(name: string, interrupt: () => unknown): Promise<string> {
    await seed(world.store, anAction("retried", { annotations: [{ key: "retries", value: 2 }] }));
    const id = await world.owner.accept(await world.request(name));
    await block();
    interrupt();
    expect(await world.log.deliver()).toEqual([expect.objectContaining({ message: "no store" })]);
    return id;
  }

  async function expectRefused(activationId: string): Promise<void> {
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId, response: REFUSED }]);
    expect([world.invoker.ran, world.slept, await world.store.deadLetters.count("guest")]).toEqual([[], [], 0]);
  }

  test.each(cases)("$when is finished when the work comes again ($name)", async ({ interrupt, name }) => {
    await expectRefused(await interrupted(name, interrupt));
  });

  test.each(cases)("$when is finished though the namespace is not blocked any more ($name)", async ({ interrupt, name }) => {
    const id = await interrupted(name, interrupt);
    await world.tenants.put({ name: "guest", uuid: GUEST.uuid, subject: GUEST.subject, keys: [], blocked: false, limits: {}, rev: 3 });
    await expectRefused(id);
  });
});

describe("a run that waited for a container when its namespace was blocked", () => {
  const isNotBegun = () => jest.spyOn(world.invoker, "run").mockResolvedValueOnce({ kind: "suspended" });

  test("and that was accepted, ends in one record, and no invoker can begin it any more", async () => {
    isNotBegun();
    const activationId = await world.owner.accept(await world.request("a"));
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId, response: REFUSED }]);
    expect([world.invoker.ran, await world.store.starts.get(activationId, 0)]).toMatchObject([[], { invoker: "refused" }]);
  });

  test("but was begun by another invoker, comes to its own end", async () => {
    const another = new FakeInvoker(world.store, "another", () => world.time);
    jest.spyOn(world.invoker, "run").mockImplementationOnce(async (message) => {
      await another.run(message);
      return { kind: "suspended" };
    });
    const activationId = await world.owner.accept(await world.request("a"));
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId, response: { statusCode: 0 } }]);
  });

  test("gives its caller the refusal, and has one record", async () => {
    isNotBegun();
    const outcome = await world.owner.invoke(await world.request("a"), 1_000);
    expect(outcome).toMatchObject({ kind: "done", activation: { response: REFUSED } });
    expect(world.store.activations.all()).toMatchObject([{ response: REFUSED }]);
    expect(world.invoker.ran).toEqual([]);
  });

  test("ends the sequence that it is a step of", async () => {
    isNotBegun();
    const activationId = await world.owner.accept(await world.request("s"));
    expect(await world.log.deliver()).toEqual([]);
    expect(await world.store.activations.get("guest", activationId)).toMatchObject({ response: REFUSED, logs: { length: 1 } });
    expect(world.invoker.ran).toEqual([]);
  });
});

test("a blocking call whose namespace is blocked before its next step gets the refusal as its result", async () => {
  world.invoker.code.set("guest/a", async () => {
    await block();
    return { statusCode: 0, result: {} };
  });
  const outcome = await world.owner.invoke(await world.request("s"), 1_000);
  expect(outcome).toMatchObject({ kind: "done", activation: { response: REFUSED } });
  expect(world.invoker.ran).toHaveLength(1);
});

test("what is refused of a deleted namespace is not of the time of one that was made since under its name", async () => {
  world.context.isSuspended = (identity) => world.tenants.isSuspended(identity);
  world.context.isGone = (identity) => world.tenants.isGone(identity);
  world.invoker.code.set("guest/a", async () => {
    await world.tenants.remove((await world.tenants.stored("guest"))!);
    world.time += 1_000;
    return { statusCode: 0, result: {} };
  });
  await world.owner.accept(await world.request("s"));
  expect(await world.log.deliver()).toEqual([]);
  const records = world.store.activations.all();
  expect(records).toHaveLength(3);
  const refused = records.filter(({ response }) => response.statusCode === 1);
  expect(refused).toHaveLength(2);
  for (const { start } of refused) expect(start).toBeLessThan(world.time);
});
