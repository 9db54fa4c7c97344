/**
 * Pulumi's wire form of property values (a protobuf Struct in which objects with a signature key stand for what JSON
 * does not have) to and from plain values. The signatures are those of Pulumi's provider protocol.
 */
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN, type Properties } from "./resource";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** One for each type; what comes in may be any of them, what goes out is the string's. */
const UNKNOWNS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  UNKNOWN_STRING,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A file's content: inline, in a local file or behind a URL; none of them where Pulumi left the content out. */
export class Asset {
  constructor(
    readonly source: { text?: string; path?: string; uri?: string },
    readonly hash?: string,
  ) {}

  equals(other: unknown): boolean {
    return other instanceof Asset && this.hash !== undefined ? this.hash === (other as Asset).hash : JSON.stringify(this) === JSON.stringify(other);
  }
}

/** Several files: given one by one, as a folder or archive file, or behind a URL. */
export class Archive {
  constructor(
    readonly source: { assets?: Record<string, Asset | Archive>; path?: string; uri?: string },
    readonly hash?: string,
  ) {}

  equals(other: unknown): boolean {
    return other instanceof Archive && this.hash !== undefined ? this.hash === (other as Archive).hash : JSON.stringify(this) === JSON.stringify(other);
  }
}

/** Where a value stands: keys of objects and indexes of lists, from the top. */
export type Path = (string | number)[];

/** Plain values, and which of them are secret. */
export interface Decoded {
  values: Properties;
  secrets: Path[];
}

export function decode(struct: Struct | undefined): Decoded {
  const secrets: Path[] = [];
  const fields = struct?.toJavaScript() ?? {};
  return { values: mapValues(fields, (value, key) => decodeValue(value, [key], secrets)), secrets };
}

/**
 * `secrets` are wrapped again where they stand. Where the values have another shape by now, the nearest value above
 * becomes secret instead: rather one secret too many than one in plain text.
 */
export function encode(values: Properties, secrets: readonly Path[] = []): Struct {
  const plain = mapValues(values, encodeValue);
  // Longest first: a wrapped value cannot be walked into any more.
  for (const path of [...secrets].sort((a, b) => b.length - a.length)) wrapSecret(plain, path);
  return Struct.fromJavaScript(plain as Record<string, JavaScriptValue>);
}

function decodeValue(value: unknown, path: Path, secrets: Path[]): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map((item, index) => decodeValue(item, [...path, index], secrets));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  switch (object[SIGNATURE_KEY]) {
    case undefined:
      return mapValues(object, (item, key) => decodeValue(item, [...path, key], secrets));
    case SECRET:
      secrets.push(path);
      return decodeValue(object.value, path, secrets);
    case OUTPUT:
      if (object.secret === true) secrets.push(path);
      return "value" in object ? decodeValue(object.value, path, secrets) : UNKNOWN;
    case RESOURCE:
      // A reference to a resource stands for its id, which is empty while it is not known.
      if (!("id" in object)) return object.urn;
      return object.id === "" ? UNKNOWN : decodeValue(object.id, path, secrets);
    case ASSET:
      return new Asset(pick(object, ["text", "path", "uri"]), nonEmpty(object.hash));
    case ARCHIVE: {
      const assets = object.assets ? mapValues(object.assets as Properties, (item) => decodeValue(item, path, secrets) as Asset | Archive) : undefined;
      return new Archive({ ...pick(object, ["path", "uri"]), ...(assets && { assets }) }, nonEmpty(object.hash));
    }
    default:
      throw new Error(`${path.join(".")} is of a kind that this provider does not know (signature ${String(object[SIGNATURE_KEY])})`);
  }
}

function encodeValue(value: unknown): unknown {
  if (value === UNKNOWN) return UNKNOWN_STRING;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : encodeValue(item)));
  if (value instanceof Asset) return { [SIGNATURE_KEY]: ASSET, ...value.source, ...(value.hash && { hash: value.hash }) };
  if (value instanceof Archive) {
    const { assets, ...rest } = value.source;
    return { [SIGNATURE_KEY]: ARCHIVE, ...rest, ...(assets && { assets: mapValues(assets, encodeValue) }), ...(value.hash && { hash: value.hash }) };
  }
  if (typeof value === "object" && value !== null) return mapValues(value as Properties, encodeValue);
  return value;
}

function wrapSecret(root: Properties, path: Path): void {
  let holder: Record<string | number, unknown> = root;
  for (const [depth, key] of path.entries()) {
    const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (value === undefined) return;
    const next = path[depth + 1];
    if (next !== undefined && typeof value === "object" && value !== null && !isSigned(value) && Object.hasOwn(value, next)) {
      holder = value as Record<string | number, unknown>;
      continue;
    }
    if (!isSecret(value)) holder[key] = { [SIGNATURE_KEY]: SECRET, value };
    return;
  }
}

function isSigned(value: object): boolean {
  return Object.hasOwn(value, SIGNATURE_KEY);
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && (value as Properties)[SIGNATURE_KEY] === SECRET;
}

function mapValues<T, U>(object: Record<string, T>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, change(value, key)]),
  );
}

function pick(object: Properties, keys: string[]): Record<string, string> {
  return Object.fromEntries(keys.filter((key) => typeof object[key] === "string" && object[key] !== "").map((key) => [key, object[key] as string]));
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
