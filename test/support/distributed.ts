import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MongoClient } from "mongodb";
import { AmqpSession } from "../../services/lanes/amqp/session";
import { removeTopology } from "../../services/lanes/amqp/topology";
import { Client } from "./client";
import { freePort } from "./freePort";
import { GUEST } from "./platform";
import { childrenOf } from "./processes";
import { type Role, ServiceProcess } from "./serviceProcess";
import { TcpProxy } from "./tcpProxy";

export interface DistributedOptions {
  /** URLs of the servers. */
  rabbitmq: string;
  mongodb: string;
  /** @default 2 */
  controllers?: number;
  /** @default 2 */
  invokers?: number;
  /** Each process reaches the servers through proxies of its own, which the test may break. */
  proxied?: boolean;
  /** Address of this machine at which actions reach the controllers. @default 127.0.0.1 */
  apiAddress?: string;
  /** Settings of services/distributed/config.ts. */
  config?: Record<string, unknown>;
  /** Environment of the processes, of their first life. */
  env?: NodeJS.ProcessEnv;
}

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

/** A distributed platform of its own: controllers, each on a port of its own, and invokers as processes, without a supervisor. */
export class TestDistributed {
  /** Begins all names on the broker, and is the name of the database. */
  readonly name = `test-${randomBytes(6).toString("hex")}`;
  readonly controllers: ServiceProcess[] = [];
  readonly invokers: ServiceProcess[] = [];
  private readonly folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-distributed-"));

  private constructor(private readonly options: DistributedOptions) {}

  /** Resolves when all of its processes serve. */
  static async start(options: DistributedOptions): Promise<TestDistributed> {
    const platform = new TestDistributed(options);
    try {
      for (let index = 0; index < (options.controllers ?? 2); index++) await platform.make("controller");
      for (let index = 0; index < (options.invokers ?? 2); index++) await platform.make("invoker");
      await Promise.all(platform.processes.map((each) => each.start(options.env)));
    } catch (error) {
      await platform.dispose();
      throw error;
    }
    return platform;
  }

  get processes(): ServiceProcess[] {
    return [...this.controllers, ...this.invokers];
  }

  get auth(): string {
    return `${GUEST.uuid}:${GUEST.key}`;
  }

  /** Of the first controller. */
  get apiHost(): string {
    return this.apiHostOf(0);
  }

  apiHostOf(index: number): string {
    return `http://127.0.0.1:${this.controllers[index]!.port}`;
  }

  /** Of the first controller. */
  client(auth = this.auth): Client {
    return this.clientOf(0, { auth });
  }

  /** @param limit see {@link Client} */
  clientOf(index: number, { auth = this.auth, limit }: { auth?: string; limit?: number } = {}): Client {
    return new Client(this.apiHostOf(index), auth, limit);
  }

  /** Pids of the containers of all invokers. Linux only. */
  containers(): number[] {
    return this.invokers.flatMap((invoker) => (invoker.isRunning ? childrenOf(invoker.pid) : []));
  }

  /** One more process. Resolves when it serves. */
  async add(role: Role): Promise<ServiceProcess> {
    const made = await this.make(role);
    await made.start(this.options.env);
    return made;
  }

  /** Ends all processes, and removes what they have left in the broker and in the database. Servers that are away keep theirs. */
  async dispose(): Promise<void> {
    await Promise.all(this.processes.map((each) => each.dispose()));
    await Promise.allSettled([this.clearBroker(), this.clearDatabase()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async make(role: Role): Promise<ServiceProcess> {
    const { rabbitmq, mongodb, proxied = false, config } = this.options;
    const broker = proxied ? await proxyTo(rabbitmq, 5672) : undefined;
    const database = proxied ? await proxyTo(mongodb, 27017) : undefined;
    const others = role === "controller" ? this.controllers : this.invokers;
    const port = role === "controller" ? await freePort() : undefined;
    const made = new ServiceProcess({
      role,
      index: others.length,
      folder: this.folder,
      port,
      broker,
      database,
      config: {
        name: this.name,
        dataDir: this.folder,
        namespaces: [GUEST],
        secret: "s".repeat(64),
        memory: 1024,
        ...config,
        rabbitmq: { url: broker?.through(rabbitmq) ?? rabbitmq },
        mongodb: { url: database?.through(mongodb) ?? mongodb },
        apiHost: `http://${this.options.apiAddress ?? "127.0.0.1"}:${this.controllers[0]?.port ?? port}`,
      },
    });
    others.push(made);
    return made;
  }

  private async clearBroker(): Promise<void> {
    const session = new AmqpSession({ url: this.options.rabbitmq, name: "the end of a test", logger: SILENT });
    try {
      await removeTopology(session, this.name);
    } finally {
      await session.close();
    }
  }

  private async clearDatabase(): Promise<void> {
    const client = new MongoClient(this.options.mongodb, { serverSelectionTimeoutMS: 5_000 });
    try {
      await client.db(this.name).dropDatabase();
    } finally {
      await client.close();
    }
  }
}

async function proxyTo(url: string, standardPort: number): Promise<TcpProxy> {
  const { hostname, port } = new URL(url);
  return TcpProxy.to({ host: hostname, port: Number(port) || standardPort });
}
