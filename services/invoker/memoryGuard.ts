import type { Container } from "../core/ports/containers";
import { within } from "../core/within";
import type { Reply } from "./containerClient";

/** How often a container is looked at while it works. Milliseconds. */
const PERIOD = 100;
/** What has taken less cannot have filled much memory: looking would take longer. Milliseconds. */
const BRIEF = 10;
/** How long the end of a container is waited for, which tells why its connection broke. Milliseconds. */
const END_LIMIT = 1_000;

/**
 * What came of a request; `exhausted`: the container needed more memory than it had, and was ended. `overfilled`: it has
 * answered, and is of no use any more.
 */
export type GuardedReply = (Reply & { overfilled?: boolean }) | { kind: "exhausted" };

export interface GuardOptions {
  /** It answers other requests at the same time: what has filled the memory need not be this one. @default false */
  shared?: boolean;
  /** Told as soon as it is known that the container ends, or has ended, or is to end; perhaps more than once. */
  onEnd?(): void;
}

/** Ends a container that takes more memory than it was given while it answers a request. */
export async function guardMemory(container: Container, exchange: Promise<Reply>, { shared = false, onEnd }: GuardOptions = {}): Promise<GuardedReply> {
  const begin = performance.now();
  const leave = container.exhausted && watch(container, onEnd);
  const reply = await exchange;
  leave?.();
  if (reply.kind === "closed") onEnd?.();
  // What it has never seen is not its fault: another container may answer it.
  if (!container.exhausted || reply.kind === "unsent") return reply;
  if (reply.kind === "closed") await within(container.gone, END_LIMIT);
  else if (performance.now() - begin < BRIEF) return reply;
  const exhausted = container.exhausted();
  if (shared && reply.kind === "answered") return { ...reply, overfilled: exhausted };
  if (!exhausted) return reply;
  onEnd?.();
  return { kind: "exhausted" };
}

/** Containers that answer requests, and how many. */
const working = new WeakMap<Container, { requests: number; timer: NodeJS.Timeout }>();

/** One look at a container is for all of its requests. @returns to be called when the request has its answer */
function watch(container: Container, onEnd?: () => void): () => void {
  let work = working.get(container);
  if (!work) {
    const timer = setInterval(() => {
      if (!container.exhausted!()) return;
      onEnd?.();
      void container.destroy();
    }, PERIOD);
    working.set(container, (work = { requests: 0, timer }));
  }
  const { timer } = work;
  work.requests++;
  return () => {
    if (--work.requests > 0) return;
    clearInterval(timer);
    working.delete(container);
  };
}
