import express, { type NextFunction, type Request, type Response } from "express";
import { badRequest, WhiskError } from "../../core/errors";
import { SIZE_LIMITS } from "../../core/model/limits";
import type { JsonObject } from "../../core/model/parameters";

/** Room for the JSON around code and parameters of the largest size. Bytes. */
const ENVELOPE = 64 * 1024;

const json = (limit: number) => express.json({ limit, strict: false, type: isJson });

/** The body of an invocation or of a trigger fire. */
export const payloadBody = [requireJson, json(SIZE_LIMITS.parameters)];
/** The body of a PUT of an entity. Code in base64 takes a third more. */
export const entityBody = [requireJson, json(Math.ceil((SIZE_LIMITS.code * 4) / 3) + 2 * SIZE_LIMITS.parameters + ENVELOPE)];

/** @throws WhiskError 400 when there is a body that is not a JSON object */
export function objectBody(request: Request): JsonObject {
  const body: unknown = request.body;
  if (body === undefined || body === null) return {};
  if (typeof body !== "object" || Array.isArray(body)) {
    throw badRequest("The request content was malformed: Object expected");
  }
  return body as JsonObject;
}

function isJson(request: { headers: { "content-type"?: string } }): boolean {
  return /^application\/(json|[\w.+-]+\+json)\b/i.test(request.headers["content-type"] ?? "");
}

/** A body of another type is refused instead of being overlooked. */
function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== "0");
  if (hasBody && !isJson(request)) throw new WhiskError(415, "The request's Content-Type is not supported. Expected:\napplication/json");
  next();
}
