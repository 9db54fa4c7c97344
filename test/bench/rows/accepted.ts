import { Pool } from "undici";
import { until } from "../../support/until";
import { load, type Target } from "../load";
import { type Bench, invocation, per, type Row, RUN } from "../row";

/** Accepted work, from the first 202 to the last record. */
export async function accepted(bench: Bench): Promise<Row[]> {
  const { subject } = bench;
  const blocking = await load(invocation(bench, ["warm"]), { connections: 32, seconds: RUN });
  const before = await subject.recorded();
  const begin = performance.now();
  const sent = await loadCounted(invocation(bench, ["warm"], "blocking=false"), 5000);
  await until("all accepted work is recorded", async () => (await subject.recorded()) >= before + sent, 120_000);
  const rate = sent / ((performance.now() - begin) / 1000);
  const ratio = rate / blocking.rate;
  return [
    {
      measure: "accepted invocations run to the end",
      result: `${per(ratio)} × blocking (${Math.round(rate)}/s of ${Math.round(blocking.rate)}/s)`,
      target: "≥ 0.5 × blocking",
      reached: ratio >= 0.5,
      figures: { ratio, rate, blocking: blocking.rate },
    },
  ];
}

/** Sends so many requests over 32 connections. */
async function loadCounted(target: Target, count: number): Promise<number> {
  const pool = new Pool(target.origin, { connections: 32 });
  let left = count;
  const loop = async () => {
    while (left-- > 0) {
      const response = await pool.request({ method: "POST", path: target.paths[0]!, headers: { "content-type": "application/json", ...target.headers }, body: target.body });
      await response.body.dump();
      if (response.statusCode !== 202) throw new Error(`${target.paths[0]}: ${response.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: 32 }, loop));
  await pool.destroy();
  return count;
}
