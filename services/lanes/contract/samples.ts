import { newActivationId } from "../../core/ids";
import type { AcceptedInvocation, AcceptedMessage, RunMessage } from "../../core/messages";
import { DEFAULT_ACTION_LIMITS } from "../../core/model/limits";
import type { AcceptedLog } from "../../core/ports/lanes";

export const accepted = (namespace = "guest", change: Partial<AcceptedInvocation> = {}): AcceptedInvocation => ({
  kind: "invocation",
  activationId: newActivationId(),
  transactionId: "t-1",
  identity: { namespace, uuid: `uuid-of-${namespace}`, subject: namespace },
  acceptedAt: 1_000,
  action: { action: { key: `${namespace}/hello`, rev: 1 }, packages: [] },
  payload: {},
  ...change,
});

export const run = (change: Partial<RunMessage> = {}): RunMessage => ({
  activationId: newActivationId(),
  attempt: 0,
  lastAttempt: true,
  transactionId: "t-1",
  invoker: { namespace: "guest", uuid: "uuid-of-guest", subject: "guest" },
  action: {
    key: "guest/hello",
    rev: 1,
    path: "guest/hello",
    name: "hello",
    version: "0.0.1",
    kind: "nodejs:20",
    binary: false,
    limits: DEFAULT_ACTION_LIMITS,
  },
  args: {},
  env: {},
  accepted: false,
  receivedAt: 1_000,
  ...change,
});

export interface Delivery {
  message: AcceptedMessage;
  redelivered: boolean;
}

/** A consumer that notes what it is given, and lets a test wait for it. */
export class Recorder {
  readonly deliveries: Delivery[] = [];
  running = 0;
  mostAtOnce = 0;
  private readonly waiting = new Set<() => void>();

  /** @param work what the handler does with each message */
  constructor(private readonly work: (message: AcceptedMessage) => Promise<void> | void = () => {}) {}

  readonly handler: Parameters<AcceptedLog["consume"]>[0] = async (message, { redelivered }) => {
    this.deliveries.push({ message, redelivered });
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.running);
    this.notify();
    try {
      await this.work(message);
    } finally {
      this.running--;
      this.notify();
    }
  };

  get ids(): string[] {
    return this.deliveries.map(({ message }) => message.activationId);
  }

  /** Resolves as soon as the condition holds after a delivery or the end of one. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.waiting.delete(check);
        resolve();
      };
      this.waiting.add(check);
      check();
    });
  }

  private notify(): void {
    for (const check of [...this.waiting]) check();
  }
}

/** Something that a test opens when it is time. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

/** Resolves when the log holds so many entries that are not done: an acknowledgement follows its handler by a moment. */
export async function depthBecomes(log: AcceptedLog, depth: number): Promise<void> {
  while ((await log.depth()) !== depth) await new Promise((resolve) => setImmediate(resolve));
}
