/** Media types, as far as web actions tell them apart: JSON, text, and all others, which are binary and travel as base64. */
export interface MediaType {
  /** `main/sub`, in lower case. */
  type: string;
  /** All but the charset, each as `; name=value`. */
  parameters: string;
  /** It names one. */
  charset: boolean;
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
const PARAMETER = `[ \\t]*;[ \\t]*(${TOKEN})=(${TOKEN}|"(?:[^"\\\\]|\\\\.)*")`;
const WHOLE = new RegExp(`^(${TOKEN}/${TOKEN})((?:${PARAMETER.replaceAll(/\((?!\?)/g, "(?:")})*)[ \\t]*;?$`);
const EACH = new RegExp(PARAMETER, "g");

/** @param text of a Content-Type */
export function parseMediaType(text: string): MediaType | undefined {
  const match = WHOLE.exec(text.trim());
  if (!match) return undefined;
  const media: MediaType = { type: match[1]!.toLowerCase(), parameters: "", charset: false };
  for (const [, name, value] of match[2]!.matchAll(EACH)) {
    if (name!.toLowerCase() === "charset") media.charset = true;
    else media.parameters += `; ${name}=${value}`;
  }
  return media;
}

export const isJson = ({ type }: MediaType): boolean => type === JSON_TYPE || type.endsWith("+json");

/** Other JSON is in UTF-8 by definition too, but OpenWhisk does not know its types. */
const UTF8_BY_DEFINITION: ReadonlySet<string> = new Set([
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/problem+json",
  "application/vnd.api+json",
  "application/x-www-form-urlencoded",
  "text/event-stream",
]);

const TEXTUAL_APPLICATIONS: ReadonlySet<string> = new Set([
  ...["atom+xml", "problem+xml", "rss+xml", "soap+xml", "vnd.google-earth.kml+xml", "xhtml+xml", "xml", "xml-dtd"].map((type) => `application/${type}`),
  ...["base64", "javascript", "x-latex", "x-vrml"].map((type) => `application/${type}`),
]);

const JSON_TYPE = "application/json";

/**
 * Whether content of this type is passed on as it is. What is not known to be text is, if it names its charset.
 * `application/json` as a whole is not: actions have always got it in base64.
 */
export function isText({ type, charset }: MediaType): boolean {
  if (type === JSON_TYPE || type === "application/octet-stream") return false;
  return type.startsWith("text/") || UTF8_BY_DEFINITION.has(type) || TEXTUAL_APPLICATIONS.has(type) || (charset && type.startsWith("application/"));
}

/** The Content-Type with which bytes in UTF-8 of this type are sent. */
export function contentTypeOf(media: MediaType): string {
  const { type, parameters } = media;
  return `${type}${parameters}${isText(media) && !UTF8_BY_DEFINITION.has(type) ? "; charset=UTF-8" : ""}`;
}
