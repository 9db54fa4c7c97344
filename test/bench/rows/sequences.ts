import { load } from "../load";
import { type Bench, invocation, ms, per, type Row, RUN } from "../row";

export async function sequences(bench: Bench): Promise<Row[]> {
  await bench.client.must("PUT", "actions/five?overwrite=true", { exec: { kind: "sequence", components: Array(5).fill("/_/warm") } });
  await load(invocation(bench, ["five"]), { connections: 1, seconds: 2 });
  const one = await load(invocation(bench, ["warm"]), { connections: 1, seconds: RUN / 2 });
  const five = await load(invocation(bench, ["five"]), { connections: 1, seconds: RUN / 2 });
  const ratio = five.p50 / one.p50;
  return [
    { measure: "5-step sequence, p50", result: `${per(ratio)} × one action (${ms(five.p50)})`, target: "≤ 5.5 × one action", reached: ratio <= 5.5, figures: { ratio, p50: five.p50 } },
  ];
}
