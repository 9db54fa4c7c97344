import { resolveRef, type ResolvedAction } from "../entities/resolve";
import { messageOf, WhiskError } from "../errors";
import { type ActivationId, newActivationId } from "../ids";
import type { AcceptedMessage } from "../messages";
import { type Activation, internalError } from "../model/activation";
import { type Identity, isConductor, isSequence, type Rule, type Trigger } from "../model/entities";
import { ACTION_LIMITS, MAX_SEQUENCE_LENGTH } from "../model/limits";
import type { JsonObject, Payload } from "../model/parameters";
import type { DeadLetter, Revision } from "../ports/store";
import { within } from "../within";
import type { OwnerContext, Plan } from "./context";
import { redrive } from "./deadLetters";
import { firedRules, runFire } from "./fire";
import { runPromised } from "./promised";
import { makeRecord, recordLater } from "./record";
import { runPlan } from "./run";
import { watch } from "./watch";

/** How long after its limits a run may still wait, start and report. Milliseconds. */
const WATCH_MARGIN = 60_000;

export interface InvocationRequest {
  identity: Identity;
  action: ResolvedAction;
  payload: JsonObject;
  transactionId: string;
}

export interface FireRequest extends Omit<InvocationRequest, "action"> {
  trigger: Revision<Trigger>;
  rules: readonly Revision[];
  /** Of the request, for its actions. */
  headers?: Record<string, string>;
}

/** The record, or that it will be there later under this id. */
export type InvocationOutcome = { kind: "done"; activation: Activation } | { kind: "accepted"; activationId: ActivationId };

/**
 * Answers for invocations: whoever took one brings it to its record.
 * Blocking calls are owned by the process that has the caller; accepted work by whom the log delivers it to.
 */
export class Owner {
  /** Blocking calls under way here, by activation id. */
  private readonly running = new Map<ActivationId, Promise<unknown>>();

  constructor(private readonly context: OwnerContext) {}

  /**
   * Runs an action while the caller waits, at most `wait` milliseconds; after that it goes on as accepted.
   *
   * @throws WhiskError 429 or 503 when there is no room for it
   */
  async invoke(request: InvocationRequest, wait: number): Promise<InvocationOutcome> {
    const leave = this.context.throttle.enter(request.identity.namespace);
    const plan = this.plan(request, newActivationId());
    const run = runPlan(this.context, plan);
    this.running.set(plan.activationId, run);
    const forget = () => {
      leave();
      this.running.delete(plan.activationId);
    };
    run.then(forget, forget);
    const activation = await within(run, wait);
    if (activation) return { kind: "done", activation };
    run.catch((error: unknown) => this.recordFailure(plan, error));
    await this.context.log.append({
      kind: "watch",
      ...this.accepted(request, plan.activationId),
      action: request.action.ref,
      owner: this.context.instance,
      deadline: this.context.now() + longestRun(request.action) + WATCH_MARGIN,
    });
    return { kind: "accepted", activationId: plan.activationId };
  }

  /**
   * Promises to run an action; whether the caller has not asked too often is checked before. When this resolves the promise is kept, whatever dies.
   *
   * @throws WhiskError 429 or 503 when it cannot be promised
   */
  async accept(request: InvocationRequest): Promise<ActivationId> {
    const activationId = newActivationId();
    await this.context.log.append({ kind: "invocation", ...this.accepted(request, activationId), action: request.action.ref, payload: request.payload });
    return activationId;
  }

  /**
   * Promises to run the actions of a trigger's active rules; whether it is not fired too often is checked before.
   *
   * @returns undefined when no rule is active: then nothing happens
   * @throws WhiskError 429 or 503 when it cannot be promised
   */
  async fire(request: FireRequest): Promise<ActivationId | undefined> {
    const ofTrigger = request.rules.map(({ entity }) => entity as Rule);
    if (!ofTrigger.some(({ status }) => status === "active")) return undefined;
    const rules = await firedRules(this.context, request.identity, ofTrigger);
    const activationId = newActivationId();
    const { key, rev } = request.trigger;
    await this.context.log.append({ kind: "fire", ...this.accepted(request, activationId), trigger: { key, rev }, payload: request.payload, headers: request.headers, rules });
    return activationId;
  }

  /**
   * Promises to run again, under another id, what was given up; the letter goes.
   *
   * @throws WhiskError 403 or 404 when the action cannot be invoked any more, 429 or 503 when it cannot be promised
   */
  async redrive(letter: DeadLetter, caller: Pick<InvocationRequest, "identity" | "transactionId">): Promise<ActivationId> {
    this.context.throttle.invocation(caller.identity.namespace);
    return redrive(this.context, letter, caller);
  }

  /** Brings a message of the accepted log to its records. Rejects when it has to come again. */
  async handle(message: AcceptedMessage, { redelivered }: { redelivered: boolean }): Promise<void> {
    if (message.kind === "fire") return runFire(this.context, message, redelivered);
    const action = await resolveRef(this.context.entities, message.action);
    if (message.kind === "invocation") return runPromised(this.context, this.planOf(message, action, message.payload, { accepted: true, resumed: redelivered }), message);
    const plan = this.planOf(message, action, {}, { accepted: true, resumed: true });
    return watch(this.context, message, plan, this.running.get(message.activationId));
  }

  /** Blocking calls under way. */
  get inFlight(): number {
    return this.running.size;
  }

  /** Resolves when no blocking call is under way any more. */
  async drained(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running.values());
  }

  /** Of a call whose caller does not wait for it any more. */
  private async recordFailure(plan: Plan, error: unknown): Promise<void> {
    const { now, logger } = this.context;
    const { activationId, transactionId } = plan;
    const reason = error instanceof WhiskError ? error.message : "The run failed.";
    if (!(error instanceof WhiskError)) logger.error({ activationId, transactionId, error: messageOf(error) }, "a run failed");
    await recordLater(this.context, makeRecord(plan, { end: now(), response: internalError(reason) }), transactionId);
  }

  private plan(request: InvocationRequest, activationId: ActivationId): Plan {
    return this.planOf(this.accepted(request, activationId), request.action, request.payload, { accepted: false, resumed: false });
  }

  private planOf(
    message: ReturnType<Owner["accepted"]>,
    action: ResolvedAction,
    payload: Payload,
    how: Pick<Plan, "accepted" | "resumed">,
  ): Plan {
    const { activationId, transactionId, identity, acceptedAt } = message;
    return { activationId, transactionId, identity, action, payload, ...how, receivedAt: acceptedAt, step: false };
  }

  private accepted(request: Pick<InvocationRequest, "identity" | "transactionId">, activationId: ActivationId) {
    return { activationId, transactionId: request.transactionId, identity: request.identity, acceptedAt: this.context.now() };
  }
}

/** Milliseconds after which a run of the action cannot be under way any more: it may wait as long as it may run. */
function longestRun({ action }: ResolvedAction): number {
  if (isSequence(action.exec)) return 2 * MAX_SEQUENCE_LENGTH * ACTION_LIMITS.timeout.max;
  // Each component of a composition may be a sequence.
  return isConductor(action) ? 2 * (MAX_SEQUENCE_LENGTH ** 2 + 2 * MAX_SEQUENCE_LENGTH + 1) * ACTION_LIMITS.timeout.max : 2 * action.limits.timeout;
}
