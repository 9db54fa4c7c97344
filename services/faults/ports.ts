import { setTimeout as sleep } from "node:timers/promises";
import type { AcceptedLog, RunLane } from "../core/ports/lanes";
import type { Store } from "../core/ports/store";
import type { FailPoint } from "./failPoint";

/** Until what was published has left the process. Milliseconds. */
const SENT = 5;

/** Each port as it is, with the points at which its process may be made to die. */
export const mortal = {
  log(log: AcceptedLog, fail: FailPoint | undefined): AcceptedLog {
    if (!fail) return log;
    return {
      append: async (message) => {
        await log.append(message);
        fail.reached("append");
      },
      consume: (handler) =>
        log.consume(async (message, delivery) => {
          await handler(message, delivery);
          fail.reached("ack");
        }),
      depth: () => log.depth(),
      close: () => log.close(),
    };
  },

  lane(lane: RunLane, fail: FailPoint | undefined): RunLane {
    if (!fail) return lane;
    return {
      endsWithOwner: lane.endsWithOwner,
      run: (message) => {
        const run = lane.run(message);
        void sleep(SENT).then(() => fail.reached("send"));
        return run;
      },
      close: () => lane.close(),
    };
  },

  /** Of an invoker. */
  store(store: Store, fail: FailPoint | undefined): Store {
    if (!fail) return store;
    /** What the invoker writes when code has run. */
    const outcome = async <T>(write: () => Promise<T>): Promise<T> => {
      fail.reached("run");
      const written = await write();
      fail.reached("record");
      return written;
    };
    const { activations, starts } = store;
    return {
      entities: store.entities,
      code: store.code,
      namespaces: store.namespaces,
      deadLetters: store.deadLetters,
      activations: {
        insert: (record, options) => outcome(() => activations.insert(record, options)),
        get: (namespace, id) => activations.get(namespace, id),
        list: (query) => activations.list(query),
        count: (query) => activations.count(query),
        prune: (endedBefore) => activations.prune(endedBefore),
        purge: (namespace, startedUpTo) => activations.purge(namespace, startedUpTo),
      },
      starts: {
        claim: async (start) => {
          const claimed = await starts.claim(start);
          fail.reached("start");
          return claimed;
        },
        get: (activationId, attempt) => starts.get(activationId, attempt),
        end: (end) => outcome(() => starts.end(end)),
        ended: (activationId, attempt) => starts.ended(activationId, attempt),
      },
      close: () => store.close(),
    };
  },
};
