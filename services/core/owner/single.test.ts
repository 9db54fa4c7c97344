import { RunLostError, WhiskError } from "../errors";
import { newActivationId } from "../ids";
import { applicationError, developerError, success } from "../model/activation";
import { anAction, aPackage, GUEST } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";

const WAIT = 60_000;
const never = () => new Promise<never>(() => {});
const lost = () => {
  throw new RunLostError("the connection broke");
};

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, anAction("hello", { parameters: [{ key: "greeting", value: "Hi" }, { key: "HOME", value: "/", init: true }] }));
});

describe("a blocking call", () => {
  test("answers with the record, which is in the store at once, with its logs", async () => {
    const outcome = await world.owner.invoke(await world.request("hello", { name: "Ann" }), WAIT);
    const [run] = world.invoker.ran;
    expect(run).toMatchObject({ attempt: 0, lastAttempt: true, accepted: false, args: { greeting: "Hi", name: "Ann" }, env: { HOME: "/" }, invoker: GUEST, receivedAt: 1_000_000 });
    expect(outcome).toMatchObject({ kind: "done", activation: { activationId: run!.activationId, response: { statusCode: 0, result: { greeting: "Hi", name: "Ann" } } } });
    expect(world.store.activations.all()).toMatchObject([{ activationId: run!.activationId, logs: ["a line"] }]);
    expect(world.owner.inFlight).toBe(0);
  });

  test.each([applicationError("no"), developerError("broken")])("answers with what the action failed with: %j", async (response) => {
    world.invoker.code.set("guest/hello", () => response);
    expect(await world.owner.invoke(await world.request("hello"), WAIT)).toMatchObject({ kind: "done", activation: { response } });
  });

  test("whose run is lost ends in the record of an internal error", async () => {
    world.invoker.refuse = lost;
    const outcome = await world.owner.invoke(await world.request("hello"), WAIT);
    expect(outcome).toMatchObject({ kind: "done", activation: { name: "hello", path: "guest/hello", namespace: "guest", start: 1_000_000, response: { statusCode: 3 } } });
    expect(world.store.activations.all()).toEqual([(outcome as { activation: unknown }).activation]);
  });

  test("whose run is lost after its record was written answers with that record", async () => {
    world.invoker.code.set("guest/hello", async (message) => {
      const { FakeInvoker } = await import("../testing/fakeInvoker");
      await new FakeInvoker(world.store, "another", () => world.time).run(message);
      return lost();
    });
    expect(await world.owner.invoke(await world.request("hello"), WAIT)).toMatchObject({ activation: { response: { statusCode: 0 } } });
    expect(world.store.activations.all()).toHaveLength(1);
  });

  test("for which there is no room is refused and leaves nothing behind", async () => {
    world.invoker.refuse = () => {
      throw new WhiskError(429, "Too many.");
    };
    await expect(world.owner.invoke(await world.request("hello"), WAIT)).rejects.toMatchObject({ status: 429 });
    expect([world.store.activations.all(), world.log.messages, world.owner.inFlight]).toEqual([[], [], 0]);
  });

  test("gives a key to actions that ask for one, and to no other", async () => {
    await seed(world.store, anAction("caller", { annotations: [{ key: "provide-api-key", value: true }] }));
    await world.owner.invoke(await world.request("caller"), WAIT);
    await world.owner.invoke(await world.request("hello"), WAIT);
    const [withKey, without] = world.invoker.ran;
    expect([withKey!.apiKey, without!.apiKey]).toEqual([`${GUEST.uuid}:${withKey!.activationId}:${1_000_000 + 2 * 60_000 + 60_000}`, undefined]);
  });

  test("through a binding names it in the record, and the provider's action as what ran", async () => {
    await seed(world.store, aPackage("/owner/tools", { publish: true }), anAction("/owner/tools/hammer"), aPackage("mine", { binding: { namespace: "owner", name: "tools" } }));
    world.invoker.refuse = lost;
    const outcome = await world.owner.invoke(await world.request("mine/hammer"), WAIT);
    expect(outcome).toMatchObject({
      activation: {
        namespace: "guest",
        path: "owner/tools/hammer",
        annotations: [
          { key: "path", value: "owner/tools/hammer" },
          { key: "kind", value: "nodejs:24" },
          { key: "limits", value: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 } },
          { key: "binding", value: "guest/mine" },
        ],
      },
    });
  });
});

