import { type RunMessage, runKey } from "../core/messages";
import type { InitCode } from "./artifacts";
import type { Demand } from "./pool/pooled";

/** What the run asks of the pool. */
export function demandOf(message: RunMessage): Demand {
  const { action, invoker } = message;
  return { key: runKey(message), tenant: invoker.uuid, name: action.path, kind: action.kind, image: action.image, memory: action.limits.memory, concurrency: action.limits.concurrency };
}

/** Body of /init. @param now milliseconds since 1970 */
export function initBody(message: RunMessage, code: InitCode, apiHost: string, now: number): string {
  const { action, env } = message;
  const context: Record<string, string> = { __OW_API_HOST: apiHost };
  for (const [name, value] of Object.entries(contextOf(message, now))) if (value !== undefined) context[`__OW_${name.toUpperCase()}`] = value;
  const { concurrency } = action.limits;
  return JSON.stringify({ value: { name: action.name, main: action.main ?? "main", ...code, ...(concurrency > 1 && { concurrency }), env: { ...env, ...context } } });
}

/** Body of /run. @param now milliseconds since 1970 */
export const runBody = (message: RunMessage, apiHost: string, now: number): string =>
  JSON.stringify({ value: message.args, ...contextOf(message, now), api_host: apiHost });

function contextOf({ action, invoker, activationId, transactionId, apiKey }: RunMessage, now: number) {
  return {
    namespace: invoker.namespace,
    action_name: `/${action.path}`,
    action_version: action.version,
    activation_id: activationId,
    transaction_id: transactionId,
    api_key: apiKey,
    deadline: String(now + action.limits.timeout),
  };
}
