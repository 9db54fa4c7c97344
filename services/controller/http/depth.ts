import { badRequest } from "../../core/errors";

/** Levels of arrays and objects in each other, as in OpenWhisk. What is much deeper cannot be written as JSON again. */
const MAX_DEPTH = 1_000;

/**
 * @param bytes of the JSON that it was
 * @throws WhiskError 400 when it is nested too deeply
 */
export function checkDepth(value: unknown, bytes: number): void {
  if (bytes <= MAX_DEPTH) return;
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= MAX_DEPTH) throw badRequest(`The request content was malformed:\nJSON input nested too deeply: the limit is ${MAX_DEPTH} levels`);
    level = level.flatMap((parent) => Object.values(parent).filter(isNested));
  }
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;
