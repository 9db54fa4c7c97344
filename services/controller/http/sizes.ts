import { WhiskError } from "../../core/errors";
import { SIZE_LIMITS } from "../../core/model/limits";
import type { KeyValue } from "../../core/model/parameters";

/** What a PUT brings along that may be large. */
export interface Sized {
  /** Bytes of code, entry point and image. */
  exec?: number;
  parameters?: readonly KeyValue[];
  annotations?: readonly KeyValue[];
}

/**
 * @param allowed bytes of parameters, and of annotations
 * @throws WhiskError 413 that names the first property that is too large, with OpenWhisk's measure of it
 */
export function checkSizes({ exec = 0, parameters, annotations }: Sized, allowed: number = SIZE_LIMITS.parameters): void {
  check("exec", exec, SIZE_LIMITS.code);
  check("parameters", sizeOf(parameters), allowed);
  check("annotations", sizeOf(annotations), allowed);
}

function check(field: string, size: number, allowed: number): void {
  if (size > allowed) throw new WhiskError(413, `${field} larger than allowed: ${size} > ${allowed} bytes.`);
}

/** Bytes of the keys and of the values as JSON. */
const sizeOf = (list: readonly KeyValue[] = []): number =>
  list.reduce((size, { key, value }) => size + Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(value)), 0);
