import { createHash } from "node:crypto";
import { randomBytes } from "./random";

/** An activation id: 32 lower-case hexadecimal digits, as in OpenWhisk. */
export type ActivationId = string;

/**
 * An id that nobody can guess: 80 random bits behind the time in milliseconds. Ids of the same time lie together
 * in the store's indexes, so that a batch of records changes few pages.
 */
export const newActivationId = (now = Date.now()): ActivationId => now.toString(16).padStart(12, "0") + randomBytes(10).toString("hex");

export const isActivationId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

/**
 * An id that a repetition finds again: what continues a half-done fire or sequence after a crash
 * derives the same ids, and so meets the records that exist already.
 */
export function derivedActivationId(parent: ActivationId, part: string | number): ActivationId {
  return createHash("sha256").update(`${parent}/${part}`).digest("hex").slice(0, 32);
}

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
