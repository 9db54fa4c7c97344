import { until } from "../../support/until";
import { quantiles } from "../load";
import { type Bench, CODE, ms, type Row } from "../row";

/** First call of a new action while a runtime of its kind stands ready. */
export async function starts({ subject, client }: Bench): Promise<Row[]> {
  const times: number[] = [];
  for (let round = 0; round < 25; round++) {
    await client.putAction(`fresh-${round}`, CODE);
    await until("a runtime stands ready", () => subject.runtimes() > round && new Promise<true>((resolve) => setTimeout(() => resolve(true), 300)));
    const begin = performance.now();
    await client.must("POST", `actions/fresh-${round}?blocking=true`, {});
    if (round >= 5) times.push(performance.now() - begin);
  }
  const { p50, p99 } = quantiles(times);
  return [{ measure: "prewarmed start, process, p50", result: `${ms(p50)} (p99 ${ms(p99)})`, target: "≤ 60 ms", reached: p50 <= 60, figures: { p50, p99 } }];
}
