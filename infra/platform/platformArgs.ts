import * as pulumi from "@pulumi/pulumi";
import { LOCAL_OPTIONS } from "./local/localTarget";

/** What the targets that there are can be told, beside `target` itself. */
const OPTIONS: Record<string, readonly string[]> = { local: LOCAL_OPTIONS };

/**
 * Checks what decides how a platform is built, before any of it is. The values of options are the matter of the
 * resources that get them: their provider checks them at preview, also those that are outputs of something else.
 *
 * @throws RunError that names the property, and the other one if two do not go together
 */
export function checkPlatformArgs(name: string, args: unknown): void {
  const given = (args ?? {}) as Record<string, unknown>;
  const { target } = given;
  const targets = Object.keys(OPTIONS);
  const listed = targets.map((one) => JSON.stringify(one)).join(", ");

  if (target === undefined) throw problem(name, `\`target\` is required; the targets are ${listed}`);
  if (typeof target !== "string" || !targets.includes(target)) {
    const shown = pulumi.Output.isInstance(target) ? "an output: it must be known when the program runs" : JSON.stringify(target);
    throw problem(name, `\`target\` cannot be ${shown}; the targets are ${listed}`);
  }
  const options = OPTIONS[target]!;
  for (const property of Object.keys(given)) {
    if (property === "target" || options.includes(property)) continue;
    throw problem(name, `\`${property}\` does not go with \`target: ${JSON.stringify(target)}\`; its options are ${options.join(", ")}`);
  }
}

/** Pulumi shows a RunError as its message alone, without a stack. */
function problem(name: string, reason: string): Error {
  return new pulumi.RunError(`Platform "${name}": ${reason}`);
}
