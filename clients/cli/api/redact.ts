import { isRawNumber } from "./exact-json";

const hidden = "<hidden>";
const secretName = /pass|secret|token|auth|credential|private|api[-_]?key/i;

/**
 * A body as it may be shown: what is bound to an entity (`parameters`) and whatever has a name that sounds secret is
 * hidden, in both forms that the API uses: `{name: value}` and `[{key: name, value}]`.
 */
export function redactBody(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => redactItem(item, name === "parameters"));
  if (value === null || typeof value !== "object" || isRawNumber(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, secretName.test(key) ? hidden : redactBody(inner, key)]));
}

/** Headers as they may be shown. */
export function redactHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, /authorization|cookie/i.test(name) ? hidden : value]));
}

/** A text without any occurrence of the key itself: whole, its secret half, or encoded for HTTP. */
export function redactKey(text: string, auth: string | undefined): string {
  if (!auth) return text;
  const secretHalf = auth.slice(auth.indexOf(":") + 1);
  return [auth, Buffer.from(auth).toString("base64"), secretHalf]
    .filter((part) => part.length > 3)
    .reduce((all, part) => all.replaceAll(part, hidden), text);
}

function redactItem(item: unknown, bound: boolean): unknown {
  if (item !== null && typeof item === "object" && "key" in item && "value" in item)
    return bound || secretName.test(String(item.key)) ? { ...item, value: hidden } : { ...item, value: redactBody(item.value) };
  return redactBody(item);
}
