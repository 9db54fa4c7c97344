import { quantiles } from "../load";
import { type Bench, ms, type Row } from "../row";

/** From the fire to the moment at which the action's code runs. */
export async function triggers({ client, subject: { goals } }: Bench): Promise<Row[]> {
  await client.putAction("started", "function main() { return { at: performance.timeOrigin + performance.now() } }");
  await client.must("PUT", "triggers/tick?overwrite=true", {});
  await client.must("PUT", "rules/tick-started?overwrite=true", { trigger: "/_/tick", action: "/_/started" });
  const times: number[] = [];
  for (let round = 0; round < 120; round++) {
    const fired = performance.timeOrigin + performance.now();
    const { activationId } = (await client.must("POST", "triggers/tick", {})).body as { activationId: string };
    const { logs } = await client.activation(activationId);
    const rule = JSON.parse(logs[0]!) as { activationId: string };
    const record = await client.activation(rule.activationId);
    if (round >= 20) times.push((record.response.result as { at: number }).at - fired);
  }
  const { p50, p99 } = quantiles(times);
  return [{ measure: "trigger → rule → action start, p50", result: `${ms(p50)} (p99 ${ms(p99)})`, target: `≤ ${goals.trigger} ms`, reached: p50 <= goals.trigger, figures: { p50, p99 } }];
}
