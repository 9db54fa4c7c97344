import type { Completion, RunMessage } from "../../../core/messages";

/** What comes back for a run. */
export type RunReply =
  | Completion
  /** It did not run: there was no room for it, or it can never run. */
  | { kind: "refused"; status: number; message: string }
  /** Whether it ran is not known. */
  | { kind: "lost"; reason: string };

/** Types of messages on the lane, in the property `type`; a run has none. */
export const TYPE = {
  /** To the pending queue: somebody has to serve the queue of this key. */
  adopt: "adopt",
  /** To the owner: correlation ids of its runs that this invoker has in hand. */
  holding: "holding",
} as const;

const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const decode = <T>(content: Buffer): T => JSON.parse(content.toString("utf8")) as T;

export const encodeRun: (message: RunMessage) => Buffer = encode;
export const decodeRun: (content: Buffer) => RunMessage = decode;
export const encodeReply: (reply: RunReply) => Buffer = encode;
export const decodeReply: (content: Buffer) => RunReply = decode;
export const encodeAdopt = (key: string): Buffer => encode({ key });
export const decodeAdopt = (content: Buffer): { key: string } => decode(content);
export const encodeHolding = (ids: readonly string[]): Buffer => encode(ids);
export const decodeHolding = (content: Buffer): string[] => decode(content);
/** A question to all invokers, whose answers go to a queue. */
export const encodeCensus = (replyTo: string): Buffer => encode({ replyTo });
export const decodeCensus = (content: Buffer): { replyTo: string } => decode(content);
