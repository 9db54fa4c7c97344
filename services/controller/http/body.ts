import express, { type NextFunction, type Request, type Response } from "express";
import { badRequest, WhiskError } from "../../core/errors";
import { SIZE_LIMITS } from "../../core/model/limits";
import type { JsonObject } from "../../core/model/parameters";
import { checkDepth } from "./depth";

/** Room for the JSON around code and parameters of the largest size. Bytes. */
const ENVELOPE = 64 * 1024;

const json = (limit: number) => express.json({ limit, strict: false, type: isJson });

/** The body of an invocation or of a trigger fire. */
export const payloadBody = [requireJson, json(SIZE_LIMITS.parameters)];
/** The body of a PUT of an entity. */
export const entityBody = [requireJson, json(2 * SIZE_LIMITS.parameters + ENVELOPE)];
/** The body of a PUT of an action. JSON escapes may double the size of code. */
export const actionBody = [requireJson, json(2 * SIZE_LIMITS.code + 2 * SIZE_LIMITS.parameters + ENVELOPE)];

/** @throws WhiskError 400 when there is a body that is not a JSON object, or one that is nested too deeply */
export function objectBody(request: Request): JsonObject {
  const body: unknown = request.body;
  if (body === undefined) return {};
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest("The request content was malformed:\nObject expected");
  }
  // Compressed bodies are larger than they say, and some do not say.
  const { "content-length": length, "content-encoding": encoding } = request.headers;
  checkDepth(body, length === undefined || encoding !== undefined ? Infinity : Number(length));
  return body as JsonObject;
}

function isJson(request: { headers: { "content-type"?: string } }): boolean {
  return /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(request.headers["content-type"] ?? "");
}

/** A body of another type is refused instead of being overlooked. */
function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== "0");
  if (hasBody && !isJson(request)) throw new WhiskError(415, "The request's Content-Type is not supported. Expected:\napplication/json");
  next();
}
