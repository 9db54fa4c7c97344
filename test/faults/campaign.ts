import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DistributedOptions, TestDistributed } from "../support/distributed";
import { TestDocker } from "../support/docker";
import { startDistributedOnDocker } from "../support/docker/distributed";
import { TestMongo } from "../support/mongodb";
import { TestRabbitMq } from "../support/rabbitmq";
import { Trace } from "../support/trace";
import { until } from "../support/until";
import { Audit, type Tally } from "./audit";
import { dockerContainersOf, processesOf } from "./containers";
import { CONTAINER_FAULTS, type Containers, FAULTS, type Scene } from "./faults";
import { type Counts, Load } from "./load";
import { Random } from "./random";
import { deployWork } from "./work";

export interface CampaignOptions {
  /** Decides the order of the faults, their victims and moments. */
  seed: number;
  /** Which of FAULTS. */
  faults: readonly string[];
  /** All faults once, in an order of chance, and again until so much time has passed. Milliseconds. @default once */
  duration?: number;
  /** How long something is held, or cut off. Milliseconds. */
  hold: number;
  /** Look after each fault whether all promises are kept; otherwise only at the end. */
  settleEach: boolean;
  say(line: string): void;
  /** Actions run in containers of a Docker engine of the campaign's own, in the place of processes. */
  docker?: boolean;
  /** Aborted, the campaign ends at once, and leaves nothing. */
  signal?: AbortSignal;
}

export interface Row extends Counts, Tally {
  fault: string;
  /** Milliseconds from the end of the fault until each controller answered a fresh blocking call; undefined: it did not in time. */
  resumed: number | undefined;
}

export interface Outcome {
  rows: Row[];
  /** What was promised and not kept; empty is what is wanted. */
  violations: string[];
  /** Folder with the logs of all processes, if there are violations. */
  logs?: string;
}

/** How long until a fresh call has to succeed after a fault, and until everything has to be recorded. Milliseconds. */
const RESUME_LIMIT = 30_000;
const SETTLE_LIMIT = 150_000;
/** Length of the load before a fault, and after service has resumed. Milliseconds. */
const BEFORE = { least: 300, most: 2_000 };
const AFTER = 1_000;

/** Runs a platform of several processes under a mixed load, breaks its parts one after the other, and looks what became of what was promised. */
export async function runCampaign(options: CampaignOptions): Promise<Outcome> {
  const ends: (() => Promise<void> | void)[] = [];
  try {
    const [broker, database] = await Promise.all([TestRabbitMq.own(), TestMongo.own()]);
    ends.push(() => broker.dispose(), () => database.dispose());
    // Without live-restore, as an engine is by default: with its end that of its containers is to be survived.
    const engine = options.docker ? await TestDocker.own({ liveRestore: false }) : undefined;
    if (engine) ends.unshift(() => engine.dispose());
    const { platform, containers, trace, pause } = await start(engine?.host, { rabbitmq: broker.url, mongodb: database.url, controllers: 2, proxied: true });
    ends.unshift(() => platform.dispose());
    ends.push(() => trace.dispose());
    const [first, ...others] = platform.controllers.map((_, index) => platform.clientOf(index));
    await deployWork(first!, others, trace);
    const load = new Load(platform, pause);
    ends.unshift(() => load.stop());
    const scene: Scene = { platform, broker, database, load, containers, engine, random: new Random(options.seed), hold: options.hold, say: (line) => options.say(`  ${line}`) };
    return await Promise.race([breakAll(options, scene, new Audit(first!, trace)), abortOf(options.signal)]);
  } finally {
    for (const end of ends) await end();
  }
}

interface Started {
  platform: TestDistributed;
  containers: Containers;
  trace: Trace;
  /** Between two calls of a caller. Milliseconds; absent: the load's own. */
  pause?: number;
}

/** An engine takes about a second of the processors for each container: there is room for all at once, and less to do. */
const ON_DOCKER = { invokers: 2, config: { memory: 3072, prewarm: false }, pause: 1_000, images: ["stackwhisk/runtime-nodejs:24"] };

