import fc from "fast-check";
import { RunLostError } from "../errors";
import { derivedActivationId } from "../ids";
import type { AcceptedMessage } from "../messages";
import { applicationError, success } from "../model/activation";
import type { Action, Trigger } from "../model/entities";
import { valueOf } from "../model/parameters";
import type { Revision, Store } from "../ports/store";
import { anAction, aRule, aSequence, aTrigger, GUEST } from "../testing/fixtures";
import { MemoryLog } from "../testing/memoryLog";
import { MemoryStore, seed } from "../testing/memoryStore";
import { Killed, Mortal } from "../testing/mortal";
import { World } from "../testing/world";

/** Steps that a process lives; the lane loses some of what it carries. */
const lives = fc.array(fc.record({ steps: fc.integer({ min: 0, max: 60 }), losses: fc.array(fc.boolean(), { maxLength: 4 }) }), { maxLength: 6 });
const FOREVER = 1_000_000;
const RETRIES = 3;
/** What conductors want to run, one after the other. */
const CONDUCTORS: Record<string, string[]> = { "guest/composed": ["a", "absent", "inner", "nested", "fails", "b"], "guest/nested": ["b"] };

/** The same data directory through one process after the other. */
class Platform {
  readonly store = new MemoryStore();
  readonly log = new MemoryLog();
  /** Attempts at the action `flaky` that fail, of each activation. */
  failures = 0;
  /** How often the code of an action ran, by activation id and attempt. */
  readonly runs = new Map<string, number>();
  private born = 0;

  /** A process in which `work` goes on until it ends or the process is killed. Undefined: it was killed. */
  async live<T>(steps: number, losses: boolean[], work: (world: World<Store>, mortal: Mortal) => Promise<T>): Promise<T | undefined> {
    const mortal = new Mortal(steps);
    const instance = `instance-${++this.born}`;
    const world = new World(mortal.store(this.store), mortal.log(this.log), instance, new Set([instance]));
    world.invoker.refuse = () => {
      if (losses.shift()) throw new RunLostError("lost");
    };
    for (const path of ["guest/a", "guest/b", "guest/fails", "guest/flaky"]) {
      world.invoker.code.set(path, ({ activationId, attempt }) => {
        mortal.step();
        const run = `${activationId}/${attempt}`;
        this.runs.set(run, (this.runs.get(run) ?? 0) + 1);
        mortal.step();
        const failed = path === "guest/fails" || (path === "guest/flaky" && attempt < this.failures);
        return failed ? applicationError("no") : success({ by: path });
      });
    }
    for (const [path, components] of Object.entries(CONDUCTORS)) {
      world.invoker.code.set(path, ({ activationId, args }) => {
        mortal.step();
        this.runs.set(`${activationId}/0`, (this.runs.get(`${activationId}/0`) ?? 0) + 1);
        mortal.step();
        const { turn = 0 } = args as { turn?: number };
        return success(turn < components.length ? { action: components[turn]!, state: { turn: turn + 1 } } : { params: { by: path } });
      });
    }
    try {
      const result = await work(world, mortal);
      return mortal.dead ? undefined : result;
    } catch (error) {
      if (error instanceof Killed) return undefined;
      throw error;
    }
  }

  /** Process after process until the log is empty; what is accepted, is accepted by the first. */
  async run(
    lifetimes: { steps: number; losses: boolean[] }[],
    accept: (world: World<Store>) => Promise<string | undefined>,
    between: () => Promise<void> = async () => {},
  ): Promise<string | undefined> {
    const [first, ...others] = [...lifetimes, { steps: FOREVER, losses: [] }];
    const deliver = async (world: World<Store>) => {
      for (const [entry, message] of this.log.messages.entries()) await this.handle(world, entry, message);
    };
    let id: string | undefined;
    await this.live(first!.steps, first!.losses, async (world) => {
      id = await accept(world);
      await deliver(world);
    });
    for (const { steps, losses } of others) {
      await between();
      await this.live(steps, losses, deliver);
    }
    expect(this.log.messages.filter((_, entry) => !this.done.has(entry))).toEqual([]);
    return id;
  }

  /** Entries whose removal is durable. */
  private readonly done = new Set<number>();
  private readonly seen = new Set<number>();

  private async handle(world: World<Store>, entry: number, message: AcceptedMessage): Promise<void> {
    if (this.done.has(entry)) return;
    const redelivered = this.seen.has(entry);
    this.seen.add(entry);
    await world.owner.handle(message, { redelivered });
    // The acknowledgement: an access of its own, before and after which the process may be killed.
    await world.log.depth();
    this.done.add(entry);
  }
}

