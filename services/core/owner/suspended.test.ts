import { derivedActivationId } from "../ids";
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

test("a blocking call whose namespace is blocked before its next step gets the refusal as its result", async () => {
  world.invoker.code.set("guest/a", async () => {
    await block();
    return { statusCode: 0, result: {} };
  });
  const outcome = await world.owner.invoke(await world.request("s"), 1_000);
  expect(outcome).toMatchObject({ kind: "done", activation: { response: REFUSED } });
  expect(world.invoker.ran).toHaveLength(1);
});
