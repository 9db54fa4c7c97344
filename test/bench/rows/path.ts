import { startFloor } from "../floor";
import { cpuSeconds, familyOf } from "../cpu";
import { load, type Target } from "../load";
import { type Bench, BODY, CODE, invocation, type Row, RUN } from "../row";

const US = 1_000_000;

/**
 * Where one blocking call goes: processor time of each process for a call at 32 connections, beside that of the floor's,
 * and the legs of a lone call.
 */
export async function path(bench: Bench): Promise<Row[]> {
  const { subject, program, client } = bench;
  const target = invocation(bench, ["warm"]);
  await load(target, { connections: 32, seconds: 3 });
  const floor = await startFloor(program, subject.runtimes(), CODE);
  const bare: Target = { origin: floor.origin, paths: ["/run"], body: BODY };
  await load(bare, { connections: 32, seconds: 3 });
  const runtimesOfFloor = familyOf(floor.pid).slice(1);
  const ofFloor = await perCall({ client: [process.pid], forwarder: [floor.pid], runtimes: runtimesOfFloor }, bare);
  const ours = await perCall({ client: [process.pid], ...subject.processes() }, target);

  const lone = { connections: 1, seconds: RUN / 2 };
  const whole = await load(target, lone);
  const floorAlone = await load(bare, lone);
  await client.must("PUT", "triggers/idle?overwrite=true", {});
  // A fire without rules is answered 204 and goes nowhere: what HTTP, key and routing take.
  const http = await load({ ...target, paths: ["/api/v1/namespaces/_/triggers/idle"] }, lone);
  await floor.dispose();

  return [
    ...rowsOf("processor time of a call", ours, " µs"),
    ...rowsOf("the same of the floor", ofFloor, " µs"),
    ...rowsOf("lone call, p50", { whole: whole.p50 * 1000, "HTTP, key and routing alone": http.p50 * 1000, "the floor": floorAlone.p50 * 1000 }, " µs"),
  ];
}

/** Microseconds of processor time for each call, by group of processes. */
async function perCall(groups: Record<string, number[]>, target: Target): Promise<Record<string, number>> {
  const before = Object.entries(groups).map(([name, pids]) => [name, pids, cpuSeconds(pids)] as const);
  const begin = performance.now();
  const { rate } = await load(target, { connections: 32, seconds: RUN });
  const calls = (rate * (performance.now() - begin)) / 1000;
  return Object.fromEntries(before.map(([name, pids, seconds]) => [name, ((cpuSeconds(pids) - seconds) / calls) * US]));
}

function rowsOf(what: string, figures: Record<string, number>, unit: string): Row[] {
  const result = Object.entries(figures)
    .map(([name, value]) => `${name} ${Math.round(value)}`)
    .join(", ");
  return [{ measure: what, result: `${result}${unit}`, target: "", reached: true, figures }];
}
