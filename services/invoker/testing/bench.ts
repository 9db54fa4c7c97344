import { randomUUID } from "node:crypto";
import { newActivationId, sha256 } from "../../core/ids";
import type { Completion, RunMessage } from "../../core/messages";
import type { Activation } from "../../core/model/activation";
import type { Identity } from "../../core/model/entities";
import { DEFAULT_ACTION_LIMITS } from "../../core/model/limits";
import type { Logger } from "../../core/owner/context";
import type { ContainerDriver } from "../../core/ports/containers";
import type { AttemptEnd, Store } from "../../core/ports/store";
import { until } from "../drivers/contract";
import { ProcessDriver } from "../drivers/process";
import { Invoker } from "../invoker";
import type { RunObservation } from "../observation";
import type { PoolOptions } from "../pool/options";
import { ContainerPool } from "../pool/pool";
import { fakeCommands } from "./fakeCommands";

/** Keeps what an invoker stores, in order. `events` may be written to by tests as well. */
export class MemoryStore {
  readonly records = new Map<string, Activation>();
  readonly claims = new Map<string, string>();
  readonly ends = new Map<string, AttemptEnd>();
  readonly codes = new Map<string, string>();
  readonly events: string[] = [];
  /** Calls that fail before one succeeds. */
  failures = { insert: 0, claim: 0, code: 0, end: 0 };
  /** The next claims that fail have been written all the same. */
  claimsAreWritten = false;
  codeReads = 0;

  readonly activations = {
    insert: async (record: Activation) => {
      if (this.failures.insert-- > 0) throw new Error("the disk is full");
      const first = !this.records.has(record.activationId);
      if (first) this.records.set(record.activationId, record);
      this.events.push(`record ${record.activationId}`);
      return first;
    },
    get: async (_namespace: string, id: string) => this.records.get(id),
  } as Store["activations"];

  private readonly startTimes = new Map<string, number>();
  readonly starts: Store["starts"] = {
    claim: async ({ activationId, attempt, invoker, at }) => {
      const key = `${activationId}/${attempt}`;
      const failing = this.failures.claim-- > 0;
      const first = !this.claims.has(key);
      if (first && (!failing || this.claimsAreWritten)) {
        this.claims.set(key, invoker);
        this.startTimes.set(key, at);
      }
      if (failing) throw new Error("the connection broke");
      return first;
    },
    get: async (activationId, attempt) => {
      const key = `${activationId}/${attempt}`;
      const invoker = this.claims.get(key);
      return invoker === undefined ? undefined : { activationId, attempt, invoker, at: this.startTimes.get(key)! };
    },
    end: async (end) => {
      if (this.failures.end-- > 0) throw new Error("the disk is full");
      const key = `${end.activationId}/${end.attempt}`;
      if (!this.ends.has(key)) this.ends.set(key, end);
    },
    ended: async (activationId, attempt) => this.ends.get(`${activationId}/${attempt}`),
  };

  readonly code: Store["code"] = {
    put: async (sha, code) => void this.codes.set(sha, code),
    get: async (sha) => {
      this.codeReads++;
      if (this.failures.code-- > 0) throw new Error("the disk is broken");
      return this.codes.get(sha);
    },
  };
}

/** An invoker on real processes of the fake runtime, and messages for it. */
export class Bench {
  readonly store = new MemoryStore();
  readonly driver: ContainerDriver;
  readonly pool: ContainerPool;
  readonly invoker: Invoker;
  readonly logged: string[] = [];
  isSuspended: (identity: Identity) => boolean | Promise<boolean> = () => false;

  constructor(options: Partial<PoolOptions> = {}, observe?: (run: RunObservation) => void) {
    const tell = (_fields: object, message: string) => void this.logged.push(message);
    const logger: Logger = { info: tell, warn: tell, error: tell };
    this.driver = options.driver ?? new ProcessDriver({ commands: fakeCommands });
    this.pool = new ContainerPool({
      memory: 4096,
      idleTimeout: 600_000,
      stemCells: [],
      maxStarting: 4,
      env: () => ({ __OW_API_HOST: "http://api" }),
      now: Date.now,
      logger,
      ...options,
      driver: this.driver,
    });
    this.invoker = new Invoker({ store: this.store, pool: this.pool, instance: "me", apiHost: () => "http://api", now: Date.now, logger, observe, isSuspended: (identity) => this.isSuspended(identity) });
  }

  /** A message for code of the fake runtime. `name` is the action: another name, another container. */
  message(code: string, more: Omit<Partial<RunMessage>, "action"> & { action?: Partial<RunMessage["action"]> } = {}): RunMessage {
    const codeSha = sha256(code);
    this.store.codes.set(codeSha, code);
    return {
      activationId: newActivationId(),
      attempt: 0,
      lastAttempt: true,
      transactionId: "tid",
      invoker: { namespace: "guest", uuid: "guest-uuid", subject: "guest-subject" },
      args: {},
      env: {},
      accepted: false,
      receivedAt: Date.now(),
      ...more,
      action: {
        key: `guest/${codeSha}`,
        rev: 1,
        path: "guest/act",
        name: "act",
        version: "0.0.3",
        kind: "fake:1",
        codeSha,
        binary: false,
        ...more.action,
        limits: { ...DEFAULT_ACTION_LIMITS, ...more.action?.limits },
      },
    };
  }

  async done(message: RunMessage): Promise<Extract<Completion, { kind: "done" }>> {
    const completion = await this.invoker.run(message);
    if (completion.kind !== "done") throw new Error(`not done but ${completion.kind}`);
    return completion;
  }

  /** The record as it is stored, with its logs. */
  async stored({ activationId }: RunMessage): Promise<Activation> {
    await until(() => this.store.records.has(activationId));
    return this.store.records.get(activationId)!;
  }

  async close(): Promise<void> {
    await this.invoker.flushed();
    await this.pool.close();
    await this.driver.close();
  }
}

export const anotherTenant = () => ({ namespace: "other", uuid: randomUUID(), subject: "other-subject" });
