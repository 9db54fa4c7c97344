import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(16 * 1024);
let used = pool.length;

/**
 * Random bytes for ids. The system is asked for many at a time: a call costs several microseconds however few it is for,
 * and each invocation needs two ids.
 *
 * @param size at most 64
 */
export function randomBytes(size: number): Buffer {
  if (used + size > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}
