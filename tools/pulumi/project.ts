import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ToolError } from "../lib/errors";
import { ROOT } from "../lib/paths";

export const PLATFORM = path.join(ROOT, "stacks", "platform");
export const HELLO = path.join(ROOT, "stacks", "hello");
export const DEFAULT_STACK = "local";

export const isProject = (folder: string): boolean => existsSync(path.join(folder, "Pulumi.yaml"));

/** The name that a project's Pulumi.yaml gives it. */
export function projectName(folder: string): string {
  const file = path.join(folder, "Pulumi.yaml");
  if (!existsSync(file)) throw new ToolError(`${folder} is not a Pulumi project: it has no Pulumi.yaml.`);
  const name = /^name:\s*["']?([^\s"'#]+)/m.exec(readFileSync(file, "utf8"))?.[1];
  if (!name) throw new ToolError(`${file} has no name.`);
  return name;
}
