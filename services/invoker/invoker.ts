import { messageOf, WhiskError } from "../core/errors";
import type { Completion, RunMessage } from "../core/messages";
import type { Activation } from "../core/model/activation";
import { SIZE_LIMITS } from "../core/model/limits";
import type { Logger } from "../core/owner/context";
import { ContainerError } from "../core/ports/containers";
import type { Runner } from "../core/ports/lanes";
import type { Store } from "../core/ports/store";
import { CodeCache } from "./codeCache";
import { LogCollector } from "./logs";
import { initOutcome, type Outcome, runOutcome } from "./outcome";
import type { ContainerPool } from "./pool/pool";
import type { Lease } from "./pool/pooled";
import { failureOf, recordOf } from "./record";

export interface InvokerOptions {
  store: Pick<Store, "code" | "activations" | "starts">;
  pool: ContainerPool;
  /** This process, as it claims starts. */
  instance: string;
  /** Where actions reach the REST API. */
  apiHost(): string;
  now(): number;
  logger: Logger;
}

/** Characters of code that are kept in memory. */
const CODE_CACHE = 128 * 1024 * 1024;
/** How long after the end of a run its output may still come. Milliseconds. */
const LOG_GRACE = 500;
const LOG_FAILURE = "There was an issue while collecting your logs. Data might be missing.";
/** Pauses before a record is offered to the store again. Milliseconds. */
const STORE_RETRIES = [100, 1000, 5000];

/** Runs what a lane brings: finds a container, gives it the code, runs it, keeps the record. */
export class Invoker implements Runner {
  private readonly code: CodeCache;
  /** Records on their way into the store. */
  private readonly pending = new Set<Promise<unknown>>();

  constructor(private readonly options: InvokerOptions) {
    this.code = new CodeCache(options.store.code, CODE_CACHE);
  }

  /** @throws WhiskError 400, 429, 503 when there is no room: the code did not run */
  async run(message: RunMessage): Promise<Completion> {
    let lease: Lease;
    try {
      lease = await this.options.pool.acquire(demandOf(message));
    } catch (error) {
      if (!(error instanceof ContainerError)) throw error;
      this.options.logger.error({ activationId: message.activationId, action: message.action.path, error: error.message }, "no container could be started");
      return this.complete(message, failureOf(message, this.options.now(), "Failed to provision resources to run the action."));
    }
    try {
      return await this.runIn(lease, message);
    } catch (error) {
      this.options.pool.release(lease, false);
      throw error;
    }
  }

  /** Resolves when all records are in the store. */
  async flushed(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending);
  }

  private async runIn(lease: Lease, message: RunMessage): Promise<Completion> {
    const { now, pool, store, instance } = this.options;
    const { pooled } = lease;
    const { limits } = message.action;
    const logs = new LogCollector(pooled.container, limits.logs);
    let start = now();
    let initTime: number | undefined;
    let outcome: Outcome | undefined;
    if (!pooled.initialized) {
      outcome = await this.initialize(lease, message);
      initTime = now() - start;
    }
    if (!outcome) {
      if (message.accepted && !(await store.starts.claim({ activationId: message.activationId, attempt: message.attempt, invoker: instance, at: now() }))) {
        logs.finish();
        pool.release(lease, true);
        return { kind: "duplicate" };
      }
      if (initTime === undefined) start = now();
      const answer = await pooled.client.post("/run", this.runBody(message), limits.timeout, SIZE_LIMITS.result);
      outcome = runOutcome(answer, limits.timeout);
    }
    const record = recordOf(message, { start, end: now(), initTime }, outcome.response, outcome.timedOut);
    if (logs.complete) {
      record.logs = logs.finish();
      pool.release(lease, outcome.reusable);
      return this.complete(message, record);
    }
    const collected = this.collect(lease, logs, outcome, record);
    if (message.accepted) {
      await collected;
      return this.complete(message, record);
    }
    this.track(collected.then(() => this.insert(record)));
    return { kind: "done", record, recorded: true };
  }

  /** The rest of the output; the container is free only when it is there, or lines of two runs would mix. */
  private async collect(lease: Lease, logs: LogCollector, outcome: Outcome, record: Activation): Promise<void> {
    // What ends without an answer writes no markers: it is ended, and with it its output.
    if (!outcome.reusable) await lease.pooled.destroy();
    const complete = outcome.reusable ? await logs.completed(LOG_GRACE) : true;
    record.logs = logs.finish(complete ? undefined : LOG_FAILURE);
    this.options.pool.release(lease, outcome.reusable && complete);
  }

  private async initialize({ pooled }: Lease, message: RunMessage): Promise<Outcome | undefined> {
    const { action, env } = message;
    const code = action.codeSha === undefined ? "" : await this.code.get(action.codeSha);
    if (code === undefined) throw new WhiskError(500, `The code of ${action.path} is missing in the store.`);
    const value = { name: action.name, main: action.main ?? "main", code, binary: action.binary, env: { ...env, ...this.actionEnvironment(message) } };
    const answer = await pooled.client.post("/init", JSON.stringify({ value }), action.limits.timeout, SIZE_LIMITS.result);
    const failure = initOutcome(answer, action.limits.timeout);
    pooled.initialized = failure === undefined;
    return failure;
  }

  private actionEnvironment({ action, invoker }: RunMessage): Record<string, string> {
    return { __OW_API_HOST: this.options.apiHost(), __OW_NAMESPACE: invoker.namespace, __OW_ACTION_NAME: `/${action.path}`, __OW_ACTION_VERSION: action.version };
  }

  private runBody(message: RunMessage): string {
    const { action, invoker } = message;
    return JSON.stringify({
      value: message.args,
      namespace: invoker.namespace,
      action_name: `/${action.path}`,
      action_version: action.version,
      activation_id: message.activationId,
      transaction_id: message.transactionId,
      api_host: this.options.apiHost(),
      api_key: message.apiKey,
      deadline: String(this.options.now() + action.limits.timeout),
    });
  }

  /** Of accepted work the record comes first, of a blocking call the answer. */
  private async complete(message: RunMessage, record: Activation): Promise<Completion> {
    const stored = this.insert(record);
    if (message.accepted) await stored;
    else this.track(stored);
    return { kind: "done", record, recorded: true };
  }

  private async insert(record: Activation): Promise<void> {
    for (const pause of [...STORE_RETRIES, undefined]) {
      try {
        await this.options.store.activations.insert(record);
        return;
      } catch (error) {
        this.options.logger.error({ activationId: record.activationId, error: messageOf(error) }, "a record could not be stored");
        if (pause === undefined) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  private track(work: Promise<unknown>): void {
    this.pending.add(work);
    const done = () => this.pending.delete(work);
    work.then(done, done);
  }
}

function demandOf({ action, invoker }: RunMessage) {
  return {
    key: `${invoker.uuid}/${action.key}@${action.rev}`,
    tenant: invoker.uuid,
    name: action.path,
    kind: action.kind,
    image: action.image,
    memory: action.limits.memory,
  };
}
