import type { Context } from "../../context";
import type { ListKind } from "../../output/lists";
import { shapes } from "../../output/shapes";
import type { Entity } from "../entities";

/** Milliseconds that somebody who pressed the tab key waits for the platform at most. */
const patience = 1_500;
/** The most that the platform gives at once. */
const page = 200;

/** Stands for: the shell knows, these are the names of files. */
export const files = ":files";

const fixed: Record<string, readonly string[]> = {
  "--web": ["true", "yes", "raw", "false", "no"],
  "--web-secure": ["true", "false"],
  "--shared": ["yes", "no"],
  "--output": ["std", "raw"],
  "--kind": ["nodejs", "python", "swift", "php", "ruby", "rust", "go", "java", "ballerina"].map((language) => `${language}:default`),
  SHELL: ["bash", "zsh", "fish"],
  COMPONENT: ["docker", "ios", "bashauto"],
  FILE: [files],
  ACTION: [files],
};

const collections: Record<string, ListKind> = {
  ACTION_NAME: "actions",
  NAME: "actions",
  PACKAGE_NAME: "packages",
  TRIGGER_NAME: "triggers",
  RULE_NAME: "rules",
};

/**
 * Values for a place of the command line, asked of the platform where only that knows.
 *
 * @param what as the help calls it (`ACTION_NAME`), or the flag whose value it is
 * @param current what is written there already
 * @param group the word before the command: whose entities have fields
 * @returns none if the platform does not answer in time, or refuses
 */
export async function valuesFor(
  context: Context,
  what: string,
  current: string,
  group?: string,
): Promise<readonly string[]> {
  const known = fixed[what];
  if (known) return known;
  if (what === "FIELD_FILTER") return fieldsOf(group);
  try {
    const collection = collections[what];
    if (collection) return await namesIn(context, collection, current);
    if (what === "NAMESPACE") return (await namespaces(context)).map((name) => `/${name}`);
    if (what === "ACTIVATION_ID")
      return (await list<{ activationId: string }>(context, "_", "activations")).map(({ activationId }) => activationId);
  } catch {
    // Whoever completes a word wants no message; the command itself will say what is wrong.
  }
  return [];
}

function fieldsOf(group: string | undefined): string[] {
  const shape = Object.entries(shapes).find(([name]) => name === group?.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase()));
  return shape ? Object.keys(shape[1].fields) : [];
}

/** Names as they are written in the own namespace; full ones if what is written begins with a slash. */
async function namesIn(context: Context, collection: ListKind, current: string): Promise<string[]> {
  const [, written] = /^\/([^/]+)\//.exec(current) ?? [];
  if (current.startsWith("/") && !written) return (await namespaces(context)).map((name) => `/${name}/`);
  const entities = await list<Entity>(context, written ?? context.settings.namespace, collection);
  return entities.map(({ namespace, name }) => {
    const packageName = namespace.split("/")[1];
    const short = packageName ? `${packageName}/${name}` : name;
    return written ? `/${written}/${short}` : short;
  });
}

const namespaces = async (context: Context): Promise<string[]> => [...(await context.api.namespaces(inTime())), "whisk.system"];

async function list<T>(context: Context, namespace: string, collection: string): Promise<T[]> {
  return (await context.api.call("GET", namespace, [collection], { limit: page, skip: 0 }, undefined, inTime())).body as T[];
}

const inTime = (): AbortSignal => AbortSignal.timeout(patience);
