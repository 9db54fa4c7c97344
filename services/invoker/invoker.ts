import { messageOf, RunWithdrawnError } from "../core/errors";
import type { Completion, RunMessage } from "../core/messages";
import { type Activation, type ActivationResponse, internalError } from "../core/model/activation";
import { ContainerError } from "../core/ports/containers";
import type { Runner, RunTicket } from "../core/ports/lanes";
import type { Store } from "../core/ports/store";
import { ActionCode } from "./actionCode";
import { Artifacts } from "./artifacts";
import { claimStart } from "./claim";
import { LogCollector } from "./logs";
import { guardMemory, type GuardedReply } from "./memoryGuard";
import { observationOf, type RunObservation } from "./observation";
import { imageFailure, initFailure, runOutcome, TEXT } from "./outcome";
import type { ContainerPool } from "./pool/pool";
import type { Lease, Pooled } from "./pool/pooled";
import { recordOf, type Times } from "./record";
import { RecordWriter } from "./recordWriter";
import { demandOf, initBody, runBody } from "./requests";
import { restOfLogs } from "./restOfLogs";
import { hasNotBegun, share } from "./sharing";
import { named } from "./named";
import { type SuspensionOptions, wasSuspended } from "./suspended";

export interface InvokerOptions extends SuspensionOptions {
  store: Pick<Store, "code" | "activations" | "starts">;
  pool: ContainerPool;
  /** This process, as it claims starts. */
  instance: string;
  /** Where actions reach the REST API. */
  apiHost(): string;
  /** Told of each attempt that has come to an outcome. */
  observe?(run: RunObservation): void;
}

/** Characters of compiled code that are kept in memory. */
const ARTIFACT_CACHE = 64 * 1024 * 1024;
/** Containers that were gone before they saw the request, until the run is given up. */
const ATTEMPTS = 3;
const ATTEMPTS_AMONG_OTHERS = 20;
const FLUSH_LIMIT = 30_000;
const SUSPENDED: Completion = { kind: "suspended" };

/** One message under way. */
interface Job {
  message: RunMessage;
  claimed: boolean;
}

/** What came of it in one container. */
interface Outcome {
  response: ActivationResponse;
  /** The container is fit for further runs, as far as its answer tells. */
  reusable: boolean;
  times: Times;
  timedOut: boolean;
}

/** Runs what a lane brings: finds a container, gives it the code, runs it, keeps the record. */
export class Invoker implements Runner {
  private readonly code: ActionCode;
  private readonly artifacts = new Artifacts(ARTIFACT_CACHE);
  private readonly records: RecordWriter;
  /** Blocking runs that are answered while their logs still come. */
  private readonly unfinished = new Set<Promise<unknown>>();

  constructor(private readonly options: InvokerOptions) {
    this.code = new ActionCode(options.store.code, options.logger);
    this.records = new RecordWriter(options.store, options.logger);
  }

  async run(message: RunMessage, ticket: RunTicket = { started: false }): Promise<Completion> {
    const { pool, logger } = this.options;
    const job: Job = { message, claimed: !message.accepted };
    const demand = demandOf(message);
    if (await wasSuspended(this.options, message)) return SUSPENDED;
    let attempts = ATTEMPTS;
    for (let attempt = 0; attempt < attempts; attempt++) {
      let lease: Lease;
      try {
        lease = await pool.acquire(demand, (withdraw) => (ticket.withdraw = withdraw));
      } catch (error) {
        if (error instanceof RunWithdrawnError) throw error;
        // A start that is claimed cannot be offered again: whoever finds it would wait for its record for ever.
        const claimed = message.accepted && job.claimed;
        if (!(error instanceof ContainerError) && !claimed) throw error;
        logger.error({ ...named(message), error: messageOf(error) }, "no container could be started");
        const { image, limits } = message.action;
        if (image === undefined || !(error instanceof ContainerError) || error.fault === undefined) break;
        // Whoever chose the image is told what was wrong with it.
        return this.fail(job, imageFailure(image, error.fault, limits.timeout), new LogCollector(limits.logs).finish(error.message));
      }
      ticket.started = true;
      // It has waited for this one. What a container has failed under may be begun already.
      if (attempt === 0 && (await wasSuspended(this.options, message))) {
        pool.release(lease, true);
        return SUSPENDED;
      }
      try {
        const completion = await this.runIn(lease, job);
        if (completion) return completion;
        // Others may end it as often as they like.
        if (lease.pooled.capacity > 1) attempts = ATTEMPTS_AMONG_OTHERS;
      } catch (error) {
        pool.release(lease, false);
        throw error;
      }
    }
    return this.fail(job, internalError(TEXT.notProvisioned));
  }

  /** Resolves when all records are in the store, or after a bounded wait; tells the logger of those that are not. */
  async flushed(): Promise<void> {
    await Promise.all(this.unfinished);
    const left = await this.records.flushed(FLUSH_LIMIT);
    if (left > 0) this.options.logger.error({ records: left }, "records of blocking calls are lost: the store does not take them");
  }

  /** Outcomes of runs that are not in the store yet. */
  get unstored(): number {
    return this.records.size;
  }

