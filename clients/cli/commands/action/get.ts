import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Options, Reply } from "../../command";
import type { Context } from "../../context";
import { EXIT, usageError } from "../../errors";
import { get, getCommand, kinds, type Entity } from "../entities";

/** File extensions of code by the language of its kind; what is binary is a `.zip`, or a `.jar`. */
const extensions: Record<string, string> = {
  nodejs: ".js",
  python: ".py",
  swift: ".swift",
  php: ".php",
  ruby: ".rb",
  rust: ".rs",
  go: ".go",
};
const binaryExtensions: Record<string, string> = { java: ".jar", ballerina: ".balx" };

export const getAction = getCommand(
  kinds.action,
  [
    { flags: "-r, --url", text: "get action url" },
    { flags: "--save", text: "save action code to file corresponding with action name" },
    { flags: "--save-as <FILE>", text: "file to save action code to" },
  ],
  async (context, written, flags) => {
    if (flags.url) return urlReply(context, written);
    if (flags.save || flags.saveAs) return saved(context, written, flags);
    return undefined;
  },
);

async function urlReply(context: Context, written: string): Promise<Reply> {
  const { packageName, entity } = context.entity(written);
  const action = await get(context, kinds.action, written, { code: false });
  const namespace = action.namespace.split("/")[0]!;
  const web = action.annotations?.some(({ key, value }) => key === "web-export" && value === true);
  const parts = web
    ? ["web", namespace, packageName || "default", action.name]
    : ["namespaces", namespace, "actions", ...(packageName ? [packageName] : []), action.name];
  const url = `${context.api.base}/${parts.map(encodeURIComponent).join("/")}`;
  return { text: `${context.style.ok} got action ${context.style.bold(entity)}\n${url}\n`, json: { url } };
}

async function saved(context: Context, written: string, { saveAs }: Options): Promise<Reply> {
  const action = await get(context, kinds.action, written, { code: true });
  const { kind = "", code, binary } = (action.exec ?? {}) as { kind?: string; code?: string; binary?: boolean };
  if (kind === "sequence") throw usageError("Cannot save action sequences", EXIT.usage);
  if (code === undefined) throw usageError("Cannot save Docker images", EXIT.usage);
  const name = typeof saveAs === "string" ? saveAs : defaultFile(action, kind, binary === true);
  const file = path.resolve(context.io.cwd, name);
  if (existsSync(file)) throw usageError(`The file '${name}' already exists`, EXIT.usage);
  try {
    writeFileSync(file, Buffer.from(code, binary ? "base64" : "utf8"), { flag: "wx" });
  } catch (failure) {
    throw usageError(`Cannot create file '${name}': ${(failure as NodeJS.ErrnoException).code}`, EXIT.usage);
  }
  return { text: `${context.style.ok} saved action code to ${context.style.bold(file)}\n`, json: { file } };
}

function defaultFile(action: Entity, kind: string, binary: boolean): string {
  const language = kind.split(":")[0]!;
  if (binary) return `${action.name}${binaryExtensions[language] ?? ".zip"}`;
  return `${action.name}${extensions[language] ?? ""}`;
}
