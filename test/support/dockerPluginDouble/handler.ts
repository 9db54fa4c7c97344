import { execFile } from "node:child_process";
import { changesOf, type PropertyDescription, type ResourceDescription } from "../../../infra/provider/description";
import { UNKNOWN, type CheckFailure, type Difference, type Properties, type ResourceHandler, type State } from "../../../infra/provider/resource";

/** Runs `docker`, with input if there is any. @throws Error with what it said */
export function docker(args: readonly string[], input?: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile("docker", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, env: { ...process.env, DOCKER_BUILDKIT: "0" } }, (error, stdout, stderr) => {
      if (error) reject(new Error(`docker ${args.slice(0, 2).join(" ")}: ${stderr.trim().split("\n").slice(-10).join("\n") || error.message}`));
      else resolve(stdout.trim());
    });
    child.stdin!.end(input);
  });
}

/** What `docker inspect` says. @returns undefined if there is no such thing */
export async function inspect(kind: "network" | "volume" | "image" | "container", id: string): Promise<Record<string, unknown> | undefined> {
  try {
    return (JSON.parse(await docker([kind, "inspect", id])) as Record<string, unknown>[])[0];
  } catch (error) {
    if (/no such|not found/i.test((error as Error).message)) return undefined;
    throw error;
  }
}

export const optional = (type: PropertyDescription["type"]): PropertyDescription => ({ type, input: "optional", replaces: true, description: "" });
export const output = (type: PropertyDescription["type"]): PropertyDescription => ({ type, description: "" });

/** As in the real plugin, nearly every change is a replacement: here every one. */
export abstract class DoubleHandler implements ResourceHandler {
  abstract readonly token: string;
  abstract readonly description: ResourceDescription;
  /** Outputs that are known only when it is there. */
  protected abstract readonly computed: readonly string[];

  async check(inputs: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    return { inputs, failures: [] };
  }

  async diff(old: State, inputs: Properties): Promise<Difference> {
    return { changes: changesOf(this.description, old.inputs, inputs) };
  }

  plan(inputs: Properties, old: State | undefined): Properties {
    return { ...inputs, ...Object.fromEntries(this.computed.map((name) => [name, old?.outputs[name] ?? UNKNOWN])) };
  }

  abstract create(inputs: Properties): Promise<Omit<State, "inputs">>;

  async read(old: State): Promise<State | undefined> {
    return (await this.exists(old.id, old)) ? old : undefined;
  }

  async update(): Promise<Properties> {
    throw new Error("every change is a replacement");
  }

  abstract delete(old: State): Promise<void>;

  protected abstract exists(id: string, old: State): Promise<boolean>;
}
