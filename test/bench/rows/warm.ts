import { startFloor } from "../floor";
import { load, type Measured } from "../load";
import { type Bench, BODY, CODE, invocation, ms, per, type Row, RUN } from "../row";

/** Blocking calls of one warm action, against the floor with as many runtimes. */
export async function warm(bench: Bench): Promise<Row[]> {
  const { subject, client, program } = bench;
  const { goals } = subject;
  await client.putAction("warm", CODE);
  const target = invocation(bench, ["warm"]);
  await load(target, { connections: 32, seconds: RUN });
  const runtimes = subject.runtimes();
  const floor = await startFloor(program, runtimes, CODE);
  const floorTarget = { origin: floor.origin, paths: ["/run"], body: BODY };
  const [many, few] = [{ connections: 32, seconds: RUN }, { connections: 1, seconds: RUN / 2 }];
  await load(floorTarget, { ...many, seconds: RUN / 2 });
  // In turns, so that what else the machine does weighs on both.
  const runs: [Measured, Measured][] = [];
  for (let turn = 0; turn < 3; turn++) runs.push([await load(floorTarget, many), await load(target, many)]);
  const [floorMany, ours] = median(runs);
  const floorAlone = await load(floorTarget, few);
  const alone = await load(target, few);
  await floor.dispose();
  const ratio = ours.rate / floorMany.rate;
  const tail = ours.p99 / floorMany.p99;
  return [
    {
      measure: `warm blocking, 32 connections (${runtimes} runtimes)`,
      result: `${per(ratio)} × floor (${Math.round(ours.rate)}/s of ${Math.round(floorMany.rate)}/s)`,
      target: `≥ ${goals.warm} × floor`,
      reached: ratio >= goals.warm,
      figures: { ratio, rate: ours.rate, floorRate: floorMany.rate },
    },
    {
      measure: "the same, p99",
      result: `${per(tail)} × floor (${ms(ours.p99)} against ${ms(floorMany.p99)})`,
      target: "≤ 2 × floor",
      reached: tail <= 2,
      figures: { ratio: tail, p99: ours.p99, floorP99: floorMany.p99 },
    },
    {
      measure: "warm blocking alone, p50",
      result: `floor + ${ms(alone.p50 - floorAlone.p50)} (${ms(alone.p50)} against ${ms(floorAlone.p50)})`,
      target: `floor + ${goals.alone} ms`,
      reached: alone.p50 - floorAlone.p50 <= goals.alone,
      figures: { difference: alone.p50 - floorAlone.p50, p50: alone.p50, floorP50: floorAlone.p50 },
    },
  ];
}

/** The pair with the middle ratio. */
function median(runs: [Measured, Measured][]): [Measured, Measured] {
  const sorted = runs.toSorted(([floorA, a], [floorB, b]) => a.rate / floorA.rate - b.rate / floorB.rate);
  return sorted[Math.floor(sorted.length / 2)]!;
}
