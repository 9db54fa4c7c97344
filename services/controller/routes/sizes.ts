import { WhiskError } from "../../core/errors";
import { SIZE_LIMITS } from "../../core/model/limits";
import type { Parameter } from "../../core/model/parameters";

/** @throws WhiskError 413 when the parameters of an entity are too large together */
export function checkParametersSize(parameters: Parameter[], what: string): Parameter[] {
  const size = Buffer.byteLength(JSON.stringify(parameters));
  if (size > SIZE_LIMITS.parameters) {
    throw new WhiskError(413, `${what} parameters larger than allowed: ${size} > ${SIZE_LIMITS.parameters} bytes.`);
  }
  return parameters;
}
