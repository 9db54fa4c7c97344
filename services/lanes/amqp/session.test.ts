import type { Channel } from "amqplib";
import { describeWithRabbitMq, randomPrefix, TestRabbitMq } from "../../../test/support/rabbitmq";
import type { TestServer } from "../../../test/support/testServer";
import { TcpProxy } from "../../../test/support/tcpProxy";
import { until } from "../../../test/support/until";
import { AmqpSession, type AmqpSessionOptions } from "./session";
import { Lines } from "./testing/lines";

const quick = { first: 10, most: 100 };

/** A session with one consumer, and the ways to break it. */
class Rig {
  readonly lines = new Lines();
  readonly changes: boolean[] = [];
  readonly received: string[] = [];
  readonly session: AmqpSession;
  readonly queue = randomPrefix();
  setups = 0;

  constructor(url: string, options: Partial<AmqpSessionOptions> = {}) {
    this.session = new AmqpSession({ url, name: "a test", logger: this.lines.logger, backoff: quick, ...options });
    this.session.onChange((up) => this.changes.push(up));
  }

  readonly setup = async (channel: Channel) => {
    this.setups++;
    await channel.assertQueue(this.queue, { expires: 60_000 });
    await channel.consume(this.queue, (message) => {
      this.received.push(message!.content.toString());
      channel.ack(message!);
    });
  };

  /** Sends until it has arrived: what is sent at the moment of a loss is gone. */
  async arrives(text: string, channel: { current: Channel | undefined }): Promise<void> {
    await until(`'${text}' to arrive`, () => {
      if (this.received.includes(text)) return true;
      try {
        channel.current?.sendToQueue(this.queue, Buffer.from(text));
      } catch {
        // Closed at this moment.
      }
      return false;
    });
  }
}

