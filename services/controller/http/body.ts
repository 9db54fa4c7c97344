import express, { type NextFunction, type Request, type Response } from "express";
import { badRequest, WhiskError } from "../../core/errors";
import { SIZE_LIMITS } from "../../core/model/limits";
import type { JsonObject } from "../../core/model/parameters";
import { checkDepth } from "./depth";
import { tooLarge } from "./tooLarge";

/** Room for the JSON around code and parameters of the largest size. Bytes. */
const ENVELOPE = 64 * 1024;

/** Bytes of bodies, unpacked. */
const sizes = new WeakMap<object, number>();

/** How large the body is: what it says, before it has been read, and else what has come of it, unpacked. Bytes. */
export const sizeOf = (request: Request): number => sizes.get(request) ?? Number(request.headers["content-length"] ?? 0);

/** The body of an invocation or of a trigger fire; it may be missing. What is too large is told before what it is, as in OpenWhisk. */
export const payloadBody = [checkLength(SIZE_LIMITS.parameters), requireJson, payload()];
/** A body that may be missing, of a PUT that is no entity's. */
export const optionalBody = [checkLength(ENVELOPE), requireJson, express.json({ limit: ENVELOPE, strict: false, type: isJson })];
/** The body of a PUT of an entity. What is somewhat too large gets as far as a refusal that names it. */
export const entityBody = entity(4 * SIZE_LIMITS.parameters + ENVELOPE);
/** The body of a PUT of an action. JSON escapes may double the size of code. */
export const actionBody = entity(2 * SIZE_LIMITS.code + 4 * SIZE_LIMITS.parameters + ENVELOPE);

function payload() {
  return express.json({ limit: SIZE_LIMITS.parameters, strict: false, type: isJson, verify: (request, _response, bytes) => void sizes.set(request, bytes.length) });
}

function entity(limit: number) {
  const read = express.json({ limit, strict: false, type: isJson, verify: (_request, _response, bytes) => requireBytes(bytes.length) });
  return [requireJson, requireEntity, checkLength(limit), read];
}

/** @throws WhiskError 400 when there is a body that is not a JSON object, or one that is nested too deeply */
export function objectBody(request: Request): JsonObject {
  const body: unknown = request.body;
  if (body === undefined) return {};
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest("The request content was malformed:\nJSON object expected");
  }
  // Compressed bodies are larger than they say, and some do not say.
  const { "content-length": length, "content-encoding": encoding } = request.headers;
  checkDepth(body, length === undefined || encoding !== undefined ? Infinity : Number(length));
  return body as JsonObject;
}

function isJson(request: { headers: { "content-type"?: string } }): boolean {
  return /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(request.headers["content-type"] ?? "");
}

const hasBody = ({ headers }: Request): boolean => headers["transfer-encoding"] !== undefined || !["0", undefined].includes(headers["content-length"]);

/** A body of another type is refused instead of being overlooked, and so is another type without a body. */
function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const type = request.headers["content-type"] ?? (hasBody(request) ? "application/octet-stream" : undefined);
  if (type !== undefined && !isJson(request)) throw new WhiskError(415, `The request's Content-Type [${type}] is not supported. Expected:\napplication/json`);
  next();
}

/** What is put must be there. */
function requireEntity(request: Request, _response: Response, next: NextFunction): void {
  requireBytes(hasBody(request) ? 1 : 0);
  next();
}

function requireBytes(length: number): void {
  if (length === 0) throw badRequest("Request entity expected but not supplied");
}

/** Refuses at once what says that it is too large. */
function checkLength(limit: number) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const length = Number(request.headers["content-length"] ?? 0);
    if (length > limit) throw tooLarge(length, limit);
    next();
  };
}
