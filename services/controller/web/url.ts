import { badRequest } from "../../core/errors";

/** Parts of a query or of a form, by name. Of several with the same name the last one counts. */
export const decodedParts = (query: string): Record<string, string> => (query === "" ? {} : Object.fromEntries(new URLSearchParams(`?${query}`)));

/**
 * A path in which nothing is encoded that need not be: whoever compares paths can compare texts.
 *
 * @throws WhiskError 400 when it is not encoded text
 */
export function normalPath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return path
      .split("/")
      .map((segment) => encode(decodeURIComponent(segment), PLAIN_IN_PATHS))
      .join("/");
  } catch {
    throw badRequest("The request's path is not encoded UTF-8.");
  }
}

/** A query likewise, with a plus for each space. */
export const normalQuery = (query: string): string => query.split("&").map(normalPart).join("&");

function normalPart(part: string): string {
  const [[name, value] = ["", ""]] = new URLSearchParams(`?${part}`);
  const encoded = [name, value].map((text) => encode(text, PLAIN_IN_QUERIES).replaceAll("%20", "+"));
  return part.includes("=") ? encoded.join("=") : encoded[0]!;
}

/** What `encodeURIComponent` encodes though it need not be, in RFC 3986. */
const PLAIN_IN_PATHS = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;
const PLAIN_IN_QUERIES = /%(?:24|2C|2F|3A|3F|40)/g;

const encode = (text: string, plain: RegExp) => encodeURIComponent(text).replaceAll(plain, decodeURIComponent);
