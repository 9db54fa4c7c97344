import type { QualifiedName } from "../../args/names";
import type { JsonObject } from "../../args/key-values";
import { paramOptions, type Command, type Reply } from "../../command";
import type { Context } from "../../context";
import { ApiError, EXIT, explain } from "../../errors";
import { jsonText, sorted } from "../../output/json";

/** What came of an invocation: done, accepted but not done yet, or ended by an error of the action itself. */
export type Outcome = { state: "done" | "accepted" | "failed"; body: unknown; activationId: string };

export const invokeAction: Command = {
  name: "invoke",
  args: "ACTION_NAME",
  summary: "invoke action",
  example: "action invoke hello --result --param name Ada",
  arity: [1, 1, "An action name is required."],
  options: [
    { flags: "-b, --blocking", text: "blocking invoke" },
    { flags: "-r, --result", text: "blocking invoke; show only activation result (unless there is a failure)" },
    ...paramOptions,
  ],
  async run(context, [written = ""], flags) {
    const name = context.entity(written);
    const resultOnly = flags.result === true;
    const blocking = flags.blocking === true || resultOnly;
    const { params = {} } = context.keyValues;
    try {
      return replyTo(context, name, await invoke(context, name, params, blocking, resultOnly), blocking, resultOnly);
    } catch (failure) {
      throw explain(`Unable to invoke action '${name.entityName}'`, failure, true);
    }
  },
};

/**
 * Invokes an action.
 *
 * @throws CliError if the platform refuses or fails
 */
export async function invoke(
  context: Context,
  { namespace, entityName }: QualifiedName,
  payload: JsonObject,
  blocking: boolean,
  result: boolean,
): Promise<Outcome> {
  try {
    const { status, body, headers } = await context.api.call("POST", namespace, ["actions", entityName], { blocking, result }, payload);
    return { state: blocking && status === EXIT.timedOut ? "accepted" : "done", body, activationId: idIn(body, headers) };
  } catch (failure) {
    if (failure instanceof ApiError && isApplicationError(failure))
      return { state: "failed", body: failure.body, activationId: idIn(failure.body, failure.headers) };
    throw failure;
  }
}

/** A result and an activation look alike to people as with the official CLI: names in alphabetical order. */
function replyTo(
  { style, errorStyle }: Context,
  { namespace, entityName }: QualifiedName,
  outcome: Outcome,
  blocking: boolean,
  resultOnly: boolean,
): Reply {
  const { state, body, activationId } = outcome;
  const { ok, bold } = state === "done" ? style : errorStyle;
  const invoked = `${ok} invoked /${bold(namespace)}/${bold(entityName)}`;
  if (state === "accepted")
    return {
      text: `${invoked}, but the request has not yet finished, with id ${bold(activationId)}\n`,
      json: body,
      stream: "stderr",
      exitCode: EXIT.timedOut,
    };
  const text = `${resultOnly ? "" : `${invoked} with id ${bold(activationId)}\n`}${blocking ? jsonText(sorted(body)) : ""}`;
  return state === "done" ? { text, json: body } : { text, json: body, stream: "stderr", exitCode: 502 % 256 };
}

/** An error of the action comes as 502 with an activation id; a body without a code is none of the platform's refusals. */
function isApplicationError({ status, body, code, headers }: ApiError): boolean {
  return status === 502 && body !== null && typeof body === "object" && (code === undefined || idIn(body, headers) !== "");
}

function idIn(body: unknown, headers: Record<string, string>): string {
  const id = body !== null && typeof body === "object" && "activationId" in body ? body.activationId : undefined;
  return typeof id === "string" ? id : (headers["x-openwhisk-activation-id"] ?? "");
}
