/** Names that a piece of JavaScript uses but does not define: what an inline function would have captured. */
import { transform } from "esbuild";

const RESERVED = new Set(
  ("await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in " +
    "instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield " +
    "arguments eval async of get set undefined NaN Infinity").split(" "),
);
/** What Node gives to a CommonJS module. */
const MODULE_NAMES = ["require", "module", "exports", "__filename", "__dirname"];
const MARK = "__stackwhisk_free_";

/**
 * esbuild binds names as the language does, and `define` replaces only those that nothing binds: so each word of the
 * source is replaced by a marked one, and the marks that arrive are the free names.
 */
export async function freeNames(source: string): Promise<string[]> {
  const known = new Set([...Object.getOwnPropertyNames(globalThis), ...MODULE_NAMES]);
  const words = new Set(source.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const candidates = [...words].filter((word) => !RESERVED.has(word) && !known.has(word));
  if (candidates.length === 0) return [];
  const define = Object.fromEntries(candidates.map((word) => [word, `${MARK}${word}`]));
  const { code } = await transform(source, { define, loader: "js", logLevel: "silent" });
  const found = new Set([...code.matchAll(new RegExp(`${MARK.replaceAll("$", "\\$")}([\\w$]+)`, "g"))].map((match) => match[1]!));
  return [...found].sort();
}
