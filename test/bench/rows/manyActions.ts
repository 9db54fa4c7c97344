import { startFloor } from "../floor";
import { load } from "../load";
import { type Bench, BODY, CODE, invocation, per, type Row, RUN } from "../row";

/** Many different actions must not be slower than one. */
export async function manyActions(bench: Bench): Promise<Row[]> {
  const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
  for (const name of names) await bench.client.putAction(name, CODE, { limits: { memory: 128 } });
  for (const name of names) await bench.client.must("POST", `actions/${name}?blocking=true`, {});
  await load(invocation(bench, names), { connections: 32, seconds: 5 });
  const one = await load(invocation(bench, ["warm"]), { connections: 32, seconds: RUN });
  const all = await load(invocation(bench, names), { connections: 32, seconds: RUN });
  const floor = await startFloor(bench.program, names.length, CODE);
  const bare = { origin: floor.origin, paths: ["/run"], body: BODY };
  await load(bare, { connections: 32, seconds: 5 });
  const floorAll = await load(bare, { connections: 32, seconds: RUN });
  await floor.dispose();
  const ratio = all.rate / one.rate;
  const ofFloor = all.rate / floorAll.rate;
  return [
    {
      measure: "100 different actions, round robin, all warm",
      result: `${per(ratio)} × one action (${Math.round(all.rate)}/s of ${Math.round(one.rate)}/s)`,
      target: "≥ 0.9 × one action",
      reached: ratio >= 0.9,
      figures: { ratio, rate: all.rate, one: one.rate },
    },
    {
      measure: "the same, against the floor with 100 runtimes",
      result: `${per(ofFloor)} × floor (${Math.round(all.rate)}/s of ${Math.round(floorAll.rate)}/s)`,
      target: "≥ 0.7 × floor",
      reached: ofFloor >= 0.7,
      figures: { ratio: ofFloor, rate: all.rate, floorRate: floorAll.rate },
    },
  ];
}
