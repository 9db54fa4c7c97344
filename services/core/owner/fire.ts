import { accessAction } from "../entities/access";
import { resolveRef } from "../entities/resolve";
import { isFinal, WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import type { AcceptedFire, FiredRule } from "../messages";
import { type Activation, success } from "../model/activation";
import type { Identity, Rule, Trigger } from "../model/entities";
import { keyOf, pathOfKey } from "../model/names";
import { argumentsOf, type JsonObject } from "../model/parameters";
import type { OwnerContext, Plan } from "./context";
import { runPromised } from "./promised";

/**
 * What a fire means for the rules of a trigger, with the revisions that their actions have now. Each action that is to run
 * counts as an invocation of the namespace: those beyond its limits do not run, and the trigger's record says so.
 */
export function firedRules({ entities, throttle }: Pick<OwnerContext, "entities" | "throttle">, identity: Identity, rules: readonly Rule[]): Promise<FiredRule[]> {
  return Promise.all(
    rules.map(async (rule): Promise<FiredRule> => {
      const fired = { rule: keyOf(rule), actionKey: rule.action };
      if (rule.status !== "active") return { ...fired, error: `Rule '${fired.rule}' is inactive, action '${rule.action}' was not activated.` };
      try {
        throttle.invocation(identity.namespace);
        return { ...fired, action: (await accessAction(entities, identity, pathOfKey(rule.action))).ref };
      } catch (error) {
        if (isFinal(error) || isRefused(error)) return { ...fired, error: error.message };
        throw error;
      }
    }),
  );
}

/** Beyond the namespace's limits. */
const isRefused = (error: unknown): error is WhiskError => error instanceof WhiskError && error.status === 429;

/**
 * Records the fire, with the outcome of each rule, and runs the actions of its rules to their records.
 * Each rule's activation has an id that follows from the fire's: done again, it finds what was done.
 */
export async function runFire(context: OwnerContext, message: AcceptedFire, resumed: boolean): Promise<void> {
  const trigger = (await context.entities.at(message.trigger))?.entity as Trigger;
  const headers: JsonObject = message.headers === undefined ? {} : { __ow_headers: message.headers };
  const payload = argumentsOf(trigger.parameters, { ...headers, ...message.payload }) as JsonObject;
  const outcomes = await Promise.allSettled([
    // Not awaited by any caller: it lets the starts of the rules' actions be written first.
    context.store.activations.insert(fireRecord(message, trigger), { awaited: false }),
    ...message.rules.map((rule) => runRule(context, message, rule, payload, resumed)),
  ]);
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

async function runRule(context: OwnerContext, message: AcceptedFire, rule: FiredRule, payload: JsonObject, resumed: boolean): Promise<void> {
  if (!rule.action) return;
  const { transactionId, identity, acceptedAt } = message;
  const common = { activationId: ruleActivationId(message, rule), transactionId, identity, payload };
  const action = await resolveRef(context.entities, rule.action);
  const plan: Plan = { ...common, action, accepted: true, resumed, receivedAt: acceptedAt, step: false };
  await runPromised(context, plan, { kind: "invocation", ...common, acceptedAt, action: rule.action, cause: message.activationId });
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
    response: success(message.payload),
    logs: message.rules.map((rule) => JSON.stringify(outcomeOf(message, rule))),
    annotations: [],
  };
}

/** A line of the trigger's record, in OpenWhisk's shape. */
function outcomeOf(message: AcceptedFire, rule: FiredRule): object {
  const names = { rule: rule.rule, action: rule.actionKey };
  return rule.action
    ? { statusCode: 0, success: true, activationId: ruleActivationId(message, rule), ...names }
    : { statusCode: 1, success: false, error: rule.error, ...names };
}
