import { z } from "zod";
import type { OwnLimits } from "../../../core/model/namespaceLimits";

const MOST = 2 ** 31 - 1;
const count = z.int().min(0).max(MOST);
const size = z
  .union([z.int().min(0).max(MOST), z.string().regex(/^\d{1,9} ?([KMG]?B|[KMG])$/i, 'must be a number of bytes, or a size such as "512 KB"')])
  .transform((value) => (typeof value === "number" ? value : bytesOf(value)));

function bytesOf(text: string): number {
  const [, amount, unit] = /^(\d+) ?([KMG]?)/i.exec(text) as unknown as [string, string, string];
  return Number(amount) * 1024 ** ["", "K", "M", "G"].indexOf(unit.toUpperCase());
}

/** What a namespace has of its own; names and units are those of `GET /namespaces/_/limits`. */
export const ownLimits = z
  .strictObject({
    concurrentInvocations: count,
    invocationsPerMinute: count,
    firesPerMinute: count,
    allowedKinds: z.array(z.string().min(1).max(64)).max(100),
    storeActivations: z.boolean(),
    minActionMemory: count,
    maxActionMemory: count,
    minActionTimeout: count,
    maxActionTimeout: count,
    minActionLogs: count,
    maxActionLogs: count,
    minActionConcurrency: count,
    maxActionConcurrency: count,
    maxParameterSize: size,
    maxPayloadSize: size,
  })
  .partial()
  .refine(
    (limits) => !RANGES.some((name) => (limits[`minAction${name}`] ?? 0) > (limits[`maxAction${name}`] ?? Infinity)),
    "has a minimum that is more than its maximum",
  )
  .transform((limits): OwnLimits => limits);

const RANGES = ["Memory", "Timeout", "Logs", "Concurrency"] as const;

const secret = z.string().regex(/^[\w.~-]{64,256}$/, "must be 64 to 256 letters, digits, - . _ or ~");
/** Seconds, up to ten years. */
const seconds = z.number().min(0).max(10 * 366 * 86_400);

export const namespacePut = z.strictObject({
  uuid: z.uuid().optional(),
  subject: z.string().min(1).max(256).optional(),
  key: secret.optional(),
  blocked: z.boolean().optional(),
  limits: ownLimits.optional(),
});

export const keyPost = z.strictObject({
  /** @default a random one */
  key: secret.optional(),
  /** Seconds for which it is good. @default until it is removed */
  expiresIn: seconds.optional(),
  /** Seconds for which all others stay good. @default until they are removed */
  othersExpireIn: seconds.optional(),
});