async function platform(): Promise<Platform> {
  const made = new Platform();
  await seed(
    made.store,
    anAction("a"),
    anAction("b"),
    anAction("fails"),
    anAction("flaky", { annotations: [{ key: "retries", value: { max: RETRIES, delay: 100 } }] }),
    aSequence("inner", ["a", "b"]),
    aSequence("outer", ["a", "inner", "b"]),
    aSequence("breaks", ["a", "fails", "b"]),
    aSequence("stubborn", ["a", "flaky", "b"]),
    anAction("composed", { annotations: [{ key: "conductor", value: true }] }),
    anAction("nested", { annotations: [{ key: "conductor", value: true }] }),
    aTrigger("bell"),
    aRule("one", "bell", "a"),
    aRule("two", "bell", "outer"),
    aRule("three", "bell", "absent"),
    aRule("four", "bell", "flaky"),
  );
  return made;
}

/** What may happen to an action while nobody works: it is replaced, or deleted. */
const CHANGES: Record<string, Action | undefined> = {
  a: undefined,
  b: anAction("b", { version: "0.0.2" }),
  inner: aSequence("inner", ["b"]),
  "inner ": undefined,
  nested: anAction("nested"),
  "nested ": undefined,
};

async function change({ store }: Platform, [name, action]: [string, Action | undefined] = ["", undefined]): Promise<void> {
  const head = await store.entities.head(`guest/${name.trim()}`);
  if (head) await store.entities.append({ ...head, rev: head.rev + 1, deleted: action === undefined, entity: action ?? head.entity });
}

/** A record and those that it names: the runs of a sequence or composition, the rules of a fire. */
function tree(made: Platform, id: string): string[] {
  const record = made.store.activations.all().find(({ activationId }) => activationId === id);
  if (!record) return [id, "has no record"];
  const named = record.logs.flatMap((line) => {
    if (/^[0-9a-f]{32}$/.test(line)) return [line];
    return line.startsWith("{") ? [(JSON.parse(line) as { activationId?: string }).activationId ?? []].flat() : [];
  });
  return [id, ...named.flatMap((other) => tree(made, other))];
}

/** Exactly one record of all that was promised, no other, and no code twice. */
function checkRecords(made: Platform, id: string | undefined): void {
  const ids = made.store.activations.all().map(({ activationId }) => activationId);
  if (id !== undefined) expect([...ids].sort()).toEqual(tree(made, id).sort());
  for (const [run, count] of made.runs) {
    expect(count).toBe(1);
    expect(ids).toContain(run.split("/")[0]);
  }
}

/** An action that asks for retries was tried until it succeeded or no attempt was left, one attempt after the other. */
function checkAttempts(made: Platform): void {
  for (const { activationId, name, response, annotations } of made.store.activations.all()) {
    if (name !== "flaky") continue;
    const attempts = valueOf(annotations, "attempts") as number;
    if (response.statusCode !== 0) expect(attempts).toBe(RETRIES + 1);
    else expect(attempts).toBeGreaterThan(made.failures);
    // Of those that were lost the code may have run, and may not.
    const ran = [...made.runs.keys()].filter((run) => run.startsWith(activationId)).map((run) => Number(run.split("/")[1]));
    expect(ran).toEqual([...ran].sort());
    for (const attempt of ran) expect(attempt).toBeLessThan(attempts);
    if (response.statusCode === 0) expect(ran).toContain(attempts - 1);
  }
}

/** What was given up, and only that, is a dead letter. */
async function checkLetters(made: Platform): Promise<void> {
  const letters = await made.store.deadLetters.list("guest", { limit: 0, skip: 0 });
  const promised = made.store.activations.all().filter(({ annotations }) => !annotations.some(({ key }) => key === "causedBy"));
  const tried = new Set(["flaky", "stubborn"]);
  const givenUp = promised.filter(({ name, response }) => response.statusCode === 3 || (response.statusCode !== 0 && tried.has(name)));
  expect(letters.map(({ activationId }) => activationId).sort()).toEqual(givenUp.map(({ activationId }) => activationId).sort());
}

const accepted = (name: string) => async (world: World<Store>) => world.owner.accept(await world.request(name));

