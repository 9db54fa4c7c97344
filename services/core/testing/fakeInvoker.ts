import type { Completion, RunMessage } from "../messages";
import { type Activation, type ActivationResponse, success } from "../model/activation";
import type { RunLane } from "../ports/lanes";
import type { Store } from "../ports/store";

/** What an action's code does. */
export type Code = (message: RunMessage) => ActivationResponse | Promise<ActivationResponse>;

/**
 * A run lane and an invoker in one, which keeps an invoker's promises: of accepted work it claims the start before the
 * code runs and writes the record, or the end of an attempt after which others follow, before the completion; a blocking
 * run completes first. For unit tests.
 */
export class FakeInvoker implements RunLane {
  /** Runs of code, as they came. */
  readonly ran: RunMessage[] = [];
  /** Called first with each message: what it throws, the lane throws. */
  refuse: (message: RunMessage) => void = () => {};
  /** By path of the action; others answer with their arguments. */
  readonly code = new Map<string, Code>();

  constructor(
    private readonly store: Pick<Store, "starts" | "activations">,
    private readonly instance: string,
    private readonly now: () => number,
  ) {}

  async run(message: RunMessage): Promise<Completion> {
    this.refuse(message);
    const { activationId, attempt, accepted, ref: action } = message;
    if (accepted && !(await this.store.starts.claim({ activationId, attempt, invoker: this.instance, at: this.now(), action }))) return { kind: "duplicate" };
    this.ran.push(message);
    const code = this.code.get(message.action.path) ?? (({ args }) => success(args));
    const record = recordOf(message, await code(message), this.now());
    if (accepted && !message.lastAttempt && record.response.statusCode !== 0) {
      await this.store.starts.end({ activationId, attempt, at: record.end, response: record.response });
      return { kind: "done", record, recorded: false };
    }
    const inserted = this.store.activations.insert({ ...record, logs: ["a line"] });
    if (accepted) await inserted;
    else void inserted.catch(() => {});
    return { kind: "done", record, recorded: true };
  }

  async close(): Promise<void> {}
}

function recordOf(message: RunMessage, response: ActivationResponse, now: number): Activation {
  const { action, invoker } = message;
  return {
    activationId: message.activationId,
    namespace: invoker.namespace,
    name: action.name,
    path: action.path,
    version: action.version,
    subject: invoker.subject,
    start: now,
    end: now + 10,
    duration: 10,
    response,
    logs: [],
    annotations: [
      { key: "path", value: action.path },
      { key: "kind", value: action.kind },
      { key: "limits", value: { ...action.limits } },
      { key: "waitTime", value: now - message.receivedAt },
      ...(message.annotations ?? []),
    ],
    cause: message.cause,
  };
}
