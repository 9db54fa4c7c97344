import { isUtf8 } from "node:buffer";
import path from "node:path";
import { fullName } from "../../args/names";
import { readInput } from "../../args/key-values";
import type { Options } from "../../command";
import { EXIT, usageError } from "../../errors";

/** What an action runs, as the API wants it. */
export interface Exec {
  kind: string;
  code?: string;
  image?: string;
  main?: string;
  components?: string[];
}

const kindsByExtension: Record<string, string> = {
  ".js": "nodejs:default",
  ".mjs": "nodejs:default",
  ".cjs": "nodejs:default",
  ".py": "python:default",
  ".swift": "swift:default",
  ".php": "php:default",
  ".rb": "ruby:default",
  ".rs": "rust:default",
  ".go": "go:default",
  ".jar": "java:default",
  ".balx": "ballerina:default",
};
const binaryExtensions = [".zip", ".jar", ".balx"];
const nativeImage = "openwhisk/dockerskeleton";

export const noArtifact = "An action name and code artifact are required.";

/**
 * What the second argument and the flags say that the action runs; undefined if they say nothing.
 *
 * @throws CliError if the file cannot be read, or its kind cannot be told
 */
export function execFrom(artifact: string | undefined, flags: Options, namespace: string, cwd: string): Exec | undefined {
  const { kind, docker, native, main, sequence } = flags as {
    kind?: string;
    docker?: string;
    native?: boolean;
    main?: string;
    sequence?: boolean;
  };
  if (kind && docker) throw refused("Cannot specify both --kind and --docker at the same time.", EXIT.notAllowed);
  if (sequence) return sequenceOf(artifact, namespace);
  if (artifact === undefined && !docker) return undefined;
  const extension = artifact === undefined ? "" : path.extname(artifact).toLowerCase();
  const input = artifact === undefined ? undefined : readInput(artifact, cwd);
  const found = kind || (docker || native ? "blackbox" : kindOf(extension));
  // A program need not be text, and its name tells nothing.
  const isBinary = binaryExtensions.includes(extension) || (found === "blackbox" && input !== undefined && (!isUtf8(input) || input.includes(0)));
  const code = input?.toString(isBinary ? "base64" : "utf8");
  if (found === "java" && !main) throw refused("Java actions require --main to specify the fully-qualified name of the main class");
  return {
    kind: found,
    ...(code !== undefined && { code }),
    ...(found === "blackbox" && { image: native || !docker ? nativeImage : docker }),
    ...(main && { main }),
  };
}

function sequenceOf(names: string | undefined, namespace: string): Exec {
  if (names === undefined) throw refused(noArtifact);
  return { kind: "sequence", components: names.split(",").map((name) => fullName(name.trim(), namespace)) };
}

function kindOf(extension: string): string {
  const kind = kindsByExtension[extension];
  if (kind) return kind;
  if (extension === ".zip") throw refused("creating an action from a .zip artifact requires specifying the action kind explicitly");
  if (/^\.[cm]?ts$/.test(extension))
    throw refused(
      "TypeScript is deployed by Pulumi (new stackwhisk.Action), or bundle it first: npx esbuild FILE.ts --bundle --platform=node --format=cjs --outfile=FILE.js",
    );
  throw refused(`'${extension}' is not a supported action runtime`);
}

const refused = (message: string, exitCode: number = EXIT.usage) => usageError(message, exitCode);
