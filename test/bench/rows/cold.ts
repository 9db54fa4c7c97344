import { request } from "undici";
import { runtimeImage } from "../../../runtimes/testing/images";
import { DockerTestPlatform } from "../../support/docker/platform";
import { dockerSettings, STANDARD } from "../../support/docker/runtimes";
import { TestPlatform } from "../../support/platform";
import { until } from "../../support/until";
import { disposedOf } from "../cleanup";
import { quantiles } from "../load";
import { ms, type Row } from "../row";
import { type Sample, SAMPLES } from "./cold/samples";

const ROUNDS = 20;
const UNCOUNTED = 4;

interface Driver {
  name: string;
  /** Milliseconds for a prewarmed start at p50. */
  goal: number;
  start(settings: Record<string, unknown>, images: readonly string[]): Promise<TestPlatform>;
}

const DRIVERS: Driver[] = [
  { name: "process", goal: 60, start: (settings) => TestPlatform.start(settings) },
  { name: "docker", goal: 120, start: async (settings, images) => DockerTestPlatform.start({ ...(await dockerSettings([...STANDARD, ...images])), ...settings }) },
];
/** One of each is to stand ready. */
const PREWARMED = SAMPLES.filter(({ prewarmed }) => prewarmed).length;

/** What the first call of a new action takes, as its caller sees it: in a new container, in one that stood ready, and the second call. */
export async function coldRows(tell: (row: Row) => void): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (row: Row) => {
    rows.push(row);
    tell(row);
  };
  for (const driver of DRIVERS) {
    const samples = await available(driver);
    const images = [...new Set(samples.flatMap(({ image }) => image ?? []))];
    for (const prewarm of [false, true]) {
      const platform = disposedOf(await driver.start({ adminPort: 0, memory: 16_384, prewarm }, images));
      try {
        for (const sample of samples) if (!prewarm || sample.prewarmed) add(await measure(platform, driver, sample, prewarm));
        if (!prewarm) for (const sample of samples) add(await warm(platform, driver, sample));
      } finally {
        await platform.dispose();
      }
    }
  }
  return rows;
}

/** Those whose image can be had; of others it is told why they are left out. */
async function available(driver: Driver): Promise<Sample[]> {
  const found: Sample[] = [];
  for (const sample of SAMPLES.filter(({ onlyOn = driver.name }) => onlyOn === driver.name)) {
    try {
      if (sample.image) await runtimeImage(sample.image);
      found.push(sample);
    } catch (error) {
      console.log(`${sample.name} is left out: ${(error as Error).message}`);
    }
  }
  return found;
}

async function measure(platform: TestPlatform, driver: Driver, sample: Sample, prewarm: boolean): Promise<Row> {
  const { rounds = ROUNDS, uncounted = UNCOUNTED } = sample;
  const client = platform.client();
  const execOf = await sample.make();
  const [times, inits]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const name = nameOf(prewarm ? "prewarmed" : "cold", sample, round);
    await client.must("PUT", `actions/${name}`, { exec: execOf(round) });
    // And nothing else is to start.
    if (prewarm) await until("runtimes stand ready", async () => (await containers(platform, "prewarmed")) >= PREWARMED && (await containers(platform, "starting")) === 0);
    const begin = performance.now();
    const { body } = await client.must("POST", `actions/${name}?blocking=true`, { name: "bench" });
    const time = performance.now() - begin;
    const init = (body as { annotations: { key: string; value: number }[] }).annotations.find(({ key }) => key === "initTime")!.value;
    if (round >= uncounted) {
      times.push(time);
      inits.push(init);
    }
  }
  const { p50, p99 } = quantiles(times);
  const init = quantiles(inits).p50;
  // What is to be reached is said of JavaScript, which runs in the proxy's own process.
  const bound = prewarm && sample.name.startsWith("nodejs:");
  return {
    measure: `${prewarm ? "prewarmed" : "cold"} start, ${driver.name}, ${sample.name}, p50`,
    result: `${ms(p50)} (p99 ${ms(p99)}, of it init ${ms(init)})`,
    target: bound ? `≤ ${driver.goal} ms` : "",
    reached: !bound || p50 <= driver.goal,
    figures: { p50, p99, init },
  };
}

/** One call after the other. */
async function warm(platform: TestPlatform, driver: Driver, sample: Sample): Promise<Row> {
  const client = platform.client();
  const name = nameOf("warm", sample, 0);
  await client.must("PUT", `actions/${name}`, { exec: (await sample.make())(ROUNDS) });
  const times: number[] = [];
  for (let round = 0; round < 300; round++) {
    const begin = performance.now();
    await client.must("POST", `actions/${name}?blocking=true`, { name: "bench" });
    if (round >= 100) times.push(performance.now() - begin);
  }
  const { p50, p99 } = quantiles(times);
  return { measure: `warm call, ${driver.name}, ${sample.name}, p50`, result: `${ms(p50)} (p99 ${ms(p99)})`, target: "", reached: true, figures: { p50, p99 } };
}

const nameOf = (what: string, { name }: Sample, round: number): string => `${what}-${name.replace(/\W+/g, "-")}-${round}`;

/** Containers in a state, as the platform's metrics have them. */
async function containers(platform: TestPlatform, state: string): Promise<number> {
  const admin = /"admin":"([^"]+)"/.exec(platform.log)![1]!;
  const text = await (await request(`${admin}/metrics`)).body.text();
  return Number(new RegExp(`^stackwhisk_containers\\{.*state="${state}".*\\} (\\d+)`, "m").exec(text)?.[1] ?? 0);
}
