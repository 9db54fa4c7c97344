import fc from "fast-check";
import { newActivationId } from "../../core/ids";
import type { Activation } from "../../core/model/activation";
import type { Action, Package, Rule } from "../../core/model/entities";
import { DEFAULT_ACTION_LIMITS } from "../../core/model/limits";
import { keyOf } from "../../core/model/names";
import type { Json } from "../../core/model/parameters";
import type { AttemptEnd, DeadLetter, Revision } from "../../core/ports/store";

const base = { namespace: "guest", version: "0.0.1", publish: false, annotations: [], updated: 1_000 };

export const action = (name: string, change: Partial<Action> = {}): Action => ({
  ...base,
  collection: "actions",
  name,
  exec: { kind: "nodejs:20", codeSha: "0".repeat(64), binary: false },
  parameters: [],
  limits: DEFAULT_ACTION_LIMITS,
  ...change,
});

export const rule = (name: string, trigger: string, change: Partial<Rule> = {}): Rule => ({
  ...base,
  collection: "rules",
  name,
  trigger,
  action: "guest/hello",
  status: "active",
  ...change,
});

export const packageNamed = (name: string, change: Partial<Package> = {}): Package => ({ ...base, collection: "packages", name, parameters: [], ...change });

/** A revision of the entity, the first unless another number is given. */
export const revision = <T extends Action | Rule | Package>(entity: T, rev = 1, deleted = false): Revision<T> => ({
  key: keyOf(entity),
  rev,
  deleted,
  entity,
});

export function activation(change: Partial<Activation> = {}): Activation {
  return {
    activationId: newActivationId(),
    namespace: "guest",
    name: "hello",
    path: "guest/hello",
    version: "0.0.1",
    subject: "guest",
    start: 1_000,
    end: 1_005,
    duration: 5,
    response: { statusCode: 0, result: { greeting: "Hello" }, size: 20 },
    logs: ["2026-01-01T00:00:00.000Z stdout: hello"],
    annotations: [{ key: "path", value: "guest/hello" }],
    ...change,
  };
}

/** How an attempt ended whose code failed. */
export const attemptEnd = (change: Partial<AttemptEnd> = {}): AttemptEnd => ({
  activationId: newActivationId(),
  attempt: 0,
  at: 1_000,
  response: { statusCode: 2, result: { error: "An error has occurred" }, size: 33 },
  ...change,
});

/** An invocation that was given up after three attempts. */
export function deadLetter(change: Partial<DeadLetter> = {}): DeadLetter {
  const activationId = change.activationId ?? newActivationId();
  const { namespace = "guest" } = change;
  return {
    activationId,
    namespace,
    path: `${namespace}/hello`,
    reason: { error: "An error has occurred" },
    attempts: 3,
    at: 1_000,
    message: {
      kind: "invocation",
      activationId,
      transactionId: "t-1",
      identity: { namespace, uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502", subject: namespace },
      acceptedAt: 500,
      action: { action: { key: `${namespace}/hello`, rev: 1 }, packages: [] },
      payload: { name: "you" },
    },
    ...change,
  };
}

/** What JSON can carry that adapters are known to stumble over. */
export const TRICKY_JSON: Json = JSON.parse(
  String.raw`{"__proto__":{"polluted":true},"constructor":1,"$set":{"a.b":1},"":0,"a.b":"ü 😀 \u0000 \ud800 end","deep":[[[null]]],"big":9007199254740991,"tiny":5e-324}`,
) as Json;

/** Any JSON value, with the same keys in it. -0 is left out: JSON has none. */
export const anyJson = (): fc.Arbitrary<Json> =>
  fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** Calls `make` so many times at the same time. */
export const together = <T>(times: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => make(index)));
