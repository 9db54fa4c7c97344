import { ToolError } from "../lib/errors";
import { until } from "../lib/wait";
import { request, type Activation, type Api } from "./api";

/** The entities of stacks/hello that the tour uses: names as its outputs give them, and a URL. */
export interface Hello {
  action: string;
  sequence: string;
  trigger: string;
  web: string;
}

/** Whether the platform has what the tour uses. One that began anew, with an empty database, has nothing of what the application's state says. */
export async function isDeployed(api: Pick<Api, "has">, { action, sequence, trigger }: Hello): Promise<boolean> {
  const found = await Promise.all([api.has("actions", action), api.has("actions", sequence), api.has("triggers", trigger)]);
  return found.every(Boolean);
}

/** One thing that was done, and what came of it. */
export interface Stop {
  what: string;
  how: string;
  result: string;
}

const RULE_MS = 30_000;
/** What each of them is given. */
export const PARAMETERS = { name: "Ada" };

/** Uses everything that stacks/hello has declared, over HTTP like any client. */
export async function takeTour(api: Api, hello: Hello, onStop: (stop: Stop) => void): Promise<void> {
  const given = JSON.stringify(PARAMETERS);
  for (const kind of ["action", "sequence"] as const) {
    onStop({ what: kind, how: `${hello[kind]} ${given}`, result: outcome(await api.invoke(hello[kind], PARAMETERS)) });
  }
  const id = await api.fire(hello.trigger, PARAMETERS);
  if (!id) throw new ToolError(`Trigger ${hello.trigger} was fired, but no active rule is bound to it.`);
  const { rule, activation } = await ruleOutcome(api, hello.trigger, id);
  onStop({ what: "trigger", how: `${hello.trigger} ${given} → rule ${rule}`, result: outcome(activation) });
  const page = pageUrl(hello.web);
  onStop({ what: "web action", how: `GET ${page}`, result: await fetchPage(page) });
}

/** A fire is answered before its rules have run: their activations are in its record, as soon as there is one. */
async function ruleOutcome(api: Api, trigger: string, id: string): Promise<{ rule: string; activation: Activation }> {
  const fired = await until(`the record of trigger ${trigger} (activation ${id})`, RULE_MS, () => api.activation(id));
  const { rule, activationId, error } = firstRule(fired.logs);
  if (!activationId) throw new ToolError(`Rule ${rule} did not run: ${error}`);
  return { rule, activation: await until(`the activation ${activationId} of rule ${rule}`, RULE_MS, () => api.activation(activationId)) };
}

/** The logs of a trigger's record have a line of JSON for each rule. */
export function firstRule(logs: readonly string[]): { rule: string; activationId?: string; error?: string } {
  for (const line of logs) {
    const start = line.indexOf("{");
    if (start < 0) continue;
    const { rule, activationId, error } = JSON.parse(line.slice(start)) as { rule: string; activationId?: string; error?: string };
    return { rule: lastPart(rule), activationId, error };
  }
  throw new ToolError("The trigger's record names no rule.");
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

/** @throws ToolError if the activation failed */
export function outcome({ name, activationId, duration, response }: Activation): string {
  const result = JSON.stringify(response.result);
  if (!response.success) throw new ToolError(`${name} failed (${response.status}, activation ${activationId}): ${result}`);
  return `${result}  (${duration === undefined ? "" : `${duration} ms, `}activation ${activationId})`;
}

/** A web action gets its parameters from the query. */
export const pageUrl = (web: string): string => `${web}?${new URLSearchParams(PARAMETERS)}`;

async function fetchPage(url: string): Promise<string> {
  const { status, text } = await request(url);
  if (status >= 400) throw new ToolError(`GET ${url} was answered ${status}: ${text}`);
  return `${status} ${text.trim().slice(0, 300)}`;
}
