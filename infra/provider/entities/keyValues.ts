import type { Properties } from "../resource";

/** How the API writes parameters and annotations. `init`: goes to the environment, not to the arguments. */
export interface KeyValue {
  key: string;
  value: unknown;
  init?: boolean;
}

export function toKeyValues(values: unknown, extra?: { init: true }): KeyValue[] {
  return Object.entries((values ?? {}) as Properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value, ...extra }));
}

export function fromKeyValues(list: readonly KeyValue[] | undefined): Properties {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, value]));
}

/** An input that was not given and is empty in truth stays not given. */
export function unlessEmpty(values: Properties, input: unknown): Properties | undefined {
  return Object.keys(values).length === 0 && input === undefined ? undefined : values;
}

/** Without the keys whose value is undefined. */
export function compact(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
