import { hash } from "node:crypto";
import type { Action, Identity, Package, Rule, SequenceExec, Trigger } from "../model/entities";
import { DEFAULT_ACTION_LIMITS } from "../model/limits";
import { keyOf, parseEntityPath } from "../model/names";

const base = (name: string) => ({ ...parseEntityPath(name, "guest"), version: "0.0.1", publish: false, annotations: [], updated: 1_000 });

/** The same for the same name. */
function uuidOf(namespace: string): string {
  const digits = hash("sha256", namespace);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

export const identityOf = (namespace: string): Identity => ({ namespace, uuid: uuidOf(namespace), subject: `subject-of-${namespace}` });

export const GUEST = identityOf("guest");

/** Names as {@link parseEntityPath} reads them, seen from the namespace `guest`. */
export const anAction = (name: string, change: Partial<Action> = {}): Action => ({
  ...base(name),
  collection: "actions",
  exec: { kind: "nodejs:24", binary: false, codeSha: "sha" },
  parameters: [],
  limits: { ...DEFAULT_ACTION_LIMITS },
  ...change,
});

export const aSequence = (name: string, components: string[], change: Partial<Action> = {}): Action => {
  const exec: SequenceExec = { kind: "sequence", components: components.map((component) => `/${keyOf(parseEntityPath(component, "guest"))}`) };
  return anAction(name, { exec, ...change });
};

export const aTrigger = (name: string, change: Partial<Trigger> = {}): Trigger => ({ ...base(name), collection: "triggers", parameters: [], ...change });

export const aPackage = (name: string, change: Partial<Package> = {}): Package => ({ ...base(name), collection: "packages", parameters: [], ...change });

export const aRule = (name: string, trigger: string, action: string, change: Partial<Rule> = {}): Rule => ({
  ...base(name),
  collection: "rules",
  trigger: keyOf(parseEntityPath(trigger, "guest")),
  action: keyOf(parseEntityPath(action, "guest")),
  status: "active",
  ...change,
});
