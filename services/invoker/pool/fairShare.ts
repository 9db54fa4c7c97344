import type { KeyQueue, Tenant } from "./queues";

/** An idle container is wanted by its key for so long: its caller may be about to come back. Milliseconds. */
export const WANTED = 250;

/**
 * The level up to which everybody can be given what he demands, so that together it is not more than `capacity`:
 * who demands less leaves the rest to the others. Infinite when there is enough for all.
 */
export function waterLevel(demands: readonly number[], capacity: number): number {
  let [left, heads] = [capacity, demands.length];
  for (const demand of [...demands].sort((a, b) => a - b)) {
    if (demand * heads > left) return left / heads;
    left -= demand;
    heads--;
  }
  return Infinity;
}

/** Works out the fair share of each tenant, and within it of each of its keys. MB. */
export function shareOut(tenants: Iterable<Tenant>, memory: number, now: number): void {
  const all = [...tenants];
  const demands = all.map((tenant) => [...tenant.keys].map((key) => demandOf(key, now)));
  const sums = demands.map((list) => list.reduce((sum, demand) => sum + demand, 0));
  const level = waterLevel(sums, memory);
  all.forEach((tenant, i) => {
    tenant.share = Math.min(sums[i]!, level);
    const within = waterLevel(demands[i]!, tenant.share);
    let j = 0;
    for (const key of tenant.keys) key.share = Math.min(demands[i]![j++]!, within);
  });
}

/** MB that a key could use now. */
function demandOf(key: KeyQueue, now: number): number {
  let unwanted = 0;
  while (unwanted < key.idle.length && now - key.idle[unwanted]!.idleSince >= WANTED) unwanted++;
  return (key.containers - unwanted) * key.size + key.missing;
}

/**
 * Whether a container of `giver` has to make room for `taker`, by the shares of the last {@link shareOut}: between
 * tenants if they are two, else between the keys. Nothing moves between parties that have their shares, whole
 * containers considered, so this comes to rest.
 *
 * @param rested the container has served its key for a while: only then does a key give its last, or a fraction
 */
export function mayTake(taker: KeyQueue, giver: KeyQueue, rested: boolean): boolean {
  const [to, from] = taker.tenant === giver.tenant ? [taker, giver] : [taker.tenant, giver.tenant];
  if (!isBelow(to, taker.size)) return false;
  return from.memory - giver.size >= from.share || (rested && from.memory > from.share);
}

/** Has nothing, or would still be within its share with one container more. */
export const isBelow = (party: { memory: number; share: number }, size: number): boolean => party.memory === 0 || party.memory + size <= party.share;

/** Who has least comes first: tenants, then keys, then who has waited longest. */
export const byNeed = (a: KeyQueue, b: KeyQueue): number =>
  a.tenant.memory - b.tenant.memory || a.memory - b.memory || a.waiters[0]!.since - b.waiters[0]!.since;
