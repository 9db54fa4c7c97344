import { load } from "../load";
import { type Bench, CODE, invocation, per, type Row, RUN } from "../row";

/** Two actions that together want more slots than there are. */
export async function scarceSlots(bench: Bench): Promise<Row[]> {
  for (const name of ["a", "b"]) await bench.client.putAction(name, CODE);
  await load(invocation(bench, ["a"]), { connections: 32, seconds: 4 });
  const one = await load(invocation(bench, ["a"]), { connections: 32, seconds: RUN });
  const warmUp = { connections: 32, seconds: 4 };
  await Promise.all([load(invocation(bench, ["a"]), warmUp), load(invocation(bench, ["b"]), warmUp)]);
  const both = await Promise.all(["a", "b"].map((name) => load(invocation(bench, [name]), { connections: 32, seconds: RUN })));
  const rate = both[0]!.rate + both[1]!.rate;
  const ratio = rate / one.rate;
  return [
    {
      measure: "two actions, 32 connections each, 48 slots",
      result: `${per(ratio)} × one action (${Math.round(rate)}/s of ${Math.round(one.rate)}/s), nothing lost`,
      target: "≥ 0.5 × one action",
      reached: ratio >= 0.5,
      figures: { ratio, rate, one: one.rate },
    },
  ];
}
