import { WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import { type ActivationResponse, applicationError, internalError, success } from "../model/activation";
import type { Action, Identity, Package, Trigger } from "../model/entities";
import type { DeadLetter, Revision } from "../ports/store";
import { anAction, aPackage, aRule, aSequence, aTrigger, GUEST, identityOf } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, anAction("plain"), anAction("asks", { annotations: [{ key: "retries", value: { max: 1, delay: 0 } }] }));
  world.invoker.code.set("guest/asks", () => applicationError("no"));
});

const accept = async (name: string, payload = {}) => world.owner.accept(await world.request(name, payload));
const letters = () => world.store.deadLetters.list("guest", { limit: 0, skip: 0 });

/** Puts it in the place of what has its name. */
const change = (entity: Action | Package) => world.entities.put(entity.collection, entity, true, () => entity);

/** Runs it to its end, and gives the one letter that there is then. */
async function lettered(name: string, payload = {}): Promise<DeadLetter> {
  await accept(name, payload);
  expect(await world.log.deliver()).toEqual([]);
  const [letter, ...others] = await letters();
  expect(others).toEqual([]);
  return letter!;
}

describe("a dead letter is made", () => {
  test("of work that the platform failed, whether the action asks for retries or not", async () => {
    world.invoker.code.set("guest/plain", () => internalError("no container"));
    expect(await lettered("plain")).toMatchObject({ path: "guest/plain", reason: "no container", attempts: 1 });
  });

  test("of work that was lost, before its entry leaves the log", async () => {
    const id = await accept("plain");
    await world.store.starts.claim({ activationId: id, attempt: 0, invoker: "dead", at: 1 });
    jest.spyOn(world.store.deadLetters, "put").mockRejectedValueOnce(new Error("no store"));
    expect(await world.log.deliver()).toHaveLength(1);
    expect(await world.log.deliver()).toEqual([]);
    expect(await letters()).toMatchObject([{ activationId: id, attempts: 1 }]);
  });

  test("of work that was refused for ever, of which the code was never tried", async () => {
    world.invoker.refuse = () => {
      throw new WhiskError(400, "The kind is gone.");
    };
    expect(await lettered("plain")).toMatchObject({ reason: "The kind is gone.", attempts: 0 });
  });

  test("not of what ends after its namespace was deleted: another one may have its name", async () => {
    const gone = jest.fn(async (_identity: Identity) => true);
    world.context.isGone = gone;
    await accept("asks");
    expect(await world.log.deliver()).toEqual([]);
    expect(await letters()).toEqual([]);
    expect(gone).toHaveBeenCalledWith(GUEST);
  });

  test("not of what fails by itself and asks for no retries, and not of what succeeds", async () => {
    world.invoker.code.set("guest/plain", () => applicationError("no"));
    await accept("plain");
    world.invoker.code.set("guest/asks", () => success("yes"));
    await accept("asks");
    await world.log.deliver();
    expect(await letters()).toEqual([]);
  });

  test("of a sequence whose last step was tried in vain as often as it asks for, nested or not", async () => {
    await seed(world.store, aSequence("pair", ["plain", "asks", "plain"]), aSequence("outer", ["plain", "pair"]));
    const letter = await lettered("outer", { n: 1 });
    expect(letter).toMatchObject({ path: "guest/outer", reason: "no", attempts: 2, message: { kind: "invocation", payload: { n: 1 }, action: { action: { key: "guest/outer" } } } });
    expect(world.invoker.ran.map(({ action }) => action.name)).toEqual(["plain", "plain", "asks", "asks"]);
  });

  test("not of a sequence that fails for another reason than the step that asks for retries", async () => {
    world.invoker.code.set("guest/asks", () => success({}));
    await seed(world.store, aSequence("missing", ["asks", "absent"]), anAction("fails"), aSequence("fails-later", ["asks", "fails"]));
    world.invoker.code.set("guest/fails", () => applicationError("no"));
    for (const name of ["missing", "fails-later"]) await accept(name);
    await world.log.deliver();
    expect(await letters()).toEqual([]);
  });

  test("of a rule's activation, as an invocation that would do the same", async () => {
    await seed(world.store, aTrigger("bell", { parameters: [{ key: "tone", value: "low" }] }), aRule("one", "bell", "asks"), aRule("two", "bell", "plain"));
    const trigger = (await world.entities.find("guest/bell")) as Revision<Trigger>;
    const fire = (await world.owner.fire({ identity: GUEST, transactionId: "t", payload: { volume: 11 }, trigger, rules: await world.store.entities.rulesOf("guest/bell") }))!;
    expect(await world.log.deliver()).toEqual([]);
    const activationId = derivedActivationId(fire, "guest/one");
    expect(await letters()).toMatchObject([
      {
        activationId,
        path: "guest/asks",
        attempts: 2,
        message: { kind: "invocation", activationId, cause: fire, payload: { tone: "low", volume: 11 }, action: { action: { key: "guest/asks", rev: 1 } }, acceptedAt: 1_000_000 },
      },
    ]);
  });

  test("not of a blocking call, also not of one that was answered 202", async () => {
    world.invoker.code.set("guest/plain", () => internalError("no container"));
    await world.owner.invoke(await world.request("plain"), 60_000);
    let end!: (response: ActivationResponse) => void;
    world.invoker.code.set("guest/plain", () => new Promise((resolve) => (end = resolve)));
    expect(await world.owner.invoke(await world.request("plain"), 0)).toMatchObject({ kind: "accepted" });
    end(internalError("no container"));
    await world.owner.drained();
    expect(await world.log.deliver()).toEqual([]);
    expect([world.store.activations.all().length, await letters()]).toEqual([2, []]);
  });
});

