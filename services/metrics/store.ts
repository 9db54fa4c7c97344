import type { Registry } from "prom-client";
import type { ActivationStore, Store } from "../core/ports/store";
import { tally } from "./readings";
import { OUTCOME_LABELS } from "./runs";
import { type Timer, Timings } from "./timings";

type Part = Exclude<keyof Store, "close">;
type Kind = "read" | "write";

/** What each operation of the store is. */
const OPERATIONS: { [P in Part]: Record<Exclude<keyof Store[P], "lag">, Kind> } = {
  entities: { head: "read", revision: "read", list: "read", count: "read", rulesOf: "read", append: "write" },
  code: { get: "read", put: "write" },
  activations: { get: "read", list: "read", count: "read", insert: "write", prune: "write", purge: "write" },
  starts: { get: "read", ended: "read", claim: "write", end: "write" },
  namespaces: { byUuid: "read", byName: "read", list: "read", count: "read", put: "write", remove: "write" },
  deadLetters: { get: "read", list: "read", count: "read", put: "write", remove: "write", purge: "write" },
};

/** Below a millisecond there are reads of the embedded store. Seconds. */
const LATENCIES = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

type Operation = (...args: unknown[]) => Promise<unknown>;

/**
 * The store, with the time and the failures of each operation, and the records that it takes from this process: each activation of the
 * whole platform is counted once, by whoever wrote its record.
 */
export function observeStore(registry: Registry, store: Store, now: () => number = () => performance.now()): Store {
  const latencies = new Timings<"operation" | "part">(registry, { name: "stackwhisk_store_operation_seconds", help: "What the store took, by what was asked of it; writes for which nobody waits are delayed on purpose." }, LATENCIES);
  const failures = tally(registry, { name: "stackwhisk_store_errors_total", help: "Operations of the store that failed.", label: "operation" }, ["read", "write"]);
  const observed = (operation: Operation, timer: Timer, failed: () => void): Operation => {
    return (...args) => {
      const begin = now();
      const work = operation(...args);
      work.then(() => timer.observe(now() - begin), failed);
      return work;
    };
  };
  const parts = Object.entries(OPERATIONS).map(([part, operations]) => {
    const timers = { read: latencies.timer({ operation: "read", part }), write: latencies.timer({ operation: "write", part }) };
    const target = store[part as Part] as unknown as Record<string, Operation>;
    const methods = Object.entries(operations).map(([name, kind]) => [name, observed(target[name]!.bind(target), timers[kind], failures[kind])]);
    return [part, Object.fromEntries(methods)];
  });
  const whole = Object.fromEntries(parts) as Omit<Store, "close">;
  return { ...whole, activations: { lag: store.activations.lag, ...countRecords(registry, whole.activations) }, close: () => store.close() };
}

function countRecords(registry: Registry, activations: ActivationStore): ActivationStore {
  const records = tally(registry, { name: "stackwhisk_activation_records_total", help: "Activations of any kind that got their record, by outcome.", label: "outcome" }, OUTCOME_LABELS);
  return {
    ...activations,
    insert(record, options) {
      const inserting = activations.insert(record, options);
      inserting.then(
        (first) => first && records[OUTCOME_LABELS[record.response.statusCode]!]!(),
        () => undefined,
      );
      return inserting;
    },
  };
}
