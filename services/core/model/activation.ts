import type { ActivationId } from "../ids";
import type { Json, KeyValue } from "./parameters";

/** OpenWhisk's classes of outcome, by status code. */
export const OUTCOMES = ["success", "application error", "action developer error", "whisk internal error"] as const;
export type StatusCode = 0 | 1 | 2 | 3;

export interface ActivationResponse {
  statusCode: StatusCode;
  result: Json;
  /** Bytes of the result as JSON. */
  size?: number;
}

/** The record of one run, trigger fire or sequence. Inserted once by its id and never changed. */
export interface Activation {
  activationId: ActivationId;
  /** Invoking namespace. */
  namespace: string;
  /** Name of the entity. */
  name: string;
  /** `namespace/package/name` of the entity. */
  path: string;
  version: string;
  subject: string;
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  /** Milliseconds; absent for a trigger. */
  duration?: number;
  response: ActivationResponse;
  /** Lines as `<time> <stream>: <text>`; for a sequence the ids of its steps. */
  logs: string[];
  annotations: KeyValue[];
  /** The sequence or trigger that caused it. */
  cause?: ActivationId;
}

export const success = (result: Json): ActivationResponse => ({ statusCode: 0, result });
export const applicationError = (error: Json): ActivationResponse => ({ statusCode: 1, result: { error } });
export const developerError = (error: Json): ActivationResponse => ({ statusCode: 2, result: { error } });
export const internalError = (error: Json): ActivationResponse => ({ statusCode: 3, result: { error } });

/** The shape in which the API shows a record. */
export function activationView(activation: Activation, { logs = true } = {}): { [key: string]: unknown } {
  const { response } = activation;
  return {
    activationId: activation.activationId,
    annotations: activation.annotations,
    ...(activation.cause === undefined ? {} : { cause: activation.cause }),
    ...(activation.duration === undefined ? {} : { duration: activation.duration }),
    end: activation.end,
    logs: logs ? activation.logs : [],
    name: activation.name,
    namespace: activation.namespace,
    publish: false,
    response: {
      result: response.result,
      ...(response.size === undefined ? {} : { size: response.size }),
      status: OUTCOMES[response.statusCode],
      statusCode: response.statusCode,
      success: response.statusCode === 0,
    },
    start: activation.start,
    subject: activation.subject,
    version: activation.version,
  };
}

/** The shape in which a list shows it. */
export function activationSummary(activation: Activation): { [key: string]: unknown } {
  return {
    activationId: activation.activationId,
    annotations: activation.annotations,
    ...(activation.cause === undefined ? {} : { cause: activation.cause }),
    ...(activation.duration === undefined ? {} : { duration: activation.duration }),
    end: activation.end,
    name: activation.name,
    namespace: activation.namespace,
    publish: false,
    start: activation.start,
    statusCode: activation.response.statusCode,
    subject: activation.subject,
    version: activation.version,
  };
}