async function start(engine: string | undefined, options: DistributedOptions): Promise<Started> {
  if (engine === undefined) {
    const platform = await TestDistributed.start({ ...options, invokers: 3 });
    return { platform, containers: processesOf(platform), trace: new Trace() };
  }
  const { invokers, config, pause, images } = ON_DOCKER;
  const { platform, gateway } = await startDistributedOnDocker({ ...options, invokers, config }, { engine, images });
  return { platform, containers: dockerContainersOf(platform, engine), trace: await Trace.reachedAt(gateway), pause };
}

async function breakAll(options: CampaignOptions, scene: Scene, audit: Audit): Promise<Outcome> {
  const { load, platform } = scene;
  const done: { fault: string; counts: Counts; resumed: number | undefined }[] = [];
  const violations: string[] = [];
  const deadline = Date.now() + (options.duration ?? 0);
  for (const fault of order(options, scene.random)) {
    if (done.length >= options.faults.length && Date.now() > deadline) break;
    options.say(`${done.length + 1}. ${fault}`);
    const counts = load.nextRound();
    if (done.length === 0) load.start();
    await sleep(scene.random.between(BEFORE.least, BEFORE.most));
    await { ...FAULTS, ...CONTAINER_FAULTS }[fault]!(scene).catch((error: unknown) => violations.push(`${fault} did not happen: ${String(error)}`));
    const resumed = await resumedAfter(platform);
    if (resumed === undefined) violations.push(`${fault}: there was no service ${RESUME_LIMIT} ms later`);
    await sleep(AFTER);
    done.push({ fault, counts, resumed });
    if (options.settleEach) {
      const { took, last } = await load.pauseDuring(() => audit.settle([...load.promised], SETTLE_LIMIT));
      scene.say(`all promises were looked for in ${took} ms; the last was ${last?.id} (${last?.work})`);
    }
  }
  await load.stop();
  options.say(`looking for the records of ${load.promised.length} promises`);
  await audit.settle(load.promised, SETTLE_LIMIT);
  await audit.conclude(RESUME_LIMIT);
  const rows = done.map((each, round): Row => ({ fault: each.fault, resumed: each.resumed, ...each.counts, ...audit.tally(round) }));
  for (const { fault, lost, doubled } of rows) {
    violations.push(...lost.map((id) => `${fault}: ${id} was accepted, or follows from what was, and has no record`));
    violations.push(...doubled.map((id) => `${fault}: the code of ${id} ran more often than it was tried`));
  }
  violations.push(...load.violations, ...audit.violations);
  return { rows, violations, logs: violations.length > 0 ? keepLogs(platform, violations) : undefined };
}

/** Rejects when the signal is aborted. */
const abortOf = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("the campaign was interrupted"))));

/** Each fault once, in an order of chance, and so on without end. */
function* order({ faults }: CampaignOptions, random: Random): Generator<string> {
  for (;;) yield* random.shuffled(faults);
}

/** Milliseconds until each controller has answered a fresh blocking call. */
async function resumedAfter(platform: TestDistributed): Promise<number | undefined> {
  const begun = Date.now();
  const answered = async (index: number) =>
    until(
      `a blocking call at controller ${index}`,
      async () => {
        const answer = await platform.clientOf(index, { limit: 10_000 }).invoke("trace").catch(() => undefined);
        return answer?.status === 200;
      },
      RESUME_LIMIT,
    );
  try {
    await Promise.all(platform.controllers.map((_, index) => answered(index)));
    return Date.now() - begun;
  } catch {
    return undefined;
  }
}

function keepLogs({ processes }: TestDistributed, violations: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-faults-"));
  for (const { name, log } of processes) writeFileSync(path.join(folder, `${name.replace(" ", "-")}.log`), log);
  writeFileSync(path.join(folder, "violations"), `${violations.join("\n")}\n`);
  return folder;
}
