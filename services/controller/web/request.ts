import type { Request } from "express";
import { badRequest, messageOf } from "../../core/errors";
import type { Json, JsonObject } from "../../core/model/parameters";
import { checkDepth } from "../http/depth";
import { isJson, isText, parseMediaType } from "./media";
import { decodedParts, normalPath, normalQuery } from "./url";

/** Names under which an action gets what it may want to know of the HTTP request. */
const RESERVED: ReadonlySet<string> = new Set(["__ow_method", "__ow_headers", "__ow_path", "__ow_user", "__ow_query", "__ow_body"]);

export interface WebCall {
  request: Request;
  body?: Buffer;
  /** The action takes the query and the body as they are. */
  raw: boolean;
  /** Parameters that a caller must not set. */
  closed: ReadonlySet<string>;
  /** Namespace of the caller, if it has shown a key. */
  user?: string;
}

/**
 * Arguments of the action: what the request was, and what the caller sent: first in the query, then in the body.
 *
 * @throws WhiskError 400
 */
export function argumentsOf({ request, body: bytes, raw, closed, user }: WebCall): JsonObject {
  const [target, query = ""] = split(request.originalUrl);
  const context: JsonObject = {
    __ow_method: request.method.toLowerCase(),
    __ow_headers: headersOf(request, bytes !== undefined),
    // Express has a path of at least "/".
    __ow_path: request.path === "/" && !target.endsWith("/") ? "" : normalPath(request.path),
    ...(user === undefined ? {} : { __ow_user: user }),
  };
  const body = bodyOf(request, bytes, raw);
  if (raw) return { ...context, __ow_query: normalQuery(query), __ow_body: body ?? "" };
  const given: JsonObject = { ...decodedParts(query), ...(isObject(body) ? body : undefined) };
  if (Object.keys(given).some((name) => closed.has(name) || RESERVED.has(name))) {
    throw badRequest("Request defines parameters that are not allowed (e.g., reserved properties).");
  }
  return { ...context, ...given, ...(body === undefined || isObject(body) ? undefined : { __ow_body: body }) };
}

function split(url: string): [target: string, query?: string] {
  const mark = url.indexOf("?");
  return mark === -1 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** A body that came compressed is not any more. */
function headersOf(request: Request, hasBody: boolean): JsonObject {
  const headers: JsonObject = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || (hasBody && name === "content-encoding")) continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}

/** What the body says, if there is one: of text and of what is binary even that there is nothing in it. */
function bodyOf({ headers }: Request, bytes: Buffer = NOTHING, raw: boolean): Json | undefined {
  const contentType = headers["content-type"];
  const media = contentType === undefined ? undefined : parseMediaType(contentType);
  if (media && !raw) {
    if (isJson(media)) return bytes.length === 0 ? undefined : parseJson(bytes);
    if (media.type === "application/x-www-form-urlencoded") return decodedParts(bytes.toString("utf8"));
  }
  if (bytes.length === 0) return contentType === undefined ? undefined : "";
  return bytes.toString(media && isText(media) ? "utf8" : "base64");
}

const NOTHING = Buffer.alloc(0);

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
