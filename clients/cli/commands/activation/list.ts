import type { Command } from "../../command";
import { pageOptions } from "../../command";
import { explain } from "../../errors";
import { activationTable, statusCodeOf } from "../../output/activations";
import { jsonText, shaped } from "../../output/json";
import { shapes } from "../../output/shapes";
import { listActivations } from "./read";

export const activationList: Command = {
  name: "list",
  args: "[NAMESPACE or NAME]",
  summary: "list activations",
  example: "activation list hello --limit 10",
  arity: [0, 1, "An optional namespace is the only valid argument."],
  options: [
    ...pageOptions("activations"),
    { flags: "-f, --full", text: "include full activation description" },
    { flags: "--since <SINCE>", text: "return activations with timestamps later than SINCE, in milliseconds since 1970", number: true },
    { flags: "--upto <UPTO>", text: "return activations with timestamps earlier than UPTO, in milliseconds since 1970", number: true },
  ],
  async run(context, [written], { limit = 30, skip = 0, since, upto, full }) {
    const name = written === undefined ? undefined : context.name(written).entityName || undefined;
    const query = {
      name,
      limit: Number(limit),
      skip: Number(skip),
      since: since as number,
      upto: upto as number,
      docs: full === true || undefined,
    };
    try {
      const activations = await listActivations(context, query);
      if (!full) return { text: activationTable(activations, context.style), json: activations };
      const records = activations.map((a) => jsonText(shaped({ ...a, statusCode: statusCodeOf(a) }, shapes.activation)));
      return { text: `${context.style.bold("activations")}\n${records.join("")}`, json: activations };
    } catch (failure) {
      throw explain("Unable to obtain the list of activations for namespace 'default'", failure);
    }
  },
};
