import type { Response } from "express";
import { badRequest, notFound } from "../../core/errors";
import type { Json, JsonObject } from "../../core/model/parameters";

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
  const headers = headersOf(result.headers);
  const status = statusOf(result.statusCode);
  const contentType = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  for (const [name, value] of headers) if (name.toLowerCase() !== "content-type") appendHeader(response, name, value);
  if (body === undefined || body === null || body === "") {
    response.status(status ?? 204).end();
    return;
  }
  const { type, bytes } = typeof body === "string" ? interpretText(body, contentType) : interpretJson(body, contentType);
  response.status(status ?? 200).setHeader("Content-Type", type);
  response.end(bytes);
}

function interpretText(body: string, contentType = "text/html; charset=UTF-8"): { type: string; bytes: string | Buffer } {
  const mediaType = mediaTypeOf(contentType);
  const charset = contentType.includes("charset") ? contentType : `${contentType}; charset=UTF-8`;
  if (isJsonFamily(mediaType)) return { type: contentType, bytes: isBase64(body) ? Buffer.from(body, "base64") : body };
  if (isTextual(mediaType)) return { type: charset, bytes: body };
  if (!isBase64(body.replace(/\s/g, ""))) throw badRequest("Response type in header did not match generated content type.");
  return { type: contentType, bytes: Buffer.from(body, "base64") };
}

function interpretJson(body: Json, contentType = "application/json"): { type: string; bytes: string } {
  if (!isJsonFamily(mediaTypeOf(contentType))) throw badRequest("Response type in header did not match generated content type.");
  return { type: contentType, bytes: JSON.stringify(body) };
}

function mediaTypeOf(contentType: string): string {
  const mediaType = contentType.split(";")[0]!.trim().toLowerCase();
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(mediaType)) throw badRequest("Response did not specify a known content-type.");
  return mediaType;
}

const isJsonFamily = (mediaType: string) => mediaType === "application/json" || mediaType.endsWith("+json");
const isTextual = (mediaType: string) => /^(text\/.*|application\/(xml|javascript|x-www-form-urlencoded|.*\+xml)|multipart\/.*|message\/.*)$/.test(mediaType) && mediaType !== "image/svg+xml";
const isBase64 = (text: string) => text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);

function statusOf(value: Json | undefined): number | undefined {
  if (value === undefined) return undefined;
  const status = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599) throw invalid("message/http");
  return status;
}

function headersOf(headers: Json | undefined): [name: string, value: string][] {
  if (headers === undefined) return [];
  if (!isObject(headers)) throw invalid("message/http");
  return Object.entries(headers).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, headerValue(one)] as [string, string]));
}

function headerValue(value: Json): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalid("message/http");
}

function appendHeader(response: Response, name: string, value: string): void {
  try {
    response.append(name, value);
  } catch {
    // A name or value that HTTP does not allow.
    throw invalid("message/http");
  }
}

const invalid = (mediaType: string) => badRequest(`Response is not valid '${mediaType}'.`);
const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
