import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../support/client";
import type { TestDistributed } from "../support/distributed";
import { type Work, WORK } from "./work";

/** What was answered 202, and so has to end in records. */
export interface Promised {
  id: string;
  work: Work | "watch";
  /** Of the fault during which it was accepted. */
  round: number;
}

/** How calls that do not wait for their end, and those that do, were answered. */
export interface Counts {
  accepted: number;
  /** With a status and a message that says why. */
  refused: number;
  /** The connection broke: what became of it is not known to the caller. */
  unanswered: number;
  blockingOk: number;
  /** With an error of the platform's or the action's, or a broken connection. */
  blockingError: number;
}

/** Milliseconds that a blocking caller waits for the result, and by how much any answer may be later. */
const WAIT = 6_000;
const MARGIN = 12_000;
/** Between two calls of one of the callers. Milliseconds. */
const PAUSE = 300;
/** Callers of each kind. */
const CALLERS: Record<Work, number> & { blocking: number } = { single: 2, flaky: 1, sequence: 1, composition: 1, fire: 1, blocking: 3 };

/** Callers that go on whatever happens, each at whichever controller comes next. */
export class Load {
  readonly promised: Promised[] = [];
  /** Calls that hung or got what nobody can make sense of. */
  readonly violations: string[] = [];
  readonly rounds: Counts[] = [];
  private round = -1;
  private stopped = false;
  /** Resolves when the callers may go on. */
  private resumed: Promise<void> = Promise.resolve();
  private callers: Promise<void>[] = [];
  private turn = 0;
  /** When a controller was held last, and let go: it could not answer meanwhile. Milliseconds since 1970. */
  private readonly held = new Map<number, { from: number; to: number }>();

  constructor(
    private readonly platform: TestDistributed,
    private readonly pause = PAUSE,
  ) {}

  start(): void {
    for (const work of Object.keys(WORK) as Work[]) for (let n = 0; n < CALLERS[work]; n++) this.callers.push(this.call(() => this.accept(work)));
    for (let n = 0; n < CALLERS.blocking; n++) this.callers.push(this.call(() => this.block()));
  }

  /** What is called from now on counts for the next fault. */
  nextRound(): Counts {
    this.rounds.push({ accepted: 0, refused: 0, unanswered: 0, blockingOk: 0, blockingError: 0 });
    this.round = this.rounds.length - 1;
    return this.rounds[this.round]!;
  }

  /** A controller is held, or let go again. */
  hold(controller: number, held: boolean): void {
    const { from } = this.held.get(controller) ?? { from: 0 };
    this.held.set(controller, held ? { from: Date.now(), to: Infinity } : { from, to: Date.now() });
  }

  /** Nobody begins a call until the work has ended. */
  async pauseDuring<T>(work: () => Promise<T>): Promise<T> {
    let resume = () => {};
    this.resumed = new Promise((resolve) => (resume = resolve));
    return work().finally(resume);
  }

  /** Resolves when the last call has its answer. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.callers);
  }

  private async call(one: () => Promise<void>): Promise<void> {
    while (!this.stopped) {
      await this.resumed;
      await one();
      await sleep(this.pause);
    }
  }

  private async accept(work: Work): Promise<void> {
    const { round } = this;
    const answer = await this.send(WORK[work], MARGIN);
    const counts = this.rounds[round]!;
    if (!answer) counts.unanswered++;
    else if (answer.status === 202) this.promise(answer, work, round);
    else if (answer.status === 503 || answer.status === 429) counts.refused++;
    else this.violations.push(`POST ${WORK[work]} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  private async block(): Promise<void> {
    const { round } = this;
    const answer = await this.send(`${WORK.single}?blocking=true&timeout=${WAIT}`, WAIT + MARGIN);
    const counts = this.rounds[round]!;
    if (answer?.status === 200) counts.blockingOk++;
    else if (answer?.status === 202) this.promise(answer, "watch", round);
    else counts.blockingError++;
    if (!answer || answer.status === 200 || answer.status === 202) return;
    const body = answer.body as { error?: string; response?: unknown };
    const clear = [429, 500, 502, 503].includes(answer.status) && (body.response !== undefined || (typeof body.error === "string" && body.error !== "There was an internal server error."));
    if (!clear) this.violations.push(`a blocking call was answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  private promise(answer: Answer, work: Promised["work"], round: number): void {
    this.promised.push({ id: (answer.body as { activationId: string }).activationId, work, round });
    this.rounds[round]!.accepted++;
  }

  /** Undefined when the connection broke. */
  private async send(path: string, limit: number): Promise<Answer | undefined> {
    const controller = this.turn++ % this.platform.controllers.length;
    const begun = Date.now();
    try {
      return await this.platform.clientOf(controller, { limit }).call("POST", path, {});
    } catch (error) {
      const hung = (error as Error).name === "TimeoutError";
      if (hung && !this.wasHeld(controller, begun)) this.violations.push(`POST ${path} at controller ${controller} had no answer after ${limit} ms`);
      return undefined;
    }
  }

  private wasHeld(controller: number, since: number): boolean {
    const held = this.held.get(controller);
    return held !== undefined && held.to >= since;
  }
}
