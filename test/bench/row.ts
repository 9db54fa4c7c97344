import type { Client } from "../support/client";
import type { Target } from "./load";
import type { Subject } from "./subject";

/** A line of the table. */
export interface Row {
  measure: string;
  /** What came out, for people. */
  result: string;
  /** What is to be reached. */
  target: string;
  reached: boolean;
  figures: Record<string, number>;
}

/** What a measure works on. */
export interface Bench {
  subject: Subject;
  client: Client;
  /** Path of this program, which can serve the floor. */
  program: string;
}

export const CODE = "function main(params) { return { greeting: 'Hello, ' + params.name } }";
export const BODY = JSON.stringify({ name: "bench" });
/** Seconds of a measurement. */
export const RUN = 10;

export const invocation = ({ subject }: Pick<Bench, "subject">, names: string[], query = "blocking=true&result=true"): Target => ({
  origin: subject.apiHost,
  paths: names.map((name) => `/api/v1/namespaces/_/actions/${name}?${query}`),
  headers: { authorization: `Basic ${Buffer.from(subject.auth).toString("base64")}` },
  body: BODY,
});

export const per = (value: number) => value.toFixed(2);
export const ms = (value: number) => `${value.toFixed(2)} ms`;
