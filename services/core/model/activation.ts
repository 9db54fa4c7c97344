import type { ActivationId } from "../ids";
import { type Json, type KeyValue, valueOf } from "./parameters";

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
  /** Lines as `<time> <stream>: <text>`; for a sequence or composition the ids of its runs. */
  logs: string[];
  annotations: KeyValue[];
  /** The sequence or composition that caused it. */
  cause?: ActivationId;
}

export const success = (result: Json): ActivationResponse => ({ statusCode: 0, result });
export const applicationError = (error: Json): ActivationResponse => ({ statusCode: 1, result: { error } });
export const developerError = (error: Json): ActivationResponse => ({ statusCode: 2, result: { error } });
export const internalError = (error: Json): ActivationResponse => ({ statusCode: 3, result: { error } });

/** The name by which lists find it: `name` or `package/name`, with the binding as its package if it was reached through one. */
export function listedName({ name, path, annotations }: Pick<Activation, "name" | "path" | "annotations">): string {
  const binding = valueOf(annotations, "binding");
  return typeof binding === "string" ? `${binding.slice(binding.indexOf("/") + 1)}/${name}` : path.slice(path.indexOf("/") + 1);
}

/** A trigger's fire is a moment: it has neither an end nor, in lists, an outcome. */
const isMoment = ({ duration }: Activation) => duration === undefined;

/** The shape in which the API shows an outcome: in words. */
export function responseView({ statusCode, result, size }: ActivationResponse): { [key: string]: unknown } {
  return { result, ...(size === undefined ? {} : { size }), status: OUTCOMES[statusCode], success: statusCode === 0 };
}

/** The shape in which the API shows a record. */
export function activationView(activation: Activation, { logs = true } = {}): { [key: string]: unknown } {
  return {
    activationId: activation.activationId,
    annotations: activation.annotations,
    ...(activation.cause === undefined ? {} : { cause: activation.cause }),
    ...(isMoment(activation) ? {} : { duration: activation.duration, end: activation.end }),
    logs: logs ? activation.logs : [],
    name: activation.name,
    namespace: activation.namespace,
    publish: false,
    response: responseView(activation.response),
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
    ...(isMoment(activation) ? {} : { duration: activation.duration, end: activation.end, statusCode: activation.response.statusCode }),
    name: activation.name,
    namespace: activation.namespace,
    publish: false,
    start: activation.start,
    version: activation.version,
  };
}
