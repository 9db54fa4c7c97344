import { request } from "undici";
import { DockerTestPlatform } from "../../support/docker/platform";
import { TestPlatform } from "../../support/platform";
import { until } from "../../support/until";
import { disposedOf } from "../cleanup";
import { quantiles } from "../load";
import { ms, type Row } from "../row";

const CODE: Record<string, string> = {
  "nodejs:24": "function main(params) { return { greeting: 'Hello, ' + params.name } }",
  "python:3": "def main(params):\n    return {'greeting': 'Hello, ' + params.get('name', '')}\n",
};
/** The first rounds are not counted: programs and images are read from the disk then. */
const ROUNDS = 20;
const UNCOUNTED = 4;

interface Driver {
  name: string;
  /** Milliseconds for a prewarmed start at p50. */
  goal: number;
  start(settings: Record<string, unknown>): Promise<TestPlatform>;
}

const DRIVERS: Driver[] = [
  { name: "process", goal: 60, start: (settings) => TestPlatform.start(settings) },
  { name: "docker", goal: 120, start: (settings) => DockerTestPlatform.start(settings) },
];

/** What the first call of a new action takes, as its caller sees it: in a new container, in one that stood ready, and the second call. */
export async function coldRows(tell: (row: Row) => void): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (row: Row) => {
    rows.push(row);
    tell(row);
  };
  for (const driver of DRIVERS) {
    for (const prewarm of [false, true]) {
      const platform = disposedOf(await driver.start({ adminPort: 0, memory: 16_384, prewarm }));
      try {
        for (const kind of Object.keys(CODE)) add(await measure(platform, driver, kind, prewarm));
        if (!prewarm) for (const kind of Object.keys(CODE)) add(await warm(platform, driver, kind));
      } finally {
        await platform.dispose();
      }
    }
  }
  return rows;
}

async function measure(platform: TestPlatform, driver: Driver, kind: string, prewarm: boolean): Promise<Row> {
  const client = platform.client();
  const [times, inits]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const name = `${prewarm ? "prewarmed" : "cold"}-${kind.replace(/\W/g, "-")}-${round}`;
    await client.putAction(name, CODE[kind]!, { kind });
    // One of each kind is to stand ready, and nothing else to start.
    if (prewarm) await until("runtimes stand ready", async () => (await containers(platform, "prewarmed")) >= Object.keys(CODE).length && (await containers(platform, "starting")) === 0);
    const begin = performance.now();
    const { body } = await client.must("POST", `actions/${name}?blocking=true`, { name: "bench" });
    const time = performance.now() - begin;
    const init = (body as { annotations: { key: string; value: number }[] }).annotations.find(({ key }) => key === "initTime")!.value;
    if (round >= UNCOUNTED) {
      times.push(time);
      inits.push(init);
    }
  }
  const { p50, p99 } = quantiles(times);
  const init = quantiles(inits).p50;
  // What is to be reached is said of JavaScript, which runs in the proxy's own process.
  const bound = prewarm && kind.startsWith("nodejs:");
  return {
    measure: `${prewarm ? "prewarmed" : "cold"} start, ${driver.name}, ${kind}, p50`,
    result: `${ms(p50)} (p99 ${ms(p99)}, of it init ${ms(init)})`,
    target: bound ? `≤ ${driver.goal} ms` : "",
    reached: !bound || p50 <= driver.goal,
    figures: { p50, p99, init },
  };
}

/** One call after the other. */
async function warm(platform: TestPlatform, driver: Driver, kind: string): Promise<Row> {
  const client = platform.client();
  await client.putAction(`warm-${kind.replace(/\W/g, "-")}`, CODE[kind]!, { kind });
  const times: number[] = [];
  for (let round = 0; round < 300; round++) {
    const begin = performance.now();
    await client.must("POST", `actions/warm-${kind.replace(/\W/g, "-")}?blocking=true`, { name: "bench" });
    if (round >= 100) times.push(performance.now() - begin);
  }
  const { p50, p99 } = quantiles(times);
  return { measure: `warm call, ${driver.name}, ${kind}, p50`, result: `${ms(p50)} (p99 ${ms(p99)})`, target: "", reached: true, figures: { p50, p99 } };
}

/** Containers in a state, as the platform's metrics have them. */
async function containers(platform: TestPlatform, state: string): Promise<number> {
  const admin = /"admin":"([^"]+)"/.exec(platform.log)![1]!;
  const text = await (await request(`${admin}/metrics`)).body.text();
  return Number(new RegExp(`^stackwhisk_containers\\{.*state="${state}".*\\} (\\d+)`, "m").exec(text)?.[1] ?? 0);
}
