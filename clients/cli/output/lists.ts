import type { Style } from "./style";

/** What a list needs to know of an entity; the platform sends more. */
export interface Listed {
  namespace: string;
  name: string;
  publish?: boolean;
  status?: string;
  annotations?: { key: string; value: unknown }[];
}

export type ListKind = "actions" | "triggers" | "rules" | "packages";

const rows: Record<ListKind, (entity: Listed) => string> = {
  actions: (e) => `private ${e.annotations?.find(({ key }) => key === "exec")?.value ?? ""}`,
  triggers: () => "private",
  rules: (e) => `${"private".padEnd(20)} ${e.status ?? ""}`,
  packages: (e) => (e.publish ? "shared" : "private"),
};

/** A list for people: the heading, then one line for each entity. */
export function listText(kind: ListKind, entities: readonly Listed[], style: Style): string {
  const lines = entities.map((e) => `${`/${e.namespace}/${e.name}`.padEnd(70)} ${rows[kind](e)}\n`);
  return `${style.bold(kind)}\n${lines.join("")}`;
}

/** By name; actions without a package go before those in one. */
export function sortByName<T extends Listed>(kind: ListKind, entities: readonly T[]): T[] {
  const packaged = (e: Listed): number => (kind === "actions" && e.namespace.includes("/") ? 1 : 0);
  const name = (e: Listed): string => (kind === "actions" && !packaged(e) ? e.name : `${e.namespace}${e.name}`.toLowerCase());
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...entities].sort((a, b) => packaged(a) - packaged(b) || compare(name(a), name(b)));
}
