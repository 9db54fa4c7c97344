import { writeSync } from "node:fs";
import { newActivationId } from "../../../core/ids";
import { action, activation, revision } from "../../contract/samples";
import { openSqliteStore } from "../store";

/**
 * A program that writes without end, 20 of each kind at a time, and prints `<kind> <id>` for each write as soon as it is
 * acknowledged. Its argument is the file of the store.
 */
const store = openSqliteStore({ file: process.argv[2]! });

const WRITES: Record<string, (id: string) => Promise<unknown>> = {
  activation: (activationId) => store.activations.insert(activation({ activationId })),
  start: (activationId) => store.starts.claim({ activationId, attempt: 0, invoker: "i", at: 1 }),
  entity: (name) => store.entities.append(revision(action(name))),
  accepted: (id) => store.accepted.add("guest", id),
  code: (sha) => store.code.put(sha, sha.repeat(100)),
};

async function writeForEver(kind: string, write: (id: string) => Promise<unknown>): Promise<never> {
  for (;;) {
    const id = newActivationId();
    await write(id);
    // Synchronous: what is printed has left this process.
    writeSync(1, `${kind} ${id}\n`);
  }
}

for (const [kind, write] of Object.entries(WRITES)) {
  for (let n = 0; n < 20; n++) void writeForEver(kind, write);
}
