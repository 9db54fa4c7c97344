import type { Container } from "../core/ports/containers";
import { within } from "../core/within";
import type { Reply } from "./containerClient";

/** How often a container is looked at while it works. Milliseconds. */
const PERIOD = 100;
/** What has taken less cannot have filled much memory: looking would take longer. Milliseconds. */
const BRIEF = 10;
/** How long the end of a container is waited for, which tells why its connection broke. Milliseconds. */
const END_LIMIT = 1_000;

/** What came of a request; `exhausted`: the container needed more memory than it had, and was ended. */
export type GuardedReply = Reply | { kind: "exhausted" };

/** Ends a container that takes more memory than it was given while it answers a request. */
export async function guardMemory(container: Container, exchange: Promise<Reply>): Promise<GuardedReply> {
  if (!container.exhausted) return exchange;
  const begin = performance.now();
  const guard = setInterval(() => {
    if (container.exhausted!()) void container.destroy();
  }, PERIOD);
  const reply = await exchange;
  clearInterval(guard);
  // What it has never seen is not its fault: another container may answer it.
  if (reply.kind === "unsent") return reply;
  if (reply.kind === "closed") await within(container.gone, END_LIMIT);
  else if (performance.now() - begin < BRIEF) return reply;
  return container.exhausted() ? { kind: "exhausted" } : reply;
}
