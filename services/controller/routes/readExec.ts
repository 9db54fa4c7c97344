import { badRequest } from "../../core/errors";
import { type EntityPath, parseFullName } from "../../core/model/names";
import type { JsonObject } from "../../core/model/parameters";
import type { Kinds } from "../../core/ports/kinds";
import { isBase64 } from "../http/base64";
import { malformedContent } from "../http/schemas";

/** What a PUT wants an action to run. */
export type GivenExec = GivenCode | GivenSequence;

export interface GivenCode {
  /** A kind of the platform, or `blackbox`. */
  kind: string;
  /** As it was sent: text, or base64 when `binary`. Absent for an image that holds all it needs. */
  code?: string;
  binary: boolean;
  main?: string;
  /** Of a `blackbox` only. */
  image?: string;
}

export interface GivenSequence {
  kind: "sequence";
  components: EntityPath[];
}

/**
 * Reads the `exec` of a PUT, with OpenWhisk's rules and texts.
 *
 * @param namespace that `_` stands for
 * @throws WhiskError 400
 */
export function readExec(kinds: Kinds, exec: JsonObject, namespace: string): GivenExec {
  if (typeof exec.kind !== "string") throw malformedContent("'kind' must be a string defined in 'exec'");
  const kind = exec.kind.trim().toLowerCase();
  if (kind === "sequence") return { kind, components: componentsOf(exec, namespace) };
  const main = mainOf(exec, kind);
  return kind === "blackbox" ? { kind, ...codeOf(exec, kind, false), main, image: imageOf(exec) } : ofKind(kinds, exec, kind, main);
}

/** Bytes of what the platform has to keep of it. */
export const execSize = (exec: GivenExec): number =>
  "components" in exec ? 0 : [exec.code, exec.main, exec.image].reduce((size, text = "") => size + Buffer.byteLength(text), 0);

function componentsOf({ components }: JsonObject, namespace: string): EntityPath[] {
  if (components === undefined) throw malformedContent("'components' must be defined for sequence kind");
  if (!Array.isArray(components)) throw malformedContent("'components' must be an array");
  return components.map((component) => parseFullName(component, namespace));
}

function ofKind(kinds: Kinds, exec: JsonObject, given: string, main: string | undefined): GivenCode {
  const kind = kinds.resolve(given);
  if (kind === undefined) {
    const names = [...kinds.names, "sequence", "blackbox"].map((name) => `'${name}'`).join(", ");
    throw badRequest(`The request content was malformed:\nThe specified runtime '${given}' is not supported by this platform. Valid values are: ${names}.`);
  }
  const code = codeOf(exec, given, true);
  if (main === undefined && kinds.needsMain(kind)) throw malformedContent(`'main' must be a string defined in 'exec' for '${given}' actions`);
  return { kind, ...code, main };
}

/** Java's code was once called `jar`. */
function codeOf({ code: given, jar }: JsonObject, kind: string, needed: boolean): Pick<GivenCode, "code" | "binary"> {
  const code = given ?? jar;
  if (code === undefined || (!needed && typeof code === "string" && code.trim() === "")) {
    if (!needed) return { binary: false };
    throw malformedContent(`'code' must be a string or attachment object defined in 'exec' for '${kind}' actions`);
  }
  if (typeof code !== "string") throw malformedContent(`'code' must be a string defined in 'exec' for '${kind}' actions`);
  // OpenWhisk tells archives and executables from text by this alone.
  return { code, binary: isBase64(code.trim()) };
}

function mainOf({ main }: JsonObject, kind: string): string | undefined {
  if (main === undefined || typeof main === "string") return main;
  throw malformedContent(`if defined, 'main' be a string in 'exec' for '${kind}' actions`);
}

function imageOf({ image }: JsonObject): string {
  if (typeof image !== "string") throw malformedContent("'image' must be a string defined in 'exec' for 'blackbox' actions");
  if (image.length > IMAGE_MAX_LENGTH || !IMAGE.test(image)) throw malformedContent("could not parse image name");
  return image;
}

const IMAGE_MAX_LENGTH = 512;
/** A reference in Docker's grammar: `[host[:port]/]path/name[:tag][@digest]`, where a host without a port has a dot. */
const IMAGE = (() => {
  const host = "(?:[A-Za-z\\d-]+(?:\\.[A-Za-z\\d-]+)+(?::\\d+)?|[A-Za-z\\d-]+:\\d+)";
  const part = "[a-z\\d]+(?:(?:[._]|__|-+)[a-z\\d]+)*";
  const tag = "\\w[\\w.-]{0,127}";
  const digest = "[A-Za-z][A-Za-z\\d+._-]*:[A-Fa-f\\d]{32,}";
  return new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?::${tag})?(?:@${digest})?$`);
})();
