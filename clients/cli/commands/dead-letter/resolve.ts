import type { Command, OptionSpec, Options } from "../../command";
import type { Context } from "../../context";
import { EXIT, explain, usageError } from "../../errors";

/** What the platform answers when it is to redrive all: of so many as it takes at a time. */
interface Redriven {
  redriven: number;
  failed: { activationId: string; error: string }[];
  /** Behind those. */
  left: number;
}

const oneOrAll = "An activation ID, or --all, is required.";
const all = (what: string): OptionSpec => ({ flags: "--all", text: `${what} all dead letters` });

export const redriveDeadLetters: Command = {
  name: "redrive",
  args: "(ACTIVATION_ID | --all)",
  summary: "run again what was given up, with the newest code of its action",
  example: "dead-letter redrive --all",
  arity: [0, 1, oneOrAll],
  options: [all("redrive")],
  async run(context, [id], flags) {
    if (chosen(id, flags) === "all") return redriveAll(context);
    const { ok, bold } = context.style;
    const body = await resolve<{ activationId: string }>(context, "POST", [id!], `Unable to redrive dead letter '${id}'`);
    return { text: `${ok} redriven dead letter ${bold(id!)} with id ${bold(body.activationId)}\n`, json: body };
  },
};

export const purgeDeadLetters: Command = {
  name: "purge",
  args: "(ACTIVATION_ID | --all)",
  summary: "throw away what was given up",
  example: "dead-letter purge --all",
  arity: [0, 1, oneOrAll],
  options: [all("purge")],
  async run(context, [id], flags) {
    const { ok, bold } = context.style;
    if (chosen(id, flags) === "all") {
      const body = await resolve<{ purged: number }>(context, "DELETE", [], "Unable to purge dead letters");
      return { text: `${ok} purged ${counted(body.purged)}\n`, json: body };
    }
    const body = await resolve<{ purged: number }>(context, "DELETE", [id!], `Unable to purge dead letter '${id}'`);
    return { text: `${ok} purged dead letter ${bold(id!)}\n`, json: body };
  },
};

/** Call by call, until all that were there at the first have had their turn: what fails again meanwhile is not taken once more. */
async function redriveAll(context: Context) {
  let redriven = 0;
  const failed: Redriven["failed"] = [];
  for (let total = Infinity, turns = 0; turns < total; ) {
    const answer = await resolve<Redriven>(context, "POST", [], `Unable to redrive dead letters (${redriven} are redriven)`, { skip: failed.length });
    const taken = answer.redriven + answer.failed.length;
    if (total === Infinity) total = taken + answer.left;
    if (taken === 0) break;
    turns += taken;
    redriven += answer.redriven;
    failed.push(...answer.failed);
  }
  const { ok, bold } = context.style;
  const problems = failed.map(({ activationId, error }) => `${bold(activationId)}: ${error}\n`).join("");
  const text = `${ok} redriven ${counted(redriven)}${failed.length > 0 ? `; ${failed.length} could not be:\n${problems}` : "\n"}`;
  return { text, json: { redriven, failed }, exitCode: failed.length > 0 ? EXIT.general : EXIT.ok };
}

/** @throws CliError unless either one or all are meant */
function chosen(id: string | undefined, { all }: Options): "one" | "all" {
  if ((id === undefined) === (all !== true)) throw usageError(`Invalid argument(s). ${oneOrAll}`);
  return all ? "all" : "one";
}

async function resolve<T>(context: Context, method: string, path: string[], failed: string, query = {}): Promise<T> {
  try {
    return (await context.api.call(method, "_", ["dead-letters", ...path], query)).body as T;
  } catch (failure) {
    throw explain(failed, failure);
  }
}

const counted = (letters: number): string => `${letters} dead letter${letters === 1 ? "" : "s"}`;