  /** Undefined: the container was gone before it saw the run. */
  private async runIn(lease: Lease, job: Job): Promise<Completion | undefined> {
    const { message } = job;
    const { pool, now, apiHost } = this.options;
    const { pooled } = lease;
    const { timeout } = message.action.limits;
    const onEnd = () => pool.noteDeath(pooled);
    const logs = new LogCollector(message.action.limits.logs);
    if (!pooled.output) pooled.container.onLog(logs.listener);

    let initTime: number | undefined;
    if (!pooled.initialized) {
      const code = await this.code.of(message);
      if (code === undefined) {
        pool.release(lease, true);
        return this.fail(job, internalError(TEXT.notFetched));
      }
      await pooled.container.loading?.(code.text?.length ?? 0);
      const begin = now();
      const body = initBody(message, this.artifacts.initCode(message, code.text), apiHost(), begin);
      const reply = await guardMemory(pooled.container, pooled.client.post("/init", body, timeout), { onEnd });
      if (reply.kind === "unsent") return this.gone(lease, message, reply);
      this.artifacts.initialized(message, reply);
      const end = now();
      const failure = initFailure(reply, timeout);
      if (failure || reply.kind !== "answered") {
        return this.finish(lease, job, logs, { response: failure!, reusable: false, timedOut: reply.kind === "timeout", times: { start: end, end, initTime: end - begin } });
      }
      pooled.container.loaded?.();
      pool.opened(lease, share(pooled, message, reply, logs));
      initTime = end - begin;
    }

    if (!job.claimed) {
      job.claimed = await this.claim(message);
      if (!job.claimed) {
        pooled.output?.end(message.activationId, logs);
        pool.release(lease, true);
        return { kind: "duplicate" };
      }
    }
    pooled.output?.begin(message.activationId, logs);
    const start = now();
    const reply = await guardMemory(pooled.container, pooled.client.post("/run", runBody(message, apiHost(), start), timeout), { shared: pooled.capacity > 1, onEnd });
    if (reply.kind === "unsent" || hasNotBegun(pooled, reply)) {
      pooled.output?.end(message.activationId, logs);
      return this.gone(lease, message, reply);
    }
    const response = runOutcome(reply, timeout);
    const reusable = isReusable(pooled, reply, response);
    return this.finish(lease, job, logs, { response, reusable, timedOut: reply.kind === "timeout", times: { start, end: now(), initTime } });
  }

  private gone(lease: Lease, message: RunMessage, reply: GuardedReply): undefined {
    const error = reply.kind === "unsent" ? reply.reason : "its process ends";
    this.options.logger.warn({ ...named(message), container: lease.pooled.container.id, error }, "a container was gone when a run came to it");
    this.options.pool.noteDeath(lease.pooled);
    this.options.pool.release(lease, false);
  }

  private claim(message: RunMessage): Promise<boolean> {
    const { store, instance, now, logger } = this.options;
    const start = { activationId: message.activationId, attempt: message.attempt, invoker: instance, at: now(), action: message.ref };
    return claimStart(store.starts, start, (error) => {
      logger.error({ ...named(message), error: messageOf(error) }, "the start of a run could not be claimed and is tried again");
    });
  }

  /** Frees the container and brings record and completion on their way, in the order that was promised. */
  private async finish(lease: Lease, job: Job, logs: LogCollector, { response, reusable, times, timedOut }: Outcome): Promise<Completion> {
    const record = recordOf(job.message, times, response, timedOut);
    this.options.observe?.(observationOf(job.message, lease, response.statusCode, times));
    const failed = response.statusCode > 1;
    if (logs.complete) {
      lease.pooled.output?.end(job.message.activationId, logs);
      this.options.pool.release(lease, reusable);
      return this.complete(job, record, logs.finish(failed ? TEXT.logsOfFailure : undefined));
    }
    const collected = restOfLogs(lease, job.message, logs, { failed, reusable }, (reuse) => this.options.pool.release(lease, reuse));
    if (job.message.accepted) return this.complete(job, record, await collected);
    this.track(collected.then((lines) => this.complete(job, record, lines)));
    return { kind: "done", record, recorded: true };
  }

  /** Its code has not run. */
  private fail(job: Job, response: ActivationResponse, logs: string[] = []): Promise<Completion> {
    const now = this.options.now();
    this.options.observe?.({ accepted: job.message.accepted, statusCode: response.statusCode });
    return this.complete(job, recordOf(job.message, { start: now, end: now }, response, false), logs);
  }

  /** Of accepted work the record, or the end of an attempt after which others follow, comes first; of a blocking call the answer. */
  private async complete({ message }: Job, record: Activation, logs: string[]): Promise<Completion> {
    const { activationId, attempt, accepted, transactionId } = message;
    if (accepted && !message.lastAttempt && record.response.statusCode !== 0) {
      await this.records.end({ activationId, attempt, at: record.end, response: record.response }, transactionId);
      return { kind: "done", record, recorded: false };
    }
    const written = this.records.write(logs.length === 0 ? record : { ...record, logs }, transactionId, { awaited: accepted });
    if (accepted && !(await written)) return { kind: "done", record: await this.first(record), recorded: true };
    return { kind: "done", record, recorded: true };
  }

  /** The record that was there before: it is the one that counts. */
  private async first(record: Activation): Promise<Activation> {
    const found = await this.options.store.activations.get(record.namespace, record.activationId);
    return found ? { ...found, logs: [] } : record;
  }

  private track(work: Promise<unknown>): void {
    this.unfinished.add(work);
    void work.finally(() => this.unfinished.delete(work));
  }
}

/** Beside other runs a result that is none is no reason to end them all: the runtime tells if it can go no further. */
function isReusable({ output }: Pooled, reply: GuardedReply, { statusCode }: ActivationResponse): boolean {
  if (reply.kind !== "answered" || reply.overfilled) return false;
  return statusCode <= 1 || output?.tagged === true;
}
