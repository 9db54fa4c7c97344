import type { RunMessage } from "../core/messages";
import type { Reply } from "./containerClient";
import type { LogCollector } from "./logs";
import type { Pooled } from "./pool/pooled";
import { SharedOutput } from "./sharedOutput";

/**
 * Readies a container that has its code for several runs at a time, if its action allows them and its runtime takes them.
 *
 * @param reply to /init
 * @param logs of the run that has initialised it
 * @returns runs that it may work on at a time
 */
export function share(pooled: Pooled, { activationId, action }: RunMessage, reply: Extract<Reply, { kind: "answered" }>, logs: LogCollector): number {
  const { concurrency } = action.limits;
  if (concurrency === 1) return 1;
  const told = toldOfConcurrency(reply.body);
  // One made for OpenWhisk says nothing. It takes them if it was started for them.
  if (!(told ?? pooled.forSeveral)) return 1;
  pooled.client.widen(concurrency);
  pooled.output = new SharedOutput(pooled.container, told === true);
  pooled.output.begin(activationId, logs);
  return concurrency;
}

function toldOfConcurrency(body: string): boolean | undefined {
  try {
    const { concurrent } = JSON.parse(body) as { concurrent?: unknown };
    return typeof concurrent === "boolean" ? concurrent : undefined;
  } catch {
    return undefined;
  }
}

/** A runtime that names the run of each line answers so when its process is about to end and it has not begun the run. */
const STOPPED = 503;

/** Whether a run has not begun, though there is an answer: another run among others has made the process end. */
export const hasNotBegun = ({ output }: Pooled, reply: { kind: string; status?: number }): boolean => output?.tagged === true && reply.kind === "answered" && reply.status === STOPPED;
