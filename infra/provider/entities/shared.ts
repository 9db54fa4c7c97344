/** Properties that several entities have, and how the API's answers become inputs again. */
import type { PropertyDescription } from "../description";
import type { Properties } from "../resource";
import { fromKeyValues, unlessEmpty, type KeyValue } from "./keyValues";

/** Set by the platform itself on entities, so they are neither inputs nor drift. */
const SERVER_ANNOTATIONS = new Set(["exec", "binary", "provide-api-key", "codeSha256"]);

export function nameProperty(noun: string): PropertyDescription {
  return {
    type: "string",
    input: "optional",
    replaces: true,
    present: true,
    description: `Name of the ${noun} on the platform. Default: the resource's own name as it is, because clients call it by that; no suffix is added. Another name makes a new ${noun}.`,
  };
}

export function packageProperty(noun: string): PropertyDescription {
  return { type: "string", input: "optional", replaces: true, description: `Name of the package that the ${noun} is in. Default: none. Another package makes a new ${noun}.` };
}

export function parametersProperty(of: string): PropertyDescription {
  return { type: { map: "json" }, input: "optional", description: `${of} Values may be secret.` };
}

export const annotationsProperty: PropertyDescription = { type: { map: "json" }, input: "optional", description: "What people and tools want to know about it, by key." };

export const publishProperty: PropertyDescription = { type: "boolean", input: "optional", description: "Other namespaces may see it.", default: false };

export const entityOutputs: Record<string, PropertyDescription> = {
  namespace: { type: "string", present: true, description: "The namespace that it is in: the one of the key." },
  qualifiedName: { type: "string", present: true, description: "Its name as it is known everywhere on the platform: `/namespace/name` or `/namespace/package/name`." },
  version: { type: "string", present: true, description: "Counted up by the platform with each change." },
  updated: { type: "string", description: "When it last changed, ISO 8601." },
};

/** The annotations that a user set or someone else changed, without those that the platform adds itself. */
export function annotationInputs(list: readonly KeyValue[] | undefined, input: unknown, hidden: readonly string[] = []): Properties | undefined {
  const given = (input ?? {}) as Properties;
  const annotations = Object.entries(fromKeyValues(list)).filter(([key]) => key in given || (!SERVER_ANNOTATIONS.has(key) && !hidden.includes(key)));
  return unlessEmpty(Object.fromEntries(annotations), input);
}

/** Keys of annotations that go away: the API merges what it gets into what there is. */
export function deletedAnnotations(old: readonly KeyValue[], next: readonly KeyValue[]): string[] {
  const kept = new Set(next.map(({ key }) => key));
  return old.map(({ key }) => key).filter((key) => !kept.has(key));
}

/** An input that was left out, and whose truth is its default, stays left out. */
export function unlessDefault<T>(value: T, byDefault: T, input: unknown): T | undefined {
  return value === byDefault && input === undefined ? undefined : value;
}