describeWithRabbitMq("A session with a broker", () => {
  let url: string;
  const cleanups: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    url = await TestRabbitMq.shared();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const rig = (at: string, options?: Partial<AmqpSessionOptions>) => {
    const made = new Rig(at, options);
    cleanups.push(() => made.session.close());
    return made;
  };
  const proxied = async () => {
    const { hostname, port } = new URL(url);
    const proxy = await TcpProxy.to({ host: hostname, port: Number(port) || 5672 });
    cleanups.push(() => proxy.close());
    return proxy;
  };

  test("is up when its channels are set up, and knows the broker's version", async () => {
    const { session, setup, changes, setups } = rig(url);
    expect(session.isUp).toBe(false);
    expect(setups).toBe(0);
    const channel = session.channel(setup);
    await session.whenUp(10_000);
    expect(session.isUp).toBe(true);
    expect(channel.current).toBeDefined();
    expect(session.serverVersion).toMatch(/^\d+\.\d+/);
    expect(session.isBlocked).toBe(false);
    expect(changes).toEqual([true]);
    await session.close();
    expect(changes).toEqual([true, false]);
    expect(channel.current).toBeUndefined();
  });

  test("comes back with its consumers after the connection was reset, and says so", async () => {
    const proxy = await proxied();
    const made = rig(proxy.through(url));
    const [channel, other] = [made.session.channel(made.setup), made.session.confirmChannel(async () => {})];
    await made.session.whenUp(10_000);
    for (const text of ["a", "b", "c"]) {
      await made.arrives(text, channel);
      const before = channel.current;
      proxy.reset();
      await until("the loss", () => channel.current !== before);
      await made.session.whenUp(10_000);
      expect(other.current).toBeDefined();
    }
    await made.arrives("d", channel);
    expect(made.changes).toEqual([true, false, true, false, true, false, true]);
    expect(made.setups).toBe(4);
  });

  test("notices a partition by its heartbeat, and comes back when it is over", async () => {
    const proxy = await proxied();
    const made = rig(proxy.through(url), { heartbeat: 1 });
    const channel = made.session.channel(made.setup);
    await made.arrives("before", channel);
    proxy.stall();
    await until("the loss", () => !made.session.isUp);
    await expect(made.session.whenUp(50)).rejects.toMatchObject({ status: 503 });
    proxy.resume();
    await made.session.whenUp(20_000);
    await made.arrives("after", channel);
  });

  test("comes back after the broker has closed the connection", async () => {
    const made = rig(url);
    const channel = made.session.channel(made.setup);
    await made.arrives("before", channel);
    const before = channel.current!;
    // A frame that no client may send.
    (before.connection as unknown as { sendMethod(channel: number, method: number, fields: object): void }).sendMethod(0, 0x000a0029, { outOfBand: "" });
    await until("the loss", () => made.changes.includes(false));
    await made.session.whenUp(10_000);
    await made.arrives("after", channel);
    expect(made.changes).toEqual([true, false, true]);
  });

  test("a channel that the broker closes is made anew alone", async () => {
    const made = rig(url);
    const [channel, other] = [made.session.channel(made.setup), made.session.channel(async () => {})];
    await made.session.whenUp(10_000);
    const [before, unharmed] = [channel.current!, other.current];
    await expect(before.checkQueue(`${made.queue}-that-is-not`)).rejects.toThrow("NOT_FOUND");
    await until("another channel", () => channel.current && channel.current !== before);
    await made.arrives("after", channel);
    expect(other.current).toBe(unharmed);
    expect(made.changes).toEqual([true]);
    expect(made.lines.of("a channel to the broker is made anew")).toMatchObject([{ problem: expect.stringContaining("404") as string, failures: 1 }]);
  });

  test("a consumer whose queue was removed is there again, with its queue", async () => {
    const made = rig(url);
    const [channel, other] = [made.session.channel(made.setup), made.session.channel(async () => {})];
    await made.arrives("before", channel);
    await other.current!.deleteQueue(made.queue);
    await made.arrives("after", channel);
    expect(made.lines.of("a channel to the broker is made anew")).toMatchObject([{ problem: `the consumer of '${made.queue}' was cancelled` }]);
  });

  test("what a consumer throws, at once or later, is logged and harms nobody", async () => {
    const { session, queue, lines } = rig(url);
    const channel = session.channel(async (channel) => {
      await channel.assertQueue(queue, { expires: 60_000 });
      await channel.consume(queue, () => {
        throw new Error("at once");
      }, { noAck: true });
      await channel.consume(queue, async () => Promise.reject(new Error("later")), { noAck: true });
    });
    await session.whenUp(10_000);
    const before = channel.current!;
    for (const text of ["1", "2", "3", "4"]) before.sendToQueue(queue, Buffer.from(text));
    await until("all to be logged", () => lines.of("a listener on a channel has failed").length === 4);
    expect(lines.of("a listener on a channel has failed").map(({ error }) => error).sort()).toEqual(["at once", "at once", "later", "later"]);
    expect(channel.current).toBe(before);
  });

  test("a setup that fails is logged and tried again", async () => {
    const { session, lines } = rig(url);
    let tries = 0;
    session.channel(async () => {
      if (++tries < 4) throw new Error(`try ${tries}`);
    });
    await session.whenUp(10_000);
    expect(tries).toBe(4);
    expect(lines.of("a channel to the broker is made anew").map(({ problem }) => problem)).toEqual(["try 1", "try 2", "try 3"]);
  });

  test("a wrong password is told without the password, to whoever waits", async () => {
    const wrong = new URL(url);
    wrong.password = "s3cret";
    const { session, lines } = rig(wrong.href);
    const refusal = await session.whenUp(500).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: "WhiskError", status: 503, message: expect.stringMatching(/^The message broker at 127\.0\.0\.1:\d+ cannot be used \(.*ACCESS_REFUSED.*\); waited 500 ms\.$/) as string });
    expect(JSON.stringify([lines.all, String(refusal)])).not.toContain("s3cret");
  });

  test("close ends quickly, connected or partitioned or while nobody answers", async () => {
    const proxy = await proxied();
    const [connected, cut] = [rig(url), rig(proxy.through(url))];
    for (const { session, setup } of [connected, cut]) {
      session.channel(setup);
      await session.whenUp(10_000);
    }
    proxy.stall();
    const [connecting, away] = [rig(proxy.through(url)), rig("amqp://127.0.0.1:1")];
    await until("a connection that comes to nothing", () => proxy.connections === 2);
    const begun = Date.now();
    const waiting = away.session.whenUp(60_000).catch((error: unknown) => error);
    await Promise.all([connected, cut, connecting, away].map(({ session }) => session.close()));
    expect(await waiting).toMatchObject({ status: 503, message: "The connection to the message broker at 127.0.0.1:1 was closed." });
    expect(Date.now() - begun).toBeLessThan(5_000);
    await expect(connected.session.whenUp(60_000)).rejects.toMatchObject({ status: 503 });
  });
});

test("a URL that is none is refused without being repeated", () => {
  for (const url of ["amqp://guest:s3cret@:5672", "http://guest:s3cret@127.0.0.1", "s3cret", ""]) {
    expect(() => new AmqpSession({ url, name: "a test", logger: new Lines().logger })).toThrow(
      new Error("The broker's URL is not of the form amqp://user:password@host:port/vhost (or amqps://)."),
    );
  }
});

describeWithRabbitMq("A session with a broker that is killed", () => {
  let broker: TestServer | undefined;
  beforeAll(async () => {
    broker = await TestRabbitMq.own();
  });
  afterAll(() => broker?.dispose());

  test("waits for it, and has its consumers again when it is back", async () => {
    const made = new Rig(broker!.url);
    try {
      const channel = made.session.channel(made.setup);
      await made.arrives("before", channel);
      await broker!.kill();
      await until("the loss", () => !made.session.isUp);
      await expect(made.session.whenUp(200)).rejects.toMatchObject({ status: 503, message: expect.stringContaining("ECONNREFUSED") as string });
      await broker!.start();
      await made.session.whenUp(20_000);
      await made.arrives("after", channel);
      await broker!.stop();
      await until("the second loss", () => !made.session.isUp);
    } finally {
      await made.session.close();
    }
    expect(made.changes).toEqual([true, false, true, false]);
  });
}, { own: true });
