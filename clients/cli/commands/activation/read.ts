import type { Command, Options, OptionSpec } from "../../command";
import { checkArity } from "../../command";
import type { Context } from "../../context";
import { CliError, explain, usageError } from "../../errors";
import { statusCodeOf, stripLog, type Activation } from "../../output/activations";
import { fieldNamed, jsonText, shaped, sorted } from "../../output/json";
import { shapes } from "../../output/shapes";
import { localTime } from "../../output/time";
import { entityReply } from "../entities";

const last: OptionSpec = { flags: "-l, --last", text: "retrieves the last activation" };
const needsId = "An activation ID is required.";

export const getActivation: Command = {
  name: "get",
  args: "(ACTIVATION_ID | --last) [FIELD_FILTER]",
  summary: "get activation",
  example: "activation get --last",
  arity: [0, 2, needsId],
  options: [
    { flags: "-s, --summary", text: "summarize activation details" },
    { flags: "-g, --logs", text: "emit only the logs, stripped of time stamps and stream identifier" },
    last,
  ],
  async run(context, written, flags) {
    const [id = "", field] = await withLast(context, written, flags, 2, "get activation");
    const known = field === undefined ? undefined : fieldNamed(field, shapes.activation);
    if (field !== undefined && !known) throw new CliError(`Invalid field filter '${field}'.`);
    const activation = await read<Activation>(context, [id], `Unable to get activation '${id}'`);
    if (flags.summary) return { text: `${summary(activation)}${jsonText(sorted(activation.response?.result))}`, json: activation };
    if (flags.logs) return { text: lines((activation.logs ?? []).map(stripLog)), json: activation.logs ?? [] };
    const printed = shaped({ ...activation, statusCode: statusCodeOf(activation) }, shapes.activation, known);
    return entityReply(context, "activation", id, printed, activation, known, field);
  },
};

export const activationLogs: Command = {
  name: "logs",
  args: "(ACTIVATION_ID | --last)",
  summary: "get the logs of an activation",
  example: "activation logs --last --strip",
  arity: [0, 1, needsId],
  options: [{ flags: "-r, --strip", text: "strip timestamp and stream information" }, last],
  async run(context, written, flags) {
    const [id = ""] = await withLast(context, written, flags, 1, "get logs for activation");
    const { logs = [] } = await read<{ logs?: string[] }>(context, [id, "logs"], `Unable to get logs for activation '${id}'`);
    const shown = flags.strip ? logs.map(stripLog) : logs;
    return { text: lines(shown), json: shown };
  },
};

export const activationResult: Command = {
  name: "result",
  args: "(ACTIVATION_ID | --last)",
  summary: "get the result of an activation",
  example: "activation result --last",
  arity: [0, 1, needsId],
  options: [last],
  async run(context, written, flags) {
    const [id = ""] = await withLast(context, written, flags, 1, "get result for activation");
    const { result } = await read<{ result?: unknown }>(context, [id, "result"], `Unable to get result for activation '${id}'`);
    return { text: jsonText(sorted(result)), json: result ?? null };
  },
};

/** Activations of the namespace of the key. */
export async function listActivations(
  context: Context,
  query: Record<string, string | number | boolean | undefined>,
  signal?: AbortSignal,
): Promise<Activation[]> {
  return (await context.api.call("GET", "_", ["activations"], query, undefined, signal)).body as Activation[];
}

/** The arguments; if `--last` asks for it, the id of the latest activation is the first, and what stood there the last. */
async function withLast(context: Context, args: string[], flags: Options, most: number, what: string): Promise<string[]> {
  const [first, ...others] = args;
  const all = flags.last ? [await latestId(context, what), ...others, ...(first === undefined ? [] : [first])] : args;
  checkArity(all, [1, most, needsId]);
  return all;
}

async function latestId(context: Context, what: string): Promise<string> {
  try {
    const [latest] = await listActivations(context, { limit: 1, skip: 0 });
    if (!latest) throw usageError("Activation list does not contain any activations.");
    return latest.activationId;
  } catch (failure) {
    throw explain(`Unable to ${what}`, failure);
  }
}

async function read<T>(context: Context, path: string[], failed: string): Promise<T> {
  try {
    return (await context.api.call("GET", "_", ["activations", ...path])).body as T;
  } catch (failure) {
    throw explain(failed, failure);
  }
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");

const summary = ({ namespace, name, response, end, start }: Activation): string =>
  `activation result for '/${namespace}/${name}' (${response?.status} at ${localTime(end ?? start)})\n`;
