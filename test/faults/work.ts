import type { Client } from "../support/client";
import type { Trace } from "../support/trace";
import { until } from "../support/until";

/** What the load asks for, and what each 202 promises. */
export const WORK = {
  /** A run. */
  single: "actions/trace",
  /** A run of an action that often fails and asks for retries. */
  flaky: "actions/flaky",
  /** A sequence and its steps. */
  sequence: "actions/chain",
  /** A composition, with the runs of its conductor and of its components. */
  composition: "actions/compose",
  /** A fire and its active rules. */
  fire: "triggers/tick",
} as const;

export type Work = keyof typeof WORK;

export const STEPS = 3;
export const RULES = 3;
export const RETRIES = 3;

/** Runs of each kind of work that runs other actions, if all goes well. */
export const PARTS: Partial<Record<Work, number>> = { sequence: STEPS, composition: 3 };

/** Has `trace` run once, whatever becomes of it. */
const CONDUCTOR = `function main({ asked }) { return asked ? { params: {} } : { action: "/_/trace", state: { asked: true } } }`;

/** Longest that a run takes before the platform ends it. Milliseconds. */
const TIMEOUT = 3_000;

/** Puts everything there; an entity may be seen a little later at other controllers. */
export async function deployWork(client: Client, others: readonly Client[], trace: Trace): Promise<void> {
  const more = { limits: { timeout: TIMEOUT } };
  await trace.deploy(client, 30, more);
  await trace.deployFailing(client, "flaky", 0.4, { ...more, annotations: [{ key: "retries", value: { max: RETRIES, delay: 100 } }] });
  await client.must("PUT", "actions/chain", { exec: { kind: "sequence", components: Array.from({ length: STEPS }, () => "/_/trace") } });
  await client.putAction("compose", CONDUCTOR, { ...more, annotations: [{ key: "conductor", value: true }] });
  await client.must("PUT", "triggers/tick", {});
  for (const [index, action] of ["trace", "trace", "flaky"].entries()) await client.must("PUT", `rules/rule-${index}`, { trigger: "/_/tick", action: `/_/${action}` });
  await client.must("PUT", "rules/sleeping", { trigger: "/_/tick", action: "/_/trace" });
  await client.must("POST", "rules/sleeping", { status: "inactive" });
  for (const other of others) await until("the last rule is known", async () => (await other.must("GET", "rules/sleeping")).body.status === "inactive");
}
