import type { ResolvedAction } from "../../core/entities/resolve";
import { badRequest, WhiskError } from "../../core/errors";
import { isSequence } from "../../core/model/entities";
import { type EntityPath, keyOf, parseEntityPath } from "../../core/model/names";

/**
 * Whether an action may become this sequence. Sequences in it count as what is in them.
 *
 * @param find resolves a component; rejects with 404 when there is none
 * @param self the action
 * @param most actions that a sequence may have
 * @throws WhiskError 400 when it is empty or too long, names what does not exist, or comes back to itself
 */
export async function checkSequence(find: (path: EntityPath) => Promise<ResolvedAction>, self: EntityPath, components: readonly EntityPath[], most: number): Promise<void> {
  if (components.length === 0) throw badRequest("No component specified for the sequence.");
  const counted = new Map<string, number>();

  /** Actions in these components, or more than is allowed. */
  async function count(paths: readonly EntityPath[], depth: number): Promise<number> {
    // Sequences that were changed at the same time may form a ring.
    if (paths.length > most || depth > most) throw tooLong();
    let sum = 0;
    for (const path of paths) {
      sum += await countOne(path, depth);
      if (sum > most) throw tooLong();
    }
    return sum;
  }

  async function countOne(path: EntityPath, depth: number): Promise<number> {
    const key = keyOf(path);
    if (key === keyOf(self)) throw cyclic();
    const known = counted.get(key);
    if (known !== undefined) return known;
    const { action } = await find(path).catch((error: unknown) => {
      throw error instanceof WhiskError && error.status === 404 ? badRequest("Sequence component does not exist.") : error;
    });
    if (keyOf(action) === keyOf(self)) throw cyclic();
    const found = isSequence(action.exec) ? await count(action.exec.components.map((component) => parseEntityPath(component, action.namespace)), depth + 1) : 1;
    counted.set(key, found);
    return found;
  }

  await count(components, 0);
}

const tooLong = () => badRequest("Too many actions in the sequence.");
const cyclic = () => badRequest("Sequence may not refer to itself.");
