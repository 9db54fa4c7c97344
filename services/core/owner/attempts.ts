import { RunLostError, WhiskError } from "../errors";
import { type Activation, internalError } from "../model/activation";
import { pauseAfter, retriesOf } from "../model/retries";
import type { ActivationId } from "../ids";
import type { Completion } from "../messages";
import type { AttemptEnd } from "../ports/store";
import type { OwnerContext, Plan } from "./context";
import { lookingPauses } from "./poll";
import { keepRecord, LOST, makeRecord, recordLost } from "./record";
import { type Attempt, attemptsTold, runMessageOf } from "./runMessage";
import { isSuspended, keepRefusal, REFUSED, refuse } from "./suspended";

/** How long after its limits a run may still start, end and get its record. Milliseconds. */
const OUTCOME_MARGIN = 120_000;
/** How long to wait before offering accepted work again that was not taken. Milliseconds. */
const OFFER_PAUSE = 500;

/** What came of an attempt: the record, or a failure that leaves it to the next one. `failedAt`: milliseconds since 1970. */
type Outcome = { record: Activation } | { failedAt: number };

/**
 * Brings an accepted run to its record, with as many attempts as its action asks for. Where it was when an earlier owner
 * died is told by the record and by the starts and ends of its attempts: it goes on there.
 *
 * @throws WhiskError when it can never run
 */
export async function runAttempts(context: OwnerContext, plan: Plan): Promise<Activation> {
  const retries = retriesOf(plan.action.action.annotations);
  for (let number = 0; ; number++) {
    const outcome = await runCounted(context, plan, { number, last: !retries || number >= retries.max, told: retries !== undefined });
    if ("record" in outcome) return outcome.record;
    await backOff(context, outcome.failedAt, pauseAfter(retries!, number));
  }
}

/** Attempts at a run of which the store knows: they were begun, or failed before they could be. */
export async function attemptsMade({ store: { starts } }: OwnerContext, activationId: ActivationId): Promise<number> {
  let made = 0;
  while ((await starts.get(activationId, made)) ?? (await starts.ended(activationId, made))) made++;
  return made;
}

/** It counts as an invocation that is under way; not so what waits for its next attempt, or failures would take the room of all else. */
async function runCounted(context: OwnerContext, plan: Plan, attempt: Attempt): Promise<Outcome> {
  const leave = context.throttle.count(plan.identity.namespace);
  try {
    return await runAttempt(context, plan, attempt);
  } finally {
    leave();
  }
}

async function runAttempt(context: OwnerContext, plan: Plan, attempt: Attempt): Promise<Outcome> {
  const before = plan.resumed || attempt.number > 0 ? await outcomeElsewhere(context, plan, attempt) : undefined;
  if (before) return before;
  for (;;) {
    const outcome = (await offer(context, plan, attempt)) ?? (await outcomeElsewhere(context, plan, attempt));
    if (outcome) return outcome;
    await context.sleep(OFFER_PAUSE);
  }
}

/** Undefined when the run was not taken, or it is not known what became of it. For a namespace that is blocked or gone it is not offered. */
async function offer(context: OwnerContext, plan: Plan, attempt: Attempt): Promise<Outcome | undefined> {
  // Asked each time: the pauses before may have taken many minutes.
  const completion: Completion | undefined = (await isSuspended(context, plan)) ? { kind: "suspended" } : await send(context, plan, attempt);
  if (completion?.kind === "suspended") await refuse(context, plan, attempt.number);
  if (completion?.kind !== "done") return undefined;
  return completion.recorded ? { record: completion.record } : { failedAt: completion.record.end };
}

/** Undefined when it was not taken, or it is not known what became of it. */
async function send(context: OwnerContext, plan: Plan, attempt: Attempt): Promise<Completion | undefined> {
  try {
    return await context.lane.run(runMessageOf(context, plan, attempt));
  } catch (error) {
    if (error instanceof RunLostError) {
      context.logger.warn({ ...named(plan, attempt), error: error.message }, "accepted work is looked for: its lane has lost it");
      return undefined;
    }
    if (error instanceof WhiskError && [429, 503].includes(error.status)) return undefined;
    throw error;
  }
}

/** What came of an attempt that some invoker has begun, once that is known; undefined when none has. */
async function outcomeElsewhere(context: OwnerContext, plan: Plan, attempt: Attempt): Promise<Outcome | undefined> {
  const { store, liveness } = context;
  const pause = lookingPauses(context);
  // Longer than any run takes: an invoker that lives and says nothing of it has forgotten it.
  const forgotten = context.now() + 2 * plan.action.action.limits.timeout + OUTCOME_MARGIN;
  for (;;) {
    const start = await store.starts.get(plan.activationId, attempt.number);
    if (start?.invoker === REFUSED) return { record: await keepRefusal(context, plan) };
    // Whether its invoker lives is asked first: what an invoker wrote before it died is found then.
    const gone = start !== undefined && !(await liveness.isAlive(start.invoker));
    const record = await store.activations.get(plan.identity.namespace, plan.activationId);
    if (record) return { record };
    const ended = await store.starts.ended(plan.activationId, attempt.number);
    if (ended) return afterEnd(context, plan, attempt, ended);
    if (!start) return undefined;
    if (gone || context.now() > forgotten) return afterLoss(context, plan, attempt);
    await pause();
  }
}

/** An attempt that was not the last may be it now: a step of which nothing was begun runs as its action is now. */
async function afterEnd(context: OwnerContext, plan: Plan, attempt: Attempt, { at, response }: AttemptEnd): Promise<Outcome> {
  if (!attempt.last) return { failedAt: at };
  return { record: await keepRecord(context, makeRecord(plan, { end: at, response, attempts: attemptsTold(attempt) })) };
}

async function afterLoss(context: OwnerContext, plan: Plan, attempt: Attempt): Promise<Outcome> {
  context.logger.warn(named(plan, attempt), "an attempt was lost: the process that ran it is gone");
  if (attempt.last) return { record: await recordLost(context, plan, attemptsTold(attempt)) };
  const { starts } = context.store;
  const at = context.now();
  await starts.end({ activationId: plan.activationId, attempt: attempt.number, at, response: internalError(LOST) });
  return { failedAt: (await starts.ended(plan.activationId, attempt.number))?.at ?? at };
}

/** What names an attempt in the log. */
const named = ({ activationId, transactionId }: Plan, { number: attempt }: Attempt) => ({ activationId, transactionId, attempt });

/** Rejects when the process is to end: the log brings the work to the next one, which waits for what is left of the pause. */
async function backOff({ now, sleep, stopping }: OwnerContext, failedAt: number, pause: number): Promise<void> {
  // The clock by which it failed may be another machine's: the pause is never longer than was asked for.
  const left = Math.min(pause, failedAt + pause - now());
  if (left <= 0) return;
  try {
    await sleep(left, stopping);
  } catch (cause) {
    throw new Error("the process ends while the work waits for its next attempt", { cause });
  }
}
