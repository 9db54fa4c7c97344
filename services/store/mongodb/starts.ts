import type { ActivationId } from "../../core/ids";
import type { ActivationResponse } from "../../core/model/activation";
import type { AttemptEnd, Start, StartStore } from "../../core/ports/store";
import { InsertBatcher } from "./batcher";
import { pack, unpack } from "./body";
import type { Documents } from "./documents";
import { closedError } from "./errors";
import type { Collections, EndDocument, StartDocument } from "./schema";

/** Claims come as often as accepted runs: they are batched. */
export class MongoStarts implements StartStore {
  private readonly starts: Documents<StartDocument>;
  private readonly ends: Documents<EndDocument>;
  private readonly batcher: InsertBatcher<StartDocument>;
  private readonly underWay = new Set<Promise<boolean>>();
  private closed = false;

  constructor({ starts, ends }: Pick<Collections, "starts" | "ends">) {
    this.starts = starts;
    this.ends = ends;
    this.batcher = new InsertBatcher((documents) => this.starts.insertEach(documents));
  }

  /** When it rejects, the claim may be there all the same: who asks again reads it first. */
  claim({ activationId, attempt, invoker, at, action }: Start): Promise<boolean> {
    if (this.closed) return Promise.reject(closedError());
    const claimed = this.batcher.insert({ _id: attemptId(activationId, attempt), activation: activationId, invoker, at: new Date(at), ...(action && { action }) });
    this.underWay.add(claimed);
    const settled = () => this.underWay.delete(claimed);
    claimed.then(settled, settled);
    return claimed;
  }

  async get(activationId: ActivationId, attempt: number): Promise<Start | undefined> {
    const found = await this.starts.get(attemptId(activationId, attempt));
    if (!found) return undefined;
    const { invoker, at, action } = found;
    return { activationId, attempt, invoker, at: at.getTime(), ...(action && { action }) };
  }

  async end({ activationId, attempt, at, response }: AttemptEnd): Promise<void> {
    const body = await pack(JSON.stringify(response));
    await this.ends.insert({ _id: attemptId(activationId, attempt), activation: activationId, at: new Date(at), body });
  }

  async ended(activationId: ActivationId, attempt: number): Promise<AttemptEnd | undefined> {
    const found = await this.ends.get(attemptId(activationId, attempt));
    return found && { activationId, attempt, at: found.at.getTime(), response: await unpack<ActivationResponse>(found.body) };
  }

  /** Takes no more claims. Resolves when those that were taken are written, or have failed. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.underWay);
  }
}

const attemptId = (activationId: ActivationId, attempt: number): string => `${activationId}/${attempt}`;
