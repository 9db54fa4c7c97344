import type { Response } from "express";
import { badRequest, notFound } from "../../core/errors";
import type { Json, JsonObject } from "../../core/model/parameters";
import { actionHeaders } from "./headers";
import { isBase64 } from "../http/base64";
import { isJson, isText, mediaTypeOf } from "./media";

/** How the result of a web action becomes an HTTP response. By the extension of the action's name in the URL. */
export type Extension = "http" | "json" | "html" | "svg" | "text";

const EXTENSIONS: readonly Extension[] = ["http", "json", "html", "svg", "text"];

/** Takes the extension off a name. Without one, `http` is meant. */
export function splitExtension(name: string): { name: string; extension: Extension } {
  const extension = EXTENSIONS.find((known) => name.endsWith(`.${known}`));
  return extension ? { name: name.slice(0, -extension.length - 1), extension } : { name, extension: "http" };
}

/** @throws WhiskError 400 or 404 when the result does not fit the extension */
export function sendResult(response: Response, extension: Extension, result: Json): void {
  switch (extension) {
    case "json":
      if (typeof result !== "object" || result === null) throw invalid("application/json");
      return void response.json(result);
    case "html":
    case "svg":
      return sendMarkup(response, extension, result);
    case "text":
      return sendText(response, result);
    case "http":
      return sendHttp(response, result);
  }
}

function sendMarkup(response: Response, extension: "html" | "svg", result: Json): void {
  const mediaType = { html: "text/html", svg: "image/svg+xml" }[extension];
  const markup = isObject(result) ? (result.body ?? result[extension]) : result;
  if (typeof markup !== "string") throw invalid(mediaType);
  response.setHeader("Content-Type", extension === "html" ? "text/html; charset=UTF-8" : mediaType);
  response.end(markup);
}

function sendText(response: Response, result: Json): void {
  const text = isObject(result) ? (result.body !== undefined ? result.body : result.text) : result;
  if (text === undefined) throw notFound("Response does not include requested property.");
  response.setHeader("Content-Type", "text/plain; charset=UTF-8");
  response.end(typeof text === "object" && text !== null ? JSON.stringify(text, undefined, 2) : String(text));
}

/** `{statusCode, headers, body}`; a string body of a binary type is base64. */
function sendHttp(response: Response, result: Json): void {
  if (!isObject(result)) throw invalid("message/http");
  const { body } = result;
  const headers = actionHeaders(result.headers);
  const status = statusOf(result.statusCode);
  const contentType = headers.get("content-type")?.[0];
  headers.delete("content-type");
  const empty = body === undefined || body === null || body === "";
  const content = empty ? undefined : typeof body === "string" ? interpretText(body, contentType) : interpretJson(body, contentType);
  // Nothing is said until all is known to be right: a refusal carries none of it.
  for (const [name, values] of headers) response.setHeader(name, values.length === 1 ? values[0]! : values);
  if (content) response.setHeader("Content-Type", content.type);
  response.status(status ?? (content ? 200 : 204)).end(content?.bytes);
}

function interpretText(body: string, contentType = "text/html; charset=UTF-8"): { type: string; bytes: string | Buffer } {
  const mediaType = knownMediaType(contentType);
  const charset = contentType.includes("charset") ? contentType : `${contentType}; charset=UTF-8`;
  if (isJson(mediaType)) return { type: contentType, bytes: isBase64(body) ? Buffer.from(body, "base64") : body };
  if (isText(mediaType)) return { type: charset, bytes: body };
  if (!isBase64(body.replace(/\s/g, ""))) throw badRequest("Response type in header did not match generated content type.");
  return { type: contentType, bytes: Buffer.from(body, "base64") };
}

function interpretJson(body: Json, contentType = "application/json"): { type: string; bytes: string } {
  if (!isJson(knownMediaType(contentType))) throw badRequest("Response type in header did not match generated content type.");
  return { type: contentType, bytes: JSON.stringify(body) };
}

function knownMediaType(contentType: string): string {
  const mediaType = mediaTypeOf(contentType);
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mediaType)) throw badRequest("Response did not specify a known content-type.");
  return mediaType;
}


function statusOf(value: Json | undefined): number | undefined {
  if (value === undefined) return undefined;
  const status = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599) throw invalid("message/http");
  return status;
}

const invalid = (mediaType: string) => badRequest(`Response is not valid '${mediaType}'.`);
const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
