/** JavaScript and TypeScript: everything that a file imports, in one CommonJS file that Node 24 runs. */
import path from "node:path";
import type { BuildFailure, Loader, Message } from "esbuild";
import { CodeError } from "./errors";

/** Of the same sources the same text, on every machine. */
const OUTPUT = { format: "cjs", platform: "node", target: "node24", charset: "utf8", legalComments: "none", logLevel: "silent", sourcemap: false } as const;

/**
 * @param file path of the entry point, relative to `directory`
 * @param main name of the function that runs; it must be exported
 * @throws CodeError with file, line and column of what is wrong
 */
export async function bundle(file: string, directory: string, main: string): Promise<string> {
  // Loaded only here: starting the provider must not wait for it.
  const esbuild = await import("esbuild");
  const entry = path.resolve(directory, file);
  try {
    const result = await esbuild.build({
      ...OUTPUT,
      entryPoints: [entry],
      // Comments in the output name the sources relative to this: no machine's paths get into it.
      absWorkingDir: path.dirname(entry),
      bundle: true,
      write: false,
      metafile: true,
      outfile: "action.js",
      // The platform finds `main`; what people write is often the default export.
      footer: { js: main === "main" ? 'if (!module.exports.main && typeof module.exports.default === "function") module.exports.main = module.exports.default;' : "" },
    });
    const [input] = Object.entries(result.metafile.inputs).filter(([name]) => name === path.basename(entry)).map(([, value]) => value);
    if (input?.format === "esm") {
      await requireExport(entry, main);
    } else if (input?.format === undefined) {
      // A plain script declares its functions at the top, where a bundler would drop them as unused.
      const source = await import("node:fs/promises").then((fs) => fs.readFile(entry, "utf8"));
      return await transform(source, file, loaderOf(file));
    }
    return result.outputFiles[0]!.text;
  } catch (error) {
    throw asCodeError(error, (place) => path.relative(directory, path.resolve(path.dirname(entry), place)));
  }
}

/** One source without imports, its syntax checked. */
export async function transform(source: string, name: string, loader: Loader = "js"): Promise<string> {
  const esbuild = await import("esbuild");
  try {
    return (await esbuild.transform(source, { ...OUTPUT, format: undefined, platform: undefined, loader, sourcefile: name })).code;
  } catch (error) {
    throw asCodeError(error, () => name);
  }
}

async function requireExport(entry: string, main: string): Promise<void> {
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({ entryPoints: [entry], bundle: false, write: false, metafile: true, format: "esm", outfile: "action.js", logLevel: "silent" });
  const exports = Object.values(metafile.outputs)[0]?.exports ?? [];
  // `export * from` says nothing about names.
  if (exports.includes(main) || (main === "main" && exports.includes("default")) || exports.length === 0) return;
  const found = exports.length > 0 ? `it exports ${exports.join(", ")}` : "it exports nothing";
  throw new CodeError(`exports no function ${main}: ${found}. Export one, or name the function in the property main`);
}

function loaderOf(file: string): Loader {
  const extension = path.extname(file).slice(1);
  return extension === "tsx" || extension === "jsx" ? extension : extension.endsWith("ts") ? "ts" : "js";
}

function asCodeError(error: unknown, placeOf: (file: string) => string): unknown {
  const errors = (error as Partial<BuildFailure>).errors;
  if (!Array.isArray(errors)) return error;
  return new CodeError(errors.slice(0, 5).map((message) => inWords(message, placeOf)).join("\n"));
}

function inWords({ text, location, notes }: Message, placeOf: (file: string) => string): string {
  const place = location ? `${placeOf(location.file)}:${location.line}:${location.column + 1}: ` : "";
  const note = notes[0]?.text ? ` (${notes[0].text})` : "";
  return `${place}${text}${note}`;
}
