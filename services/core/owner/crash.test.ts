import fc from "fast-check";
import { RunLostError } from "../errors";
import { derivedActivationId } from "../ids";
import type { AcceptedMessage } from "../messages";
import { applicationError, success } from "../model/activation";
import type { Trigger } from "../model/entities";
import type { Revision, Store } from "../ports/store";
import { anAction, aRule, aSequence, aTrigger, GUEST } from "../testing/fixtures";
import { MemoryLog } from "../testing/memoryLog";
import { MemoryStore, seed } from "../testing/memoryStore";
import { Killed, Mortal } from "../testing/mortal";
import { World } from "../testing/world";

/** Steps that a process lives; the lane loses some of what it carries. */
const lives = fc.array(fc.record({ steps: fc.integer({ min: 0, max: 60 }), losses: fc.array(fc.boolean(), { maxLength: 4 }) }), { maxLength: 6 });
const FOREVER = 1_000_000;

/** The same data directory through one process after the other. */
class Platform {
  readonly store = new MemoryStore();
  readonly log = new MemoryLog();
  /** How often the code of an action ran, by activation id. */
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
    for (const path of ["guest/a", "guest/b", "guest/fails"]) {
      world.invoker.code.set(path, ({ activationId }) => {
        mortal.step();
        this.runs.set(activationId, (this.runs.get(activationId) ?? 0) + 1);
        mortal.step();
        return path === "guest/fails" ? applicationError("no") : success({ by: path });
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
  async run(lifetimes: { steps: number; losses: boolean[] }[], accept: (world: World<Store>) => Promise<string | undefined>): Promise<string | undefined> {
    const [first, ...others] = [...lifetimes, { steps: FOREVER, losses: [] }];
    const deliver = async (world: World<Store>) => {
      for (const message of this.log.messages) await this.handle(world, message);
    };
    let id: string | undefined;
    await this.live(first!.steps, first!.losses, async (world) => {
      id = await accept(world);
      await deliver(world);
    });
    for (const { steps, losses } of others) await this.live(steps, losses, deliver);
    expect(this.log.messages.filter(({ activationId }) => !this.done.has(activationId))).toEqual([]);
    return id;
  }

  /** Entries whose removal is durable. */
  readonly done = new Set<string>();
  private readonly seen = new Set<string>();

  private async handle(world: World<Store>, message: AcceptedMessage): Promise<void> {
    const { activationId } = message;
    if (this.done.has(activationId)) return;
    const redelivered = this.seen.has(activationId);
    this.seen.add(activationId);
    await world.owner.handle(message, { redelivered });
    // The acknowledgement: an access of its own, before and after which the process may be killed.
    await world.log.depth();
    this.done.add(activationId);
  }
}

async function platform(): Promise<Platform> {
  const made = new Platform();
  await seed(
    made.store,
    anAction("a"),
    anAction("b"),
    anAction("fails"),
    aSequence("inner", ["a", "b"]),
    aSequence("outer", ["a", "inner", "b"]),
    aSequence("breaks", ["a", "fails", "b"]),
    aTrigger("bell"),
    aRule("one", "bell", "a"),
    aRule("two", "bell", "outer"),
    aRule("three", "bell", "absent"),
  );
  return made;
}

/** A record and those that it names: the steps of a sequence, the rules of a fire. */
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
  for (const [activationId, count] of made.runs) {
    expect(count).toBe(1);
    expect(ids).toContain(activationId);
  }
}

const accepted = (name: string) => async (world: World<Store>) => world.owner.accept(await world.request(name));

describe("whichever process is killed at whichever step, and whatever the lane loses,", () => {
  test.each(["a", "outer", "breaks"])("an accepted invocation of %s ends in exactly one record, and no code runs twice", async (name) => {
    await fc.assert(
      fc.asyncProperty(lives, async (lifetimes) => {
        const made = await platform();
        const id = await made.run(lifetimes, accepted(name));
        checkRecords(made, id);
      }),
    );
  });

  test("each active rule of a fired trigger ends in exactly one record", async () => {
    await fc.assert(
      fc.asyncProperty(lives, async (lifetimes) => {
        const made = await platform();
        const id = await made.run(lifetimes, async (world) => {
          const trigger = (await world.entities.find("guest/bell")) as Revision<Trigger>;
          return world.owner.fire({ identity: GUEST, transactionId: "t", payload: {}, trigger, rules: await world.store.entities.rulesOf("guest/bell") });
        });
        checkRecords(made, id);
        if (id !== undefined) {
          const ids = made.store.activations.all().map(({ activationId }) => activationId);
          for (const rule of ["one", "two"]) expect(ids).toContain(derivedActivationId(id, `guest/${rule}`));
        }
      }),
    );
  });

  test("a sequence that nothing befalls after its acceptance has the outcome of its last step", async () => {
    const made = await platform();
    const id = (await made.run([], accepted("outer")))!;
    checkRecords(made, id);
    expect(await made.store.activations.get("guest", id)).toMatchObject({ response: success({ by: "guest/b" }) });
    expect(made.runs.size).toBe(4);
  });
});

test("killed at each single step in turn, an accepted sequence ends in one record", async () => {
  for (let steps = 0; steps < 80; steps++) {
    const made = await platform();
    checkRecords(made, await made.run([{ steps, losses: [] }], accepted("outer")));
  }
});
