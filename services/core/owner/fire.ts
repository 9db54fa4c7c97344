import { resolveAction, resolveRef } from "../entities/resolve";
import { WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import type { AcceptedFire, FiredRule } from "../messages";
import { type Activation, type ActivationResponse, internalError, success } from "../model/activation";
import type { Rule, Trigger } from "../model/entities";
import { keyOf, pathOfKey } from "../model/names";
import { argumentsOf, type JsonObject } from "../model/parameters";
import type { EntityRepository } from "../entities/repository";
import type { Revision } from "../ports/store";
import type { OwnerContext, Plan } from "./context";
import { runPlan } from "./sequence";
import { makeRecord } from "./single";

const ACTION_GONE = "The requested resource does not exist.";

/** The active rules of a trigger, with the revisions that their actions have now. */
export async function activeRules(entities: EntityRepository, rules: readonly Revision[]): Promise<FiredRule[]> {
  const active = rules.map(({ entity }) => entity as Rule).filter(({ status }) => status === "active");
  return Promise.all(
    active.map(async (rule) => {
      const fired = { rule: keyOf(rule), actionKey: rule.action };
      try {
        return { ...fired, action: (await resolveAction(entities, pathOfKey(rule.action))).ref };
      } catch (error) {
        if (error instanceof WhiskError) return fired;
        throw error;
      }
    }),
  );
}

/**
 * Records the fire, with the outcome of each rule, and runs the actions of its rules to their records.
 * Each rule's activation has an id that follows from the fire's: done again, it finds what was done.
 */
export async function runFire(context: OwnerContext, message: AcceptedFire, resumed: boolean): Promise<void> {
  const trigger = (await context.entities.at(message.trigger))?.entity as Trigger;
  await context.store.activations.insert(fireRecord(message, trigger));
  const payload = argumentsOf(trigger.parameters, message.payload) as JsonObject;
  await Promise.all(message.rules.map((rule) => runRule(context, message, rule, payload, resumed)));
}

async function runRule(context: OwnerContext, message: AcceptedFire, rule: FiredRule, payload: JsonObject, resumed: boolean): Promise<void> {
  if (!rule.action) return;
  const plan: Plan = {
    activationId: ruleActivationId(message, rule),
    transactionId: message.transactionId,
    identity: message.identity,
    action: await resolveRef(context.entities, rule.action),
    payload,
    accepted: true,
    resumed,
    receivedAt: message.acceptedAt,
    cause: message.activationId,
    step: false,
  };
  try {
    await runPlan(context, plan);
  } catch (error) {
    // Room does not lack for accepted work: what is refused here can never run.
    if (!(error instanceof WhiskError)) throw error;
    await context.store.activations.insert(makeRecord(plan, { end: context.now(), response: internalError(error.message) }));
  }
}

const ruleActivationId = (message: AcceptedFire, rule: FiredRule) => derivedActivationId(message.activationId, rule.rule);

function fireRecord(message: AcceptedFire, trigger: Trigger): Activation {
  return {
    activationId: message.activationId,
    namespace: message.identity.namespace,
    name: trigger.name,
    path: keyOf(trigger),
    version: trigger.version,
    subject: message.identity.subject,
    start: message.acceptedAt,
    end: message.acceptedAt,
    response: success(message.payload) satisfies ActivationResponse,
    logs: message.rules.map((rule) => JSON.stringify(outcomeOf(message, rule))),
    annotations: [],
  };
}

/** A line of the trigger's record, in OpenWhisk's shape. */
function outcomeOf(message: AcceptedFire, rule: FiredRule): object {
  const names = { rule: rule.rule, action: rule.actionKey };
  return rule.action
    ? { statusCode: 0, success: true, activationId: ruleActivationId(message, rule), ...names }
    : { statusCode: 1, success: false, error: ACTION_GONE, ...names };
}
