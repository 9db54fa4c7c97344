import type { Request, Response } from "express";
import { badRequest, notFound, WhiskError } from "../../core/errors";
import type { Json, JsonObject } from "../../core/model/parameters";
import { isBase64 } from "../http/base64";
import { accepts } from "../http/mediaRanges";
import { actionHeaders } from "./headers";
import { contentTypeOf, isJson, isText, type MediaType, parseMediaType } from "./media";
import { prettyJson } from "./pretty";

/** How the result of a web action becomes an HTTP response. By the extension of the action's name in the URL. */
export type Extension = "http" | "json" | "html" | "svg" | "text";

const EXTENSIONS: readonly Extension[] = ["http", "json", "html", "svg", "text"];

/** Takes the extension off a name. Without one, `http` is meant. */
export function splitExtension(name: string): { name: string; extension: Extension } {
  const extension = EXTENSIONS.find((known) => name.endsWith(`.${known}`));
  return extension ? { name: name.slice(0, -extension.length - 1), extension } : { name, extension: "http" };
}

interface Answer {
  /** @default 200, or 204 without content */
  status?: number;
  /** By their names in lower case. */
  headers?: ReadonlyMap<string, string[]>;
  content?: Content;
}

interface Content {
  /** Content-Type. */
  type: string;
  bytes: string | Buffer;
}

/** Statuses whose answers have no content, whatever the action gives. */
const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304]);

/** @throws WhiskError 400 or 404 when the result does not fit the extension, 406 when the caller does not take what it is */
export function sendResult(request: Request, response: Response, extension: Extension, result: Json): void {
  const { headers, content, status = content ? 200 : 204 } = ANSWERS[extension](result);
  // Nothing is said until all is known to be right: a refusal carries none of it. An error or a redirection is no matter of taste.
  if (content && status < 300) requireAccepted(request, content.type);
  for (const [name, values] of headers ?? []) response.setHeader(name, values.length === 1 ? values[0]! : values);
  const sent = WITHOUT_CONTENT.has(status) ? undefined : content;
  if (sent) response.setHeader("Content-Type", sent.type);
  // Node does not count what it does not send.
  if (sent && request.method === "HEAD") response.setHeader("Content-Length", Buffer.byteLength(sent.bytes));
  response.status(status).end(sent?.bytes);
}

function requireAccepted({ headers: { accept } }: Request, contentType: string): void {
  const type = contentType.split(";")[0]!;
  if (accepts(accept, type)) return;
  // Plain text could have any charset.
  throw new WhiskError(406, `Resource representation is only available with these types:\n${type === "text/plain" ? type : contentType}`);
}

const ANSWERS: Readonly<Record<Extension, (result: Json) => Answer>> = {
  http: answerHttp,
  json: answerJson,
  html: (result) => answerMarkup(result, "html", "text/html; charset=UTF-8"),
  svg: (result) => answerMarkup(result, "svg", "image/svg+xml"),
  text: answerText,
};

function answerJson(result: Json): Answer {
  if (typeof result !== "object" || result === null) throw invalid("application/json");
  return { content: { type: "application/json", bytes: printed(result) } };
}

function answerMarkup(result: Json, property: "html" | "svg", type: string): Answer {
  const markup = isObject(result) ? (result.body === undefined ? result[property] : result.body) : result;
  if (typeof markup !== "string") throw invalid(type.split(";")[0]!);
  return { content: { type, bytes: markup } };
}

function answerText(result: Json): Answer {
  const text = isObject(result) ? (result.body === undefined ? result.text : result.body) : result;
  if (text === undefined) throw notFound("Response does not include requested property.");
  return { content: { type: "text/plain; charset=UTF-8", bytes: typeof text === "string" ? text : printed(text) } };
}

/** `{statusCode, headers, body}`; a string body of a binary type is base64. */
function answerHttp(result: Json): Answer {
  if (!isObject(result)) throw invalid("message/http");
  const { body } = result;
  const headers = actionHeaders(result.headers);
  const status = statusOf(result.statusCode);
  const contentType = headers.get("content-type")?.[0];
  headers.delete("content-type");
  if (body === undefined || body === null || body === "") return { status, headers };
  return { status, headers, content: typeof body === "string" ? interpretText(body, contentType) : interpretJson(body, contentType) };
}

function interpretText(body: string, contentType = "text/html"): Content {
  const media = knownMediaType(contentType);
  const type = contentTypeOf(media);
  if (isJson(media)) return { type, bytes: isBase64(body.trim()) ? Buffer.from(body, "base64") : body };
  if (isText(media)) return { type, bytes: body };
  if (!isBase64(padded(body.replaceAll(/\s/g, "")))) throw mismatch();
  return { type, bytes: Buffer.from(body, "base64") };
}

/** Some encoders leave out the end that says nothing. */
const padded = (base64: string) => base64.padEnd(base64.length + ((4 - (base64.length % 4)) % 4), "=");

function interpretJson(body: Json, contentType = "application/json"): Content {
  const media = knownMediaType(contentType);
  if (!isJson(media)) throw mismatch();
  return { type: contentTypeOf(media), bytes: printed(body) };
}

function knownMediaType(contentType: string): MediaType {
  const media = parseMediaType(contentType);
  if (!media) throw badRequest("Response did not specify a known content-type.");
  return media;
}

function statusOf(value: Json | undefined): number | undefined {
  if (value === undefined) return undefined;
  const status = typeof value === "string" && /^\+?\d+$/.test(value) ? Number(value) : value;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599) throw invalid("message/http");
  return status;
}

/** @throws WhiskError 400 when it is nested deeper than can be written */
function printed(value: Json): string {
  try {
    return prettyJson(value);
  } catch (error) {
    if (error instanceof RangeError) throw badRequest("There was an error processing your request.");
    throw error;
  }
}

const invalid = (mediaType: string) => badRequest(`Response is not valid '${mediaType}'.`);
const mismatch = () => badRequest("Response type in header did not match generated content type.");
const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
