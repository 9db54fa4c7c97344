import express, { type Request, type Response } from "express";
import { SIZE_LIMITS } from "../../core/model/limits";
import { tooLarge } from "../http/tooLarge";

const read = express.raw({ type: () => true, limit: SIZE_LIMITS.parameters });

/** Refuses at once what says that it is too large. @param limit bytes @throws WhiskError 413 */
export function checkLength({ headers }: Request, limit: number): void {
  const length = Number(headers["content-length"] ?? 0);
  if (length > limit) throw tooLarge(length, limit);
}

/**
 * Reads whatever body there is.
 *
 * @param limit bytes
 * @throws WhiskError 413, or what Express's error handler takes for the caller's
 */
export async function readBody(request: Request, response: Response, limit: number): Promise<Buffer | undefined> {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (encoding === undefined && length === "0") return undefined;
  await new Promise<void>((resolve, reject) => read(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve())));
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes)) return undefined;
  if (bytes.length > limit) throw tooLarge(bytes.length, limit);
  return bytes;
}
