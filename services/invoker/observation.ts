import type { RunMessage } from "../core/messages";
import type { StatusCode } from "../core/model/activation";
import type { Lease, StartKind } from "./pool/pooled";
import type { Times } from "./record";

/** What is told of an attempt at a run when its outcome is known, for measurements. */
export interface RunObservation {
  accepted: boolean;
  statusCode: StatusCode;
  /** Milliseconds; absent when no container could be had. */
  times?: {
    /** How its container came to it. */
    start: StartKind;
    wait: number;
    /** Absent when the container had the code. */
    init?: number;
    /** Absent when the initialisation failed. */
    run?: number;
  };
}

export function observationOf({ accepted, receivedAt }: RunMessage, { start, pooled }: Lease, statusCode: StatusCode, times: Times): RunObservation {
  const { initTime: init } = times;
  return { accepted, statusCode, times: { start, wait: times.start - (init ?? 0) - receivedAt, init, run: pooled.initialized ? times.end - times.start : undefined } };
}
