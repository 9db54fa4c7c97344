import type { Rule, Trigger } from "../model/entities";
import { keyOf } from "../model/names";
import type { EntityStore, Revision } from "../ports/store";

/**
 * Whether the trigger fires the rule, if it is active. A rule outlives its trigger, but a new trigger of the same name does not
 * fire it until somebody puts the rule again or switches it on.
 */
export const isTied = (rule: Rule, trigger: Trigger): boolean => rule.trigger === keyOf(trigger) && rule.triggerCreated === trigger.created;

/** The rules that a trigger fires, the inactive ones too. */
export async function tiedRules(store: Pick<EntityStore, "rulesOf">, trigger: Trigger): Promise<Revision<Rule>[]> {
  const rules = (await store.rulesOf(keyOf(trigger))) as Revision<Rule>[];
  return rules.filter(({ entity }) => isTied(entity, trigger));
}
