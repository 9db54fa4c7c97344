import { RunLostError, WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import { type ActivationResponse, applicationError, developerError, internalError, success } from "../model/activation";
import { UNLIMITED } from "../model/namespaceLimits";
import { type Json, valueOf } from "../model/parameters";
import { anAction, aSequence } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";
import { Throttle } from "./throttle";

const retrying = (name: string, value: Json) => anAction(name, { annotations: [{ key: "retries", value }] });

let world: World;
beforeEach(async () => {
  world = World.inMemory();
  await seed(world.store, retrying("flaky", { max: 3, delay: 1_000, maxDelay: 3_000 }), retrying("once", 0), anAction("plain"));
});

const accept = async (name: string) => world.owner.accept(await world.request(name, { n: 1 }));

/** The action answers with these in turn, and then with the last of them. */
function answers(name: string, ...responses: ActivationResponse[]): void {
  let next = 0;
  world.invoker.code.set(`guest/${name}`, () => responses[Math.min(next++, responses.length - 1)]!);
}

const attempts = () => world.invoker.ran.map(({ attempt, lastAttempt }) => (lastAttempt ? `${attempt}, the last` : String(attempt)));
const record = async (id: string) => (await world.store.activations.get("guest", id))!;
const attemptsIn = async (id: string) => valueOf((await record(id)).annotations, "attempts");
const letters = () => world.store.deadLetters.list("guest", { limit: 0, skip: 0 });

describe("accepted work of an action that asks for retries", () => {
  test.each([applicationError("no"), developerError("broken"), internalError("no container")])("is tried again after %j, and the success is its record", async (failure) => {
    answers("flaky", failure, failure, success("at last"));
    const id = await accept("flaky");
    expect(await world.log.deliver()).toEqual([]);
    expect(attempts()).toEqual(["0", "1", "2"]);
    expect(world.store.activations.all()).toMatchObject([{ activationId: id, response: success("at last") }]);
    expect(await attemptsIn(id)).toBe(3);
    expect(await letters()).toEqual([]);
  });

  test("waits between its attempts as the annotation says, from the end of one to the next", async () => {
    answers("flaky", applicationError("no"));
    await accept("flaky");
    await world.log.deliver();
    expect(attempts()).toEqual(["0", "1", "2", "3, the last"]);
    expect(world.slept).toEqual([1_000, 2_000, 3_000]);
  });

  test("counts as under way in its attempts, and not while it waits for the next one", async () => {
    const throttle = new Throttle({ limits: () => ({ ...UNLIMITED, concurrentInvocations: 1 }), now: () => world.time });
    world.context.throttle = throttle;
    const full: string[] = [];
    const look = (when: string) => {
      try {
        throttle.enter("guest")();
      } catch {
        full.push(when);
      }
    };
    world.invoker.code.set("guest/flaky", ({ attempt }) => {
      look(`attempt ${attempt}`);
      return attempt < 2 ? applicationError("no") : success("yes");
    });
    // Longer than the throttle remembers who is at rest.
    world.whilePausing = () => {
      world.time += 60_000;
      look(`pause after ${world.slept.length}`);
    };
    await accept("flaky");
    expect(await world.log.deliver()).toEqual([]);
    look("the end");
    expect(full).toEqual(["attempt 0", "attempt 1", "attempt 2"]);
  });

  test("that succeeds at once says that it was tried once", async () => {
    answers("flaky", success("well"));
    const id = await accept("flaky");
    await world.log.deliver();
    expect(await attemptsIn(id)).toBe(1);
  });

  test("has the outcome of its last attempt for its record, and a dead letter with what was accepted", async () => {
    answers("flaky", developerError("first"), developerError("second"), applicationError("third"), applicationError({ code: 4 }));
    const id = await accept("flaky");
    const [message] = world.log.messages;
    expect(await world.log.deliver()).toEqual([]);
    expect(world.store.activations.all()).toMatchObject([{ activationId: id, response: applicationError({ code: 4 }) }]);
    expect(await attemptsIn(id)).toBe(4);
    expect(await letters()).toEqual([
      { activationId: id, namespace: "guest", path: "guest/flaky", reason: { code: 4 }, attempts: 4, at: (await record(id)).end, message },
    ]);
  });

  test("without any is a dead letter after its one attempt", async () => {
    answers("once", applicationError("no"));
    const id = await accept("once");
    await world.log.deliver();
    expect([attempts(), await attemptsIn(id)]).toEqual([["0, the last"], 1]);
    expect(await letters()).toMatchObject([{ activationId: id, attempts: 1, reason: "no" }]);
  });

  test("waits for room within an attempt: that counts as none", async () => {
    let refusals = 2;
    world.invoker.refuse = () => {
      if (refusals-- > 0) throw new WhiskError(429, "No room.");
    };
    answers("flaky", applicationError("no"), success("yes"));
    const id = await accept("flaky");
    await world.log.deliver();
    expect([attempts(), await attemptsIn(id)]).toEqual([["0", "1"], 2]);
  });

  test("that can never run is recorded and given up with the attempts that there were", async () => {
    answers("flaky", applicationError("no"));
    world.invoker.refuse = ({ attempt }) => {
      if (attempt === 2) throw new WhiskError(400, "The kind is gone.");
    };
    const id = await accept("flaky");
    expect(await world.log.deliver()).toEqual([]);
    expect(await record(id)).toMatchObject({ response: internalError("The kind is gone.") });
    expect(await attemptsIn(id)).toBe(2);
    expect(await letters()).toMatchObject([{ activationId: id, attempts: 2, reason: "The kind is gone." }]);
  });

  test("is not tried again when a blocking call waits for it", async () => {
    answers("flaky", applicationError("no"), success("yes"));
    const outcome = await world.owner.invoke(await world.request("flaky"), 60_000);
    expect(outcome).toMatchObject({ kind: "done", activation: { response: applicationError("no") } });
    expect([attempts(), await letters()]).toEqual([["0, the last"], []]);
  });
});

describe("whose owner died", () => {
  const begun = (activationId: string, attempt: number, invoker = "dead") => world.store.starts.claim({ activationId, attempt, invoker, at: world.time });
  const ended = (activationId: string, attempt: number, at: number) => world.store.starts.end({ activationId, attempt, at, response: applicationError("no") });
  /** As the log does after the death of a process. */
  const redeliver = async () => world.owner.handle(world.log.messages[0]!, { redelivered: true });

  beforeEach(() => answers("flaky", success("yes")));

  test("goes on with the attempt that comes next, after what is left of the pause", async () => {
    const id = await accept("flaky");
    await begun(id, 0);
    await ended(id, 0, world.time - 5_000);
    await begun(id, 1);
    await ended(id, 1, world.time - 500);
    await redeliver();
    expect([attempts(), world.slept, await attemptsIn(id)]).toEqual([["2"], [1_500], 3]);
  });

  test("waits no longer than the pause, whatever the clock by which an attempt ended", async () => {
    const id = await accept("flaky");
    await begun(id, 0);
    await ended(id, 0, world.time + 3_600_000);
    await redeliver();
    expect(world.slept).toEqual([1_000]);
  });

  test("counts an attempt without an end as lost when its invoker is dead, and tries again", async () => {
    const id = await accept("flaky");
    await begun(id, 0);
    await redeliver();
    expect(await world.store.starts.ended(id, 0)).toMatchObject({ at: 1_000_000, response: { statusCode: 3 } });
    expect([attempts(), world.slept, await attemptsIn(id)]).toEqual([["1"], [1_000], 2]);
  });

  test("is recorded as lost, and given up, when it was the last attempt that was lost", async () => {
    const id = await accept("flaky");
    for (const attempt of [0, 1, 2]) {
      await begun(id, attempt);
      await ended(id, attempt, 0);
    }
    await begun(id, 3);
    await redeliver();
    expect(world.invoker.ran).toEqual([]);
    expect(await record(id)).toMatchObject({ response: { statusCode: 3, result: { error: expect.stringMatching("lost") as string } } });
    expect(await attemptsIn(id)).toBe(4);
    expect(await letters()).toMatchObject([{ activationId: id, attempts: 4 }]);
  });

  test("goes on after an attempt that ended before it could begin", async () => {
    const id = await accept("flaky");
    await ended(id, 0, 0);
    await redeliver();
    expect([attempts(), await attemptsIn(id)]).toEqual([["1"], 2]);
  });

  test("waits for an attempt that another invoker has in hand, and takes what that one writes", async () => {
    const id = await accept("flaky");
    world.alive.add("another");
    await begun(id, 0, "another");
    world.whilePausing = async () => {
      if (world.slept.length === 3) await ended(id, 0, world.time);
    };
    await redeliver();
    expect([attempts(), world.slept]).toEqual([["1"], [250, 500, 1_000, 1_000]]);
  });

  test("does not run again when the attempt that seemed lost has written its record", async () => {
    const id = await accept("flaky");
    await begun(id, 0);
    world.context.liveness.isAlive = async () => {
      const made = await world.owner.invoke(await world.request("plain"), 60_000);
      if (made.kind === "done") await world.store.activations.insert({ ...made.activation, activationId: id, response: success("in time") });
      world.invoker.ran.length = 0;
      return false;
    };
    await redeliver();
    expect(world.invoker.ran).toEqual([]);
    expect(await record(id)).toMatchObject({ response: success("in time") });
  });

  test("finds the letter there, or puts it there", async () => {
    answers("flaky", applicationError("no"));
    jest.spyOn(world.store.deadLetters, "put").mockRejectedValueOnce(new Error("no store"));
    await accept("flaky");
    expect(await world.log.deliver()).toEqual([expect.objectContaining({ message: "no store" })]);
    expect(await letters()).toEqual([]);
    for (let time = 0; time < 2; time++) {
      if (world.log.messages[0]) await redeliver();
      expect(await letters()).toHaveLength(1);
    }
    expect(attempts()).toHaveLength(4);
  });
});

describe("a step whose action asks for no retries any more after its first attempt", () => {
  beforeEach(() => seed(world.store, aSequence("pair", ["flaky", "plain"])));
  const askForNone = () => world.entities.put("actions", { namespace: "guest", name: "flaky" }, true, (old) => ({ ...old!, annotations: [] }));

  test("keeps those with which it was begun", async () => {
    answers("flaky", applicationError("no"));
    world.whilePausing = () => {
      throw new Error("the process is killed");
    };
    await accept("pair");
    expect(await world.log.deliver()).toHaveLength(1);
    await askForNone();
    world.whilePausing = () => {};
    expect(await world.log.deliver()).toEqual([]);
    expect(attempts()).toEqual(["0", "1", "2", "3, the last"]);
  });

  test("which began nothing, has the outcome of that", async () => {
    const id = await accept("pair");
    await world.store.starts.end({ activationId: derivedActivationId(id, 0), attempt: 0, at: 1, response: internalError("no container") });
    await askForNone();
    await world.owner.handle(world.log.messages[0]!, { redelivered: true });
    expect(attempts()).toEqual([]);
    expect(await record(id)).toMatchObject({ response: internalError("no container") });
    expect(world.store.activations.all()).toHaveLength(2);
  });
});

test("a process that is to end leaves what waits for its next attempt to the log, at once", async () => {
  const stop = new AbortController();
  world.context.stopping = stop.signal;
  world.context.sleep = (_, signal) => new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
  answers("flaky", applicationError("no"), success("yes"));
  await accept("flaky");
  const delivered = world.log.deliver();
  while (attempts().length === 0) await new Promise(setImmediate);
  stop.abort();
  expect(await delivered).toEqual([expect.objectContaining({ message: "the process ends while the work waits for its next attempt" })]);
  const next = new World(world.store, world.log, "instance-2");
  next.time = 1_000_500;
  next.invoker.code.set("guest/flaky", () => success("yes"));
  expect(await next.log.deliver()).toEqual([]);
  expect(next.invoker.ran.map(({ attempt }) => attempt)).toEqual([1]);
  expect(next.slept).toEqual([510]);
  expect(await next.log.depth()).toBe(0);
});

test("a run that is lost on its way is offered again as the same attempt", async () => {
  let losses = 2;
  world.invoker.refuse = () => {
    if (losses-- > 0) throw new RunLostError("lost");
  };
  answers("flaky", success("yes"));
  const id = await accept("flaky");
  await world.log.deliver();
  expect([attempts(), await attemptsIn(id)]).toEqual([["0"], 1]);
});