describe("redriving a letter", () => {
  const caller = { identity: { ...GUEST, subject: "a person" }, transactionId: "another" };

  test("runs what was accepted with the newest code under an id that follows from the letter's, and the letter goes", async () => {
    const letter = await lettered("asks", { n: 1 });
    await change(anAction("asks", { version: "0.0.2", parameters: [{ key: "fixed", value: true }] }));
    world.invoker.code.set("guest/asks", ({ args }) => success(args));
    world.time += 60_000;
    const id = await world.owner.redrive(letter, caller);
    expect(id).toBe(derivedActivationId(letter.activationId, "redrive"));
    expect(await letters()).toEqual([]);
    expect(await world.log.deliver()).toEqual([]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ version: "0.0.2", subject: "a person", response: success({ fixed: true, n: 1 }) });
    expect(world.invoker.ran.at(-1)).toMatchObject({ transactionId: "another", receivedAt: 1_060_000, attempt: 0 });
  });

  test("twice, because a process died in between, is one activation", async () => {
    const letter = await lettered("asks");
    world.invoker.code.set("guest/asks", () => success("fixed"));
    jest.spyOn(world.store.deadLetters, "remove").mockRejectedValueOnce(new Error("killed"));
    await expect(world.owner.redrive(letter, caller)).rejects.toThrow("killed");
    expect(await letters()).toHaveLength(1);
    const before = world.invoker.ran.length;
    const id = await world.owner.redrive(letter, caller);
    expect(await world.log.depth()).toBe(2);
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all().filter(({ activationId }) => activationId === id)).toHaveLength(1);
    expect([world.invoker.ran.length, await world.log.depth()]).toEqual([before + 1, 0]);
  });

  test("that fails again makes a letter of the new activation", async () => {
    const letter = await lettered("asks");
    const id = await world.owner.redrive(letter, caller);
    await world.log.deliver();
    expect(await letters()).toMatchObject([{ activationId: id, attempts: 2, message: { activationId: id } }]);
  });

  test("whose action is gone is answered 404, and the letter stays", async () => {
    const letter = await lettered("asks");
    await world.entities.delete("actions", { namespace: "guest", name: "asks" }, 2);
    await expect(world.owner.redrive(letter, caller)).rejects.toMatchObject({
      status: 404,
      message: "The action 'guest/asks' of this dead letter does not exist any more: create it again, or purge the letter.",
    });
    expect([await world.log.depth(), await letters()]).toEqual([0, [letter]]);
  });

  test("when the log is full is refused, and the letter stays", async () => {
    const letter = await lettered("asks");
    world.log.full = new WhiskError(429, "Full.");
    await expect(world.owner.redrive(letter, caller)).rejects.toMatchObject({ status: 429 });
    expect(await letters()).toEqual([letter]);
  });

  test("goes through the binding by which the action was reached, and only while the package is shared", async () => {
    await seed(world.store, aPackage("/owner/tools", { publish: true }), anAction("/owner/tools/hammer"), aPackage("mine", { binding: { namespace: "owner", name: "tools" } }));
    world.invoker.code.set("owner/tools/hammer", () => internalError("no container"));
    const letter = await lettered("mine/hammer");
    expect(letter.path).toBe("owner/tools/hammer");
    await change(aPackage("mine", { binding: { namespace: "owner", name: "tools" }, parameters: [{ key: "size", value: 3 }] }));
    world.invoker.code.set("owner/tools/hammer", ({ args }) => success(args));
    await world.owner.redrive(letter, caller);
    await world.log.deliver();
    expect(world.store.activations.all().at(-1)).toMatchObject({ namespace: "guest", response: success({ size: 3 }) });
    await world.store.deadLetters.put(letter);
    await change(aPackage("/owner/tools", { publish: false }));
    await expect(world.owner.redrive(letter, caller)).rejects.toMatchObject({ status: 403 });
    await expect(world.owner.redrive(letter, { ...caller, identity: identityOf("other") })).rejects.toMatchObject({ status: 403 });
  });
});
