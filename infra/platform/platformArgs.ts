import * as pulumi from "@pulumi/pulumi";
import { CLUSTER_OPTIONS, CLUSTER_REQUIRED } from "./cluster/clusterTarget";
import { checkDockerArgs } from "./docker/dockerArgs";
import { DOCKER_OPTIONS } from "./docker/dockerTarget";
import { LOCAL_OPTIONS } from "./local/localTarget";

interface Target {
  /** What it can be told, beside `target` itself. */
  options: readonly string[];
  /** What it must be told: paths of properties. */
  required: readonly string[];
  /** What there is to check of values before anything is made. */
  check?(args: Record<string, unknown>, complain: (reason: string) => Error): void;
}

const TARGETS: Record<string, Target> = {
  local: { options: LOCAL_OPTIONS, required: [] },
  cluster: { options: CLUSTER_OPTIONS, required: CLUSTER_REQUIRED },
  docker: { options: DOCKER_OPTIONS, required: [], check: checkDockerArgs },
};

/**
 * Checks what decides how a platform is built, before any of it is. The values of other options are the matter of the
 * resources that get them: their provider checks them at preview, also those that are outputs of something else.
 *
 * @throws RunError that names the property, and the other one if two do not go together
 */
export function checkPlatformArgs(name: string, args: unknown): void {
  const given = (args ?? {}) as Record<string, unknown>;
  const { target } = given;
  const targets = Object.keys(TARGETS);
  const listed = targets.map((one) => JSON.stringify(one)).join(", ");

  if (target === undefined) throw problem(name, `\`target\` is required; the targets are ${listed}`);
  if (typeof target !== "string" || !targets.includes(target)) {
    const shown = pulumi.Output.isInstance(target) ? "an output: it must be known when the program runs" : JSON.stringify(target);
    throw problem(name, `\`target\` cannot be ${shown}; the targets are ${listed}`);
  }
  const { options, required, check } = TARGETS[target]!;
  for (const property of Object.keys(given)) {
    if (property === "target" || options.includes(property)) continue;
    throw problem(name, `\`${property}\` does not go with \`target: ${JSON.stringify(target)}\`; its options are ${options.join(", ")}`);
  }
  for (const path of required) {
    if (isMissing(given, path.split("."))) throw problem(name, `\`${path}\` is required with \`target: ${JSON.stringify(target)}\``);
  }
  check?.(given, (reason) => problem(name, reason));
}

/** What only the provider can know is not missing: inside of outputs. */
function isMissing(value: unknown, [property, ...below]: string[]): boolean {
  if (property === undefined) return value === undefined || value === null || value === "";
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return false;
  return typeof value !== "object" || value === null || isMissing((value as Record<string, unknown>)[property], below);
}

/** Pulumi shows a RunError as its message alone, without a stack. */
function problem(name: string, reason: string): Error {
  return new pulumi.RunError(`Platform "${name}": ${reason}`);
}
