import type { OptionSpec, Options } from "../../command";
import { CliError, EXIT, usageError } from "../../errors";
import { jsonText } from "../../output/json";
import { adminCommand, answered } from "./connection";
import type { Namespace } from "./namespaces";

const number = (name: string, text: string): OptionSpec => ({ flags: `--${name} <N>`, text, number: true });

/** The words of `wskadmin limits set`. */
export const limitOptions: readonly OptionSpec[] = [
  number("invocationsPerMinute", "invocations per minute allowed"),
  number("firesPerMinute", "trigger fires per minute allowed"),
  number("concurrentInvocations", "concurrent invocations allowed"),
  { flags: "--allowedKinds <KIND>", text: "a runtime KIND that is allowed; may be given more than once", list: true },
  { flags: "--storeActivations <BOOL>", text: "whether its activations can be looked at (true or false)" },
  number("minActionMemory", "MB that an action must have at least"),
  number("maxActionMemory", "MB that an action may have at most"),
  number("minActionTimeout", "milliseconds that an action must be given at least"),
  number("maxActionTimeout", "milliseconds that an action may be given at most"),
  number("minActionLogs", "MB of logs that an action must be given at least"),
  number("maxActionLogs", "MB of logs that an action may be given at most"),
  number("minActionConcurrency", "runs at once in a container that an action must allow at least"),
  number("maxActionConcurrency", "runs at once in a container that an action may allow at most"),
  { flags: "--maxParameterSize <SIZE>", text: "parameters of an entity together, such as '512 KB'" },
  { flags: "--maxPayloadSize <SIZE>", text: "the body of an invocation or a fire, such as '512 KB'" },
];

const NAMES = limitOptions.map(({ flags }) => /^--(\w+)/.exec(flags)![1]!);

/** The limits that a command line gives. @throws CliError for a value that is none */
export function limitsIn(options: Options): Record<string, unknown> {
  const given = NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  const limits = Object.fromEntries(given) as Record<string, unknown>;
  const { storeActivations } = limits;
  if (storeActivations === undefined) return limits;
  if (!["true", "false"].includes(String(storeActivations))) throw new CliError("--storeActivations must be true or false", EXIT.usage);
  return { ...limits, storeActivations: storeActivations === "true" };
}

export const limits = adminCommand({
  name: "limits",
  summary: "show the limits of a namespace, or set some of them",
  example: "admin limits team --invocationsPerMinute 600",
  options: [...limitOptions, { flags: "--reset", text: "take away all limits of its own: the platform's apply" }],
  async run(context, api, [name = ""], options) {
    const { ok, bold } = context.style;
    const given = limitsIn(options);
    const reset = options.reset === true;
    if (reset && Object.keys(given).length > 0) throw usageError("Invalid argument(s). Either limits or --reset can be given.");
    const present = await answered<Namespace>(`Unable to get limits of namespace '${name}'`, api.call("GET", name, []));
    if (!reset && Object.keys(given).length === 0) {
      const { limits: own, effectiveLimits } = present;
      return { text: `${ok} limits of namespace ${bold(name)}\n${jsonText(effectiveLimits)}`, json: { own, effective: effectiveLimits } };
    }
    const body = { limits: reset ? {} : { ...present.limits, ...given } };
    const changed = await answered<Namespace>(`Unable to set limits of namespace '${name}'`, api.call("PUT", name, [], {}, body));
    return { text: `${ok} ${reset ? "reset" : "set"} limits of namespace ${bold(name)}\n`, json: changed };
  },
});
