import { randomPrefix } from "../../../../../test/support/rabbitmq";
import { TcpProxy } from "../../../../../test/support/tcpProxy";
import type { RunMessage } from "../../../../core/messages";
import type { Runner } from "../../../../core/ports/lanes";
import { run } from "../../../contract/samples";
import { AmqpSession } from "../../session";
import { Lines } from "../../testing/lines";
import { AmqpRunLane } from "../lane";
import { AmqpRunReceiver } from "../receiver";
import { FakeContainers } from "./containers";

const SESSION = { backoff: { first: 10, most: 100 }, heartbeat: 1 };

/** A process on a connection that can be cut. */
class Connected {
  readonly lines = new Lines();
  readonly session: AmqpSession;

  constructor(
    readonly proxy: TcpProxy,
    url: string,
    name: string,
  ) {
    this.session = new AmqpSession({ url: proxy.through(url), name, logger: this.lines.logger, ...SESSION });
  }

  /** Its connection breaks for good, as if it had been killed. */
  async die(): Promise<void> {
    await this.proxy.close();
    await this.session.close();
  }
}

export class SceneInvoker extends Connected {
  readonly containers: FakeContainers;
  readonly receiver: AmqpRunReceiver;

  constructor(proxy: TcpProxy, url: string, prefix: string, work: Runner["run"], slots: number) {
    super(proxy, url, "invoker");
    this.containers = new FakeContainers(slots, work);
    this.receiver = new AmqpRunReceiver({ session: this.session, prefix, runner: this.containers, capacity: this.containers, slots, logger: this.lines.logger });
  }
}

export class SceneOwner extends Connected {
  readonly lane: AmqpRunLane;

  constructor(proxy: TcpProxy, url: string, prefix: string, instance: string) {
    super(proxy, url, "owner");
    this.lane = new AmqpRunLane({ session: this.session, prefix, instance, logger: this.lines.logger, patience: 500 });
  }
}

/** Owners and invokers on one broker. */
export class LaneScene {
  readonly prefix = randomPrefix();
  private readonly all: Connected[] = [];

  constructor(private readonly url: string) {}

  async owner(instance = `owner-${this.all.length}`): Promise<SceneOwner> {
    return this.add(new SceneOwner(await this.proxy(), this.url, this.prefix, instance));
  }

  async invoker(work: Runner["run"], slots = 8): Promise<SceneInvoker> {
    return this.add(new SceneInvoker(await this.proxy(), this.url, this.prefix, work, slots));
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((one) => one.die()));
  }

  private async add<C extends Connected>(one: C): Promise<C> {
    this.all.push(one);
    await one.session.whenUp(20_000);
    return one;
  }

  private proxy(): Promise<TcpProxy> {
    const { hostname, port } = new URL(this.url);
    return TcpProxy.to({ host: hostname, port: Number(port) || 5672 });
  }
}

/** A run of the action of that name. */
export const runOf = (name: string, change: Partial<RunMessage> = {}): RunMessage => {
  const message = run(change);
  return { ...message, action: { ...message.action, key: `guest/${name}`, path: `guest/${name}`, name } };
};
