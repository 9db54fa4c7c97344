import { until } from "../../../test/support/until";
import { WhiskError } from "../errors";
import type { Trigger } from "../model/entities";
import type { Revision } from "../ports/store";
import { anAction, aRule, aSequence, aTrigger, GUEST } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

/** A store that does not answer says nothing of what was asked for: whoever takes it for an answer breaks a promise. */
const away = new WhiskError(503, "The database does not answer; try again later.");

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, anAction("a"), anAction("b"), aSequence("pair", ["a", "b"]), aTrigger("bell"), aRule("one", "bell", "a"));
});

/** Heads cannot be read while this is set, but for those of which it says so. */
function lose(readable: (key: string) => boolean = () => false): { found(): void } {
  const head = world.store.entities.head.bind(world.store.entities);
  const spy = jest.spyOn(world.store.entities, "head").mockImplementation(async (key) => {
    if (readable(key)) return head(key);
    throw away;
  });
  return { found: () => spy.mockRestore() };
}

test("a trigger whose rules' actions cannot be looked up is not accepted", async () => {
  const trigger = (await world.entities.find("guest/bell")) as Revision<Trigger>;
  const rules = await world.store.entities.rulesOf("guest/bell");
  const outage = lose();
  await expect(world.owner.fire({ identity: GUEST, transactionId: "t", payload: {}, trigger, rules })).rejects.toBe(away);
  expect(world.log.messages).toEqual([]);
  outage.found();
  expect(await world.owner.fire({ identity: GUEST, transactionId: "t", payload: {}, trigger, rules })).toEqual(expect.any(String));
});

test("an accepted sequence whose next step cannot be looked up comes again, and goes on there", async () => {
  const id = await world.owner.accept(await world.request("pair"));
  const outage = lose((key) => key !== "guest/b");
  expect(await world.log.deliver()).toEqual([away]);
  expect(await world.store.activations.get("guest", id)).toBeUndefined();
  outage.found();
  expect(await world.log.deliver()).toEqual([]);
  expect(await world.store.activations.get("guest", id)).toMatchObject({ response: { statusCode: 0 } });
  expect(world.invoker.ran.map(({ action }) => action.name)).toEqual(["a", "b"]);
});

test("a blocking sequence whose next step cannot be looked up fails, and says why", async () => {
  const request = await world.request("pair");
  lose((key) => key !== "guest/b");
  const outcome = await world.owner.invoke(request, 1_000);
  expect(outcome).toMatchObject({ kind: "done", activation: { response: { statusCode: 3, result: { error: `Sequence failed: ${away.message}` } } } });
});

test("the record of a blocking sequence that ends while the store is away is there once it is back", async () => {
  const insert = world.store.activations.insert.bind(world.store.activations);
  let left = 3;
  jest.spyOn(world.store.activations, "insert").mockImplementation(async (record) => {
    if (record.name === "pair" && left-- > 0) throw away;
    return insert(record);
  });
  const outcome = await world.owner.invoke(await world.request("pair"), 1_000);
  const { activationId } = (outcome as { activation: { activationId: string } }).activation;
  await until("its record", () => world.store.activations.get("guest", activationId));
  expect(left).toBe(-1);
});
