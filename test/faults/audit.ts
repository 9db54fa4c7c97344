import type { ActivationRecord, Client } from "../support/client";
import type { Trace } from "../support/trace";
import type { Promised } from "./load";
import { PARTS, RETRIES, RULES } from "./work";

/** Calls at the same time. */
const READERS = 8;
/** Between two looks for what is not there yet. Milliseconds. */
const POLL = 250;
const PAGE = 200;

export interface Tally {
  /** Records of what was promised, of its rules and runs as well. */
  recorded: number;
  /** Ids without a record. */
  lost: string[];
  /** Ids whose code ran more often than it was tried. */
  doubled: string[];
}

interface Found {
  record: ActivationRecord;
  /** Of the promise that it belongs to. */
  round: number;
  /** If it is given up it becomes a dead letter: not so steps, fires and blocking calls. */
  letter: boolean;
}

/** Looks whether every promise was kept, exactly once. */
export class Audit {
  /** By id. */
  private readonly found = new Map<string, Found>();
  /** Rounds, by id. */
  private readonly missing = new Map<string, number>();
  readonly violations: string[] = [];

  constructor(
    private readonly client: Client,
    private readonly trace: Trace,
  ) {}

  /**
   * Waits until each promise has all of its records, at most `limit` milliseconds.
   *
   * @returns milliseconds that it took, and the promise that was the last
   */
  async settle(promised: readonly Promised[], limit: number): Promise<{ took: number; last?: Promised }> {
    const begun = Date.now();
    const deadline = begun + limit;
    let last: Promised | undefined;
    const queue = promised.filter(({ id }) => !this.found.has(id) && !this.missing.has(id));
    const reader = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        await this.follow(next, deadline);
        last = next;
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    return { took: Date.now() - begun, last };
  }

  /** What became of the promises of one round. */
  tally(round: number): Tally {
    const runs = this.trace.runs();
    const mine = [...this.found].filter(([, found]) => found.round === round);
    return {
      recorded: mine.length,
      lost: [...this.missing].filter(([, of]) => of === round).map(([id]) => id),
      doubled: mine.filter(([id, { record }]) => (runs.get(id) ?? 0) > attemptsOf(record)).map(([id]) => id),
    };
  }

  /** What can be said only when nothing is under way any more: that there is nothing else, and that what was given up has a letter. */
  async conclude(limit: number): Promise<void> {
    const records = await this.all<ActivationRecord>("activations", "docs=true&");
    const ids = new Set<string>();
    for (const record of records) {
      if (ids.has(record.activationId)) this.violations.push(`there are two records of ${record.activationId}`);
      ids.add(record.activationId);
      const cause = record.cause === undefined ? undefined : this.found.get(record.cause);
      if (cause && !this.found.has(record.activationId)) this.violations.push(`${record.activationId} is no run of ${record.cause}, which it names as its cause`);
    }
    const runs = this.trace.runs();
    for (const [id, count] of runs) {
      if (count > 1 + RETRIES) this.violations.push(`the code of ${id} ran ${count} times`);
    }
    await this.lettersOf([...this.found.values()].filter(({ letter, record }) => letter && isGivenUp(record)).map(({ record }) => record), limit);
  }

  private async lettersOf(givenUp: readonly ActivationRecord[], limit: number): Promise<void> {
    const deadline = Date.now() + limit;
    for (;;) {
      const letters = new Set((await this.all<{ activationId: string }>("dead-letters")).map(({ activationId }) => activationId));
      const without = givenUp.filter(({ activationId }) => !letters.has(activationId));
      if (without.length === 0) return;
      if (Date.now() > deadline) {
        this.violations.push(...without.map(({ activationId, response }) => `${activationId} was given up (${JSON.stringify(response.result)}) and has no dead letter`));
        return;
      }
      await pause();
    }
  }

  private async follow({ id, work, round }: Promised, deadline: number): Promise<void> {
    const record = await this.read(id, round, deadline, work !== "fire" && work !== "watch");
    if (!record) return;
    const expected = work === "watch" ? undefined : PARTS[work];
    const parts = work === "fire" ? rulesOf(record) : expected === undefined ? [] : record.logs;
    if (work === "fire" && parts.length !== RULES) this.violations.push(`the record of the fire ${id} names ${parts.length} runs instead of ${RULES}`);
    if (expected !== undefined && record.response.success && parts.length !== expected) this.violations.push(`the ${work} ${id} succeeded with ${parts.length} of ${expected} runs`);
    for (const part of parts) await this.read(part, round, deadline, work === "fire");
  }

  private async read(id: string, round: number, deadline: number, letter: boolean): Promise<ActivationRecord | undefined> {
    for (;;) {
      const answer = await this.client.call("GET", `activations/${id}`).catch(() => undefined);
      if (answer?.status === 200) {
        const record = answer.body as ActivationRecord;
        this.found.set(id, { record, round, letter });
        return record;
      }
      if (Date.now() > deadline) {
        this.missing.set(id, round);
        return undefined;
      }
      await pause();
    }
  }

  private async all<T>(collection: string, query = ""): Promise<T[]> {
    const all: T[] = [];
    for (;;) {
      const page = (await this.client.must("GET", `${collection}?${query}limit=${PAGE}&skip=${all.length}`)).body as T[];
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }
}

const annotation = ({ annotations }: ActivationRecord, name: string): unknown => annotations.find(({ key }) => key === name)?.value;

/** How often it was tried, as far as its record tells. */
const attemptsOf = (record: ActivationRecord): number => (annotation(record, "attempts") as number | undefined) ?? 1;

function rulesOf(record: ActivationRecord): string[] {
  return record.logs.flatMap((line) => (JSON.parse(line) as { activationId?: string }).activationId ?? []);
}

/** Failed by the platform, or as often as its action may be tried. Blocking calls are the caller's to repeat. */
const isGivenUp = (record: ActivationRecord): boolean => record.response.status === "whisk internal error" || (annotation(record, "attempts") !== undefined && !record.response.success);

const pause = () => new Promise((resolve) => setTimeout(resolve, POLL));