describe("accepted work", () => {
  const accept = async () => world.owner.accept(await world.request("hello", { n: 1 }));

  test("ends in one record, and leaves the log", async () => {
    const id = await accept();
    expect(world.log.messages).toMatchObject([{ kind: "invocation", activationId: id, payload: { n: 1 }, action: { action: { key: "guest/hello", rev: 1 }, packages: [] } }]);
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId: id, response: success({ greeting: "Hi", n: 1 }) }]);
    expect(await world.log.depth()).toBe(0);
  });

  test("is refused when the log is full", async () => {
    world.log.full = new WhiskError(503, "Too much accepted work is waiting.");
    await expect(accept()).rejects.toMatchObject({ status: 503 });
  });

  test.each([429, 503])("for which there is no room (%d) waits until there is", async (status) => {
    let refusals = 3;
    world.invoker.refuse = () => {
      if (refusals-- > 0) throw new WhiskError(status, "No room.");
    };
    await accept();
    expect(await world.log.deliver()).toEqual([]);
    expect(world.slept).toHaveLength(3);
    expect(world.store.activations.all()).toMatchObject([{ response: { statusCode: 0 } }]);
  });

  test("that can never run ends in the record of an internal error that says why", async () => {
    world.invoker.refuse = () => {
      throw new WhiskError(400, "The kind is gone.");
    };
    await accept();
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ response: { statusCode: 3, result: { error: "The kind is gone." } } }]);
  });

  test("of which the lane lost the message before it was begun is offered again, after a pause", async () => {
    let losses = 3;
    world.invoker.refuse = () => {
      if (losses-- > 0) lost();
    };
    await accept();
    expect(await world.log.deliver()).toEqual([]);
    expect(world.invoker.ran).toHaveLength(1);
    expect(world.slept).toHaveLength(3);
  });

  test("that an invoker began and whose invoker died is recorded as lost, and its code does not run again", async () => {
    const id = await accept();
    await world.store.starts.claim({ activationId: id, attempt: 0, invoker: "dead", at: 1 });
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId: id, response: { statusCode: 3 } }]);
    expect(world.invoker.ran).toEqual([]);
  });

  test("that an invoker began which lives, and of which it says nothing for longer than any run takes, is recorded as lost", async () => {
    const id = await accept();
    world.alive.add("another");
    await world.store.starts.claim({ activationId: id, attempt: 0, invoker: "another", at: 1 });
    const begun = world.time;
    expect(await world.log.deliver()).toEqual([]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: { statusCode: 3 } });
    expect(world.time - begun).toBeGreaterThan(2 * 60_000);
    expect(world.invoker.ran).toEqual([]);
  });

  test("that another invoker has in hand is waited for while that invoker lives", async () => {
    const id = await accept();
    world.alive.add("another");
    await world.store.starts.claim({ activationId: id, attempt: 0, invoker: "another", at: 1 });
    const other = await record();
    world.whilePausing = async () => {
      if (world.slept.length === 5) await world.store.activations.insert({ ...other, activationId: id, response: success("from the other") });
    };
    expect(await world.log.deliver()).toEqual([]);
    expect(await world.store.activations.get("guest", id)).toMatchObject({ response: { result: "from the other" } });
    expect(world.slept).toHaveLength(5);
    expect(world.invoker.ran.map((run) => run.activationId)).not.toContain(id);
  });

  test("comes again when the store fails, and is then done", async () => {
    await accept();
    jest.spyOn(world.store.activations, "insert").mockRejectedValueOnce(new Error("no store"));
    expect(await world.log.deliver()).toEqual([expect.objectContaining({ message: "no store" })]);
    world.alive.delete(world.instance);
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ response: { statusCode: 3 } }]);
  });

  test("runs at the revision that was accepted, though the action was changed or deleted since", async () => {
    await accept();
    await world.entities.put("actions", { namespace: "guest", name: "hello" }, true, (old) => ({ ...old!, version: "0.0.2", parameters: [] }));
    await world.entities.delete("actions", { namespace: "guest", name: "hello" }, 2);
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ version: "0.0.1", response: success({ greeting: "Hi", n: 1 }) }]);
  });

  /** Some record, made by a blocking call. */
  async function record() {
    await world.owner.invoke(await world.request("hello"), WAIT);
    world.invoker.ran.length = 0;
    return world.store.activations.all()[0]!;
  }
});

