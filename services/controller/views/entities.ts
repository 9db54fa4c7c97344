import { type Action, type Entity, isSequence, type Package, type Rule, type Trigger } from "../../core/model/entities";
import { containerOf, pathOfKey } from "../../core/model/names";

type View = Record<string, unknown>;

const base = (entity: Entity): View => ({
  namespace: containerOf(entity),
  name: entity.name,
  version: entity.version,
  publish: entity.publish,
  annotations: entity.annotations,
  updated: entity.updated,
});

/** @param code as it was sent; undefined: leave it out */
export function actionView(action: Action, code?: string): View {
  const { exec } = action;
  return {
    ...base(action),
    parameters: action.parameters,
    limits: action.limits,
    exec: isSequence(exec)
      ? { kind: exec.kind, components: exec.components }
      : {
          kind: exec.kind,
          ...(code === undefined ? {} : { code }),
          binary: exec.binary,
          ...(exec.main === undefined ? {} : { main: exec.main }),
          ...(exec.image === undefined ? {} : { image: exec.image }),
        },
  };
}

export function actionSummary(action: Action): View {
  return { ...base(action), limits: action.limits, exec: { binary: !isSequence(action.exec) && action.exec.binary } };
}

const reference = (key: string) => {
  const path = pathOfKey(key);
  return { path: containerOf(path), name: path.name };
};

/** As a list shows it: whether it is active depends on its trigger, too. */
export const ruleSummary = (rule: Rule): View => ({ ...base(rule), trigger: reference(rule.trigger), action: reference(rule.action) });

export const ruleView = (rule: Rule, status: Rule["status"]): View => ({ ...ruleSummary(rule), status });

/** @param rules that are tied to it */
export function triggerView(trigger: Trigger, rules: readonly Rule[]): View {
  const tied = rules.map((rule) => [`${rule.namespace}/${rule.name}`, { action: reference(rule.action), status: rule.status }] as const);
  return { ...base(trigger), parameters: trigger.parameters, limits: {}, ...(tied.length > 0 || trigger.hadRules ? { rules: Object.fromEntries(tied) } : {}) };
}

export const triggerSummary = (trigger: Trigger): View => base(trigger);

/** As a list shows it: what is no binding says so by `false`. */
export const packageSummary = (entity: Package): View => ({ ...base(entity), binding: entity.binding ?? false });

/** What is no binding says so by `{}`. */
export const packageView = (entity: Package): View => ({ ...base(entity), binding: entity.binding ?? {}, parameters: entity.parameters });

/** @param contained its actions */
export function packageWithContents(entity: Package, contained: readonly Action[]): View {
  return {
    ...packageView(entity),
    feeds: contained.filter(isFeed).map(contentView),
    actions: contained.filter((action) => !isFeed(action)).map(contentView),
  };
}

const isFeed = (action: Action) => action.annotations.some(({ key }) => key === "feed");
const contentView = ({ name, version, annotations }: Action): View => ({ name, version, annotations });
