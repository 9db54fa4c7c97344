import type { KeyValue } from "../args/key-values";
import type { Style } from "./style";

/** What a summary needs of an entity. */
export interface Summarized {
  namespace: string;
  name: string;
  annotations?: KeyValue[];
  parameters?: KeyValue[];
}

/**
 * Two lines about an entity: what it does, and its parameters: those that its annotation `parameters` describes and
 * those that are bound (`*`; `**` if they cannot be changed any more).
 */
export function summaryText(kind: string, entity: Summarized, style: Style): string {
  const parameters = parameterNames(entity);
  const description = annotation(entity, "description");
  const about = typeof description === "string" && description !== "" ? description : describeParameters(parameters);
  const names = parameters.join(", ") || "none defined";
  return `${style.bold(kind)} /${entity.namespace}/${entity.name}${about && `: ${about}`}\n   (${style.bold("parameters")}: ${names})\n`;
}

const annotation = (entity: Summarized, name: string): unknown => entity.annotations?.find(({ key }) => key === name)?.value;

function parameterNames(entity: Summarized): string[] {
  const bound = new Set((entity.parameters ?? []).map(({ key }) => key));
  const described = annotation(entity, "parameters");
  const names = Array.isArray(described)
    ? described.flatMap((d: unknown) => (d !== null && typeof d === "object" && "name" in d ? [String(d.name)] : []))
    : [];
  const mark = annotation(entity, "final") === true ? "**" : "*";
  return [...new Set([...bound, ...names])].sort().map((name) => (bound.has(name) ? `${mark}${name}` : name));
}

function describeParameters(marked: readonly string[]): string {
  const names = marked.map((name) => name.replaceAll("*", ""));
  if (names.length === 0) return "";
  if (names.length === 1) return `Returns a result based on parameter ${names[0]}`;
  return `Returns a result based on parameters ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