describe("a blocking call that outlasts its caller's patience", () => {
  const held = () => {
    let end!: (response: ReturnType<typeof success>) => void;
    let fail!: (error: Error) => void;
    world.invoker.code.set("guest/hello", () => new Promise((resolve, reject) => ([end, fail] = [resolve, reject])));
    return { end: (result: string) => end(success(result)), fail: (error: Error) => fail(error) };
  };

  test("is accepted: its record appears when it ends, and the log lets go of it then", async () => {
    const run = held();
    const outcome = await world.owner.invoke(await world.request("hello"), 0);
    const id = world.invoker.ran[0]!.activationId;
    expect(outcome).toEqual({ kind: "accepted", activationId: id });
    expect(world.log.messages).toMatchObject([{ kind: "watch", activationId: id, owner: "instance-1" }]);
    expect(world.owner.inFlight).toBe(1);
    const delivered = world.log.deliver();
    run.end("late");
    expect(await delivered).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId: id, response: success("late") }]);
    expect([world.owner.inFlight, await world.log.depth()]).toEqual([0, 0]);
  });

  test("and then is refused ends in the record of an internal error that says why, wherever the watch comes to", async () => {
    const run = held();
    await world.owner.invoke(await world.request("hello"), 0);
    run.fail(new WhiskError(503, "No room."));
    await world.owner.drained();
    const elsewhere = new World(world.store, world.log, "instance-2", new Set(["instance-1", "instance-2"]));
    expect(await elsewhere.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ response: { statusCode: 3, result: { error: "No room." } } }]);
    expect(elsewhere.slept.length).toBeLessThan(3);
  });

  test("and whose outcome nobody can know any more is recorded as lost at its deadline, and not before", async () => {
    world.invoker.code.set("guest/hello", never);
    await world.owner.invoke(await world.request("hello"), 0);
    const { deadline, activationId } = world.log.messages[0] as { deadline: number; activationId: string };
    expect(deadline).toBe(1_000_000 + 2 * 60_000 + 60_000);
    const elsewhere = new World(world.store, world.log, "instance-2");
    elsewhere.time = deadline - 1_000;
    expect(await elsewhere.log.deliver()).toEqual([]);
    expect(elsewhere.time).toBeGreaterThan(deadline);
    expect(world.store.activations.all()).toMatchObject([{ activationId, response: { statusCode: 3 }, start: 1_000_000 }]);
  });

  test("is refused when it cannot be promised any more", async () => {
    const run = held();
    world.log.full = new WhiskError(429, "Full.");
    await expect(world.owner.invoke(await world.request("hello"), 0)).rejects.toMatchObject({ status: 429 });
    run.end("late");
    await world.owner.drained();
    expect(world.store.activations.all()).toMatchObject([{ response: success("late") }]);
  });

  test("counts as under way until it ends: draining waits for it", async () => {
    const run = held();
    await world.owner.invoke(await world.request("hello"), 0);
    let drained = false;
    const draining = world.owner.drained().then(() => (drained = true));
    await new Promise(setImmediate);
    expect(drained).toBe(false);
    run.end("late");
    await draining;
    expect(world.owner.inFlight).toBe(0);
  });
});

test("a watch that comes again after its record is there is done at once", async () => {
  const activationId = newActivationId();
  const request = await world.request("hello");
  await world.owner.invoke(request, WAIT);
  const [record] = world.store.activations.all();
  await world.store.activations.insert({ ...record!, activationId });
  const watch = { kind: "watch" as const, activationId, transactionId: "t", identity: GUEST, acceptedAt: 0, action: request.action.ref, owner: "gone", deadline: 0 };
  await world.owner.handle(watch, { redelivered: true });
  expect(await world.store.activations.get("guest", activationId)).toMatchObject({ response: { statusCode: 0 } });
});
