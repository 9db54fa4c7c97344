import { connect } from "amqplib";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DebianBroker, SERVER } from "./rabbitmq/debian";
import { DockerBroker } from "./rabbitmq/docker";
import { leaveOut } from "./leftOut";
import { sharedServer } from "./sharedServer";

/** A broker that tests may kill and start again. */
export interface TestBroker {
  readonly url: string;
  /** Of the broker's process; undefined when it does not run. */
  readonly pid: number | undefined;
  /** What is to be killed and removed in the end. */
  readonly parts: { pids: number[]; containers?: string[] };
  /** Starts it, again with the same port and data; resolves when it takes connections. */
  start(): Promise<void>;
  /** SIGKILL */
  kill(): Promise<void>;
  /** In order. */
  stop(): Promise<void>;
  /** Ends it and all that belongs to it. */
  dispose(): Promise<void>;
}

type Source = { kind: "url"; url: string } | { kind: "debian" } | { kind: "docker" } | { kind: "none"; reason: string };

/** A real RabbitMQ for tests: one that is given by URL, Debian's package, or an image. */
export class TestRabbitMq {
  /** Of one's own, to be killed and disposed of; one that is given by URL cannot be. */
  static async own(): Promise<TestBroker> {
    const folder = mkdtempSync(join(tmpdir(), "rabbitmq-"));
    const broker = existsSync(SERVER) ? await DebianBroker.make(folder) : await DockerBroker.make();
    const dispose = broker.dispose.bind(broker);
    broker.dispose = async () => {
      await dispose();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      await broker.start();
    } catch (error) {
      await broker.dispose();
      throw error;
    }
    return broker;
  }

  /** URL of the one that all test files of the jest run share: each uses a prefix of its own. */
  static async shared(): Promise<string> {
    const source = findSource();
    if (source.kind === "url") return source.url;
    const { url } = await sharedServer("rabbitmq", async (folder) => {
      const broker = source.kind === "debian" ? await DebianBroker.make(folder) : await DockerBroker.make();
      await broker.start();
      return { url: broker.url, ...broker.parts };
    });
    return url;
  }
}

/** A prefix for the names in a broker that nobody else has. */
export const randomPrefix = () => `test-${randomBytes(6).toString("hex")}`;

/** Which of these queues or exchanges are there. */
export async function presentOn(url: string, kind: "queue" | "exchange", names: readonly string[]): Promise<string[]> {
  const connection = await connect(url);
  connection.on("error", () => {});
  const found: string[] = [];
  for (const name of names) {
    // The broker closes the channel on which something is asked for in vain.
    const channel = await connection.createChannel();
    channel.on("error", () => {});
    await (kind === "queue" ? channel.checkQueue(name) : channel.checkExchange(name)).then(() => found.push(name), () => {});
  }
  await connection.close();
  return found;
}

/**
 * `describe` for what needs a RabbitMQ. Without one the tests are skipped and the reason is told; where CI is set they fail.
 *
 * @param own tests kill the broker: the one that is given by URL does not do
 */
export function describeWithRabbitMq(name: string, tests: () => void, { own = false } = {}): void {
  const source = findSource({ own });
  if (source.kind === "none") leaveOut(name, source.reason, tests);
  else describe(name, tests);
}

function findSource({ own = false } = {}): Source {
  const url = process.env.STACKWHISK_TEST_RABBITMQ_URL;
  if (url && !own) return { kind: "url", url };
  if (existsSync(SERVER)) return { kind: "debian" };
  try {
    execFileSync("docker", ["info"], { stdio: "ignore", timeout: 5_000 });
    return { kind: "docker" };
  } catch {
    const reason = `There is no RabbitMQ: neither ${SERVER} (Debian's package rabbitmq-server) nor a Docker engine that answers`;
    return { kind: "none", reason: own ? `${reason}.` : `${reason}, and STACKWHISK_TEST_RABBITMQ_URL is not set.` };
  }
}
