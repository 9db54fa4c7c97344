import { pageOptions, type Command } from "../../command";
import { explain, CliError } from "../../errors";
import { deadLetterTable, type DeadLetter } from "../../output/dead-letters";
import { fieldNamed, shaped } from "../../output/json";
import { shapes } from "../../output/shapes";
import { entityReply } from "../entities";

export const listDeadLetters: Command = {
  name: "list",
  summary: "list accepted work that was given up, the latest first",
  example: "dead-letter list --limit 10",
  arity: [0, 0, "No arguments are required."],
  options: pageOptions("dead letters"),
  async run({ api, style }, _args, { limit = 30, skip = 0 }) {
    try {
      const letters = (await api.call("GET", "_", ["dead-letters"], { limit: Number(limit), skip: Number(skip) })).body as DeadLetter[];
      return { text: deadLetterTable(letters, style), json: letters };
    } catch (failure) {
      throw explain("Unable to obtain the list of dead letters for namespace 'default'", failure);
    }
  },
};

export const getDeadLetter: Command = {
  name: "get",
  args: "ACTIVATION_ID [FIELD_FILTER]",
  summary: "get a dead letter, with what was sent to the action",
  example: "dead-letter get 44794bd6aab74415b4e42a308d880727 reason",
  arity: [1, 2, "An activation ID is required."],
  async run(context, [id = "", field]) {
    const known = field === undefined ? undefined : fieldNamed(field, shapes.deadLetter);
    if (field !== undefined && !known) throw new CliError(`Invalid field filter '${field}'.`);
    try {
      const letter = (await context.api.call("GET", "_", ["dead-letters", id])).body as Record<string, unknown>;
      return entityReply(context, "dead letter", id, shaped(letter, shapes.deadLetter), letter, known, field);
    } catch (failure) {
      throw explain(`Unable to get dead letter '${id}'`, failure);
    }
  },
};
