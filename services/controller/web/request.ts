import express, { type Request } from "express";
import { badRequest, messageOf } from "../../core/errors";
import { SIZE_LIMITS } from "../../core/model/limits";
import type { Json, JsonObject } from "../../core/model/parameters";
import { checkDepth } from "../http/depth";
import { isJson, isText, mediaTypeOf } from "./media";

/** Names under which an action gets what it may want to know of the HTTP request. */
const RESERVED = ["__ow_method", "__ow_headers", "__ow_path", "__ow_user", "__ow_query", "__ow_body"] as const;

/** Reads whatever body there is, as bytes. */
export const webBody = express.raw({ type: () => true, limit: SIZE_LIMITS.parameters });

/**
 * Arguments of the action: what the caller sent, and what the request was.
 *
 * @param rest what follows the action's name in the path
 * @param raw the action takes the query and the body as they are
 * @param closed parameters that a caller must not set
 * @param user namespace of the caller, if it has shown a key
 * @throws WhiskError 400
 */
export function argumentsOfRequest(request: Request, rest: string, raw: boolean, closed: ReadonlySet<string>, user?: string): JsonObject {
  const body = bodyOf(request, raw);
  const query = queryOf(request);
  const given: JsonObject = raw ? { __ow_query: query.toString(), __ow_body: body ?? "" } : { ...Object.fromEntries(query), ...boxed(body) };
  const named = [...query.keys(), ...(isObject(body) ? Object.keys(body) : [])];
  if (!raw && named.some((name) => closed.has(name) || (RESERVED as readonly string[]).includes(name))) {
    throw badRequest("Request defines parameters that are not allowed (e.g., reserved properties).");
  }
  return { __ow_method: request.method.toLowerCase(), __ow_headers: headersOf(request), __ow_path: rest, ...(user === undefined ? {} : { __ow_user: user }), ...given };
}

const queryOf = (request: Request) => new URLSearchParams(/\?(.*)$/.exec(request.url)?.[1] ?? "");

function headersOf(request: Request): JsonObject {
  const headers: JsonObject = {};
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  return headers;
}

/** An object becomes parameters, anything else is passed on whole. */
const boxed = (body: Json | undefined): JsonObject => (body === undefined ? {} : isObject(body) ? body : { __ow_body: body });

function bodyOf(request: Request, raw: boolean): Json | undefined {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined;
  const mediaType = mediaTypeOf(request.headers["content-type"] ?? "application/octet-stream");
  if (!raw && isJson(mediaType)) return parseJson(bytes);
  if (!raw && mediaType === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(bytes.toString("utf8")));
  return isText(mediaType) ? bytes.toString("utf8") : bytes.toString("base64");
}

function parseJson(bytes: Buffer): Json {
  let value: Json;
  try {
    value = JSON.parse(bytes.toString("utf8")) as Json;
  } catch (error) {
    throw badRequest(`The request content was malformed:\n${messageOf(error)}`);
  }
  checkDepth(value, bytes.length);
  return value;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
