import { WhiskError } from "../../core/errors";

/** @param length of the request, or what has come of it. Bytes. */
export const tooLarge = (length: number, limit: number) => new WhiskError(413, `Request larger than allowed: ${length} > ${limit} bytes.`);
