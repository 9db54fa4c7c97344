import { durationText, localTime } from "./time";
import type { Style } from "./style";

/** What is read of an activation; the platform sends more. Times in milliseconds. */
export interface Activation {
  activationId: string;
  namespace: string;
  name: string;
  version: string;
  start: number;
  end?: number;
  duration?: number;
  statusCode?: number;
  cause?: string;
  logs?: string[];
  annotations?: { key: string; value: unknown }[];
  response?: { status?: string; statusCode?: number; success?: boolean; result?: unknown };
}

const statuses = ["success", "application error", "developer error", "internal error"];
const outcomes = ["success", "application error", "action developer error", "whisk internal error"];

/** Activations for people, as wide as their kinds and statuses need. */
export function activationTable(activations: readonly Activation[], style: Style): string {
  const rows = activations.map((a) => ({
    ...a,
    kind: String(annotation(a, "kind") ?? "unknown"),
    status: statuses[a.statusCode ?? 0] ?? statuses[0]!,
  }));
  if (rows.length === 0) return "\n";
  const kindWidth = Math.max("Kind".length, ...rows.map(({ kind }) => kind.length));
  const statusWidth = Math.max(statuses[0]!.length, ...rows.map(({ status }) => status.length));
  const line = (time: string, id: string, kind: string, start: string, duration: string, status: string, entity: string): string =>
    `${time.padEnd(19)} ${id.padEnd(32)} ${kind.padEnd(kindWidth)} ${start.padEnd(5)} ${duration.padEnd(10)} ${status.padEnd(statusWidth)} ${entity}\n`;
  const heading = line("Datetime", "Activation ID", "Kind", "Start", "Duration", "Status", "Entity");
  return (
    style.bold(heading) +
    rows.map((a) => line(localTime(a.start), a.activationId, a.kind, startOf(a), lengthOf(a), a.status, entityOf(a))).join("")
  );
}

/** The status code that goes with the status of a response: 0 success to 3 internal error. */
export const statusCodeOf = (activation: Activation): number => Math.max(0, outcomes.indexOf(activation.response?.status ?? ""));

/** A log line without its time and stream. */
export function stripLog(line: string): string {
  return /\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d.\d+Z(?: *(?:stdout|stderr):)?\s(.+)/.exec(line)?.[1] ?? line;
}

const annotation = (a: Activation, name: string): unknown => a.annotations?.find(({ key }) => key === name)?.value;
const startOf = (a: Activation): string => (annotation(a, "initTime") === undefined ? "warm" : "cold");
const lengthOf = (a: Activation): string => durationText(a.duration ? (a.end ?? a.start) - a.start : 0);
const entityOf = (a: Activation): string => `${shortened(a.namespace, 20)}/${shortened(a.name, 30)}:${shortened(a.version, 20)}`;

/** The text, with its middle taken out if it is longer than `length`. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, Math.ceil(length / 2))}...${text.slice(text.length - Math.floor(length / 2) + 3)}`;
}