describe("whichever process is killed at whichever step, and whatever the lane loses,", () => {
  test.each(["a", "outer", "breaks", "composed"])("an accepted invocation of %s ends in exactly one record, and no code runs twice", async (name) => {
    await fc.assert(
      fc.asyncProperty(lives, async (lifetimes) => {
        const made = await platform();
        const id = await made.run(lifetimes, accepted(name));
        checkRecords(made, id);
        await checkLetters(made);
      }),
    );
  });

  test.each(["flaky", "stubborn"])("an accepted invocation of %s is tried again where it was, and no attempt's code runs twice", async (name) => {
    await fc.assert(
      fc.asyncProperty(lives, fc.integer({ min: 0, max: RETRIES + 1 }), async (lifetimes, failures) => {
        const made = await platform();
        made.failures = failures;
        checkRecords(made, await made.run(lifetimes, accepted(name)));
        checkAttempts(made);
        await checkLetters(made);
      }),
      { numRuns: 300 },
    );
  });

  test("each active rule of a fired trigger ends in exactly one record", async () => {
    await fc.assert(
      fc.asyncProperty(lives, async (lifetimes) => {
        const made = await platform();
        made.failures = 1;
        const id = await made.run(lifetimes, async (world) => {
          const trigger = (await world.entities.find("guest/bell")) as Revision<Trigger>;
          return world.owner.fire({ identity: GUEST, transactionId: "t", payload: {}, trigger, rules: await world.store.entities.rulesOf("guest/bell") });
        });
        checkRecords(made, id);
        checkAttempts(made);
        await checkLetters(made);
        if (id !== undefined) {
          const ids = made.store.activations.all().map(({ activationId }) => activationId);
          for (const rule of ["one", "two", "four"]) expect(ids).toContain(derivedActivationId(id, `guest/${rule}`));
        }
      }),
    );
  });

  test.each(["outer", "composed"])("and whatever becomes of the actions meanwhile, an accepted invocation of %s ends in exactly one record, and no code runs twice", async (name) => {
    await fc.assert(
      fc.asyncProperty(lives, fc.array(fc.constantFrom(...Object.entries(CHANGES)), { maxLength: 6 }), async (lifetimes, changes) => {
        const made = await platform();
        const left = changes.values();
        checkRecords(made, await made.run(lifetimes, accepted(name), () => change(made, left.next().value)));
      }),
      { numRuns: 300 },
    );
  });

  test("a composition that nothing befalls after its acceptance has the outcome that its conductor gives it", async () => {
    const made = await platform();
    const id = (await made.run([], accepted("composed")))!;
    checkRecords(made, id);
    expect(await made.store.activations.get("guest", id)).toMatchObject({ response: success({ by: "guest/composed" }), logs: { length: 12 } });
    expect(made.runs.size).toBe(15);
  });

  test("a sequence that nothing befalls after its acceptance has the outcome of its last step", async () => {
    const made = await platform();
    const id = (await made.run([], accepted("outer")))!;
    checkRecords(made, id);
    expect(await made.store.activations.get("guest", id)).toMatchObject({ response: success({ by: "guest/b" }) });
    expect(made.runs.size).toBe(4);
  });
});

test.each(["outer", "stubborn", "composed"])("killed at each single step in turn, an accepted invocation of %s ends in one record", async (name) => {
  for (let steps = 0; steps < 120; steps++) {
    const made = await platform();
    made.failures = 2;
    checkRecords(made, await made.run([{ steps, losses: [] }], accepted(name)));
    checkAttempts(made);
    await checkLetters(made);
  }
});

test("a letter that is redriven ends in exactly one further record, at whichever step the process is killed", async () => {
  for (let steps = 0; steps < 60; steps++) {
    const made = await platform();
    made.failures = RETRIES + 1;
    const id = (await made.run([], accepted("flaky")))!;
    made.failures = 1;
    const redriven = derivedActivationId(id, "redrive");
    const redrive = async (world: World<Store>) => {
      const letter = await world.store.deadLetters.get("guest", id);
      if (letter) await world.owner.redrive(letter, { identity: GUEST, transactionId: "t" });
      return id;
    };
    await made.run([{ steps, losses: [] }, { steps: 40, losses: [] }], redrive);
    // The person who was not answered asks again.
    await made.run([], redrive);
    checkAttempts(made);
    expect(made.store.activations.all().map(({ activationId }) => activationId)).toEqual([id, redriven]);
    expect([...made.runs.values()].every((count) => count === 1)).toBe(true);
    expect(await made.store.deadLetters.count("guest")).toBe(0);
  }
});
