import { describeWithRabbitMq, randomPrefix, TestRabbitMq } from "../../../test/support/rabbitmq";
import { TcpProxy } from "../../../test/support/tcpProxy";
import { until } from "../../../test/support/until";
import type { Notice } from "../../core/ports/lanes";
import { AmqpNotices } from "./notices";
import { AmqpSession } from "./session";
import { Lines } from "./testing/lines";
import { names, removeTopology } from "./topology";

describeWithRabbitMq("Notices over RabbitMQ", () => {
  const cleanups: (() => Promise<void>)[] = [];
  let url: string;
  let prefix: string;
  beforeEach(async () => {
    url = await TestRabbitMq.shared();
    prefix = randomPrefix();
    const session = await open(url);
    cleanups.push(() => removeTopology(session, prefix));
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function open(at: string): Promise<AmqpSession> {
    const session = new AmqpSession({ url: at, name: "a test", logger: new Lines().logger, backoff: { first: 10, most: 50 } });
    cleanups.push(() => session.close());
    return session;
  }

  /** A process that hears notices. */
  async function listen(at = url) {
    const [heard, lines, session]: [(Notice | undefined)[], Lines, AmqpSession] = [[], new Lines(), await open(at)];
    const notices = new AmqpNotices(session, { prefix, logger: lines.logger });
    notices.subscribe((notice) => heard.push(notice));
    await session.whenUp(20_000);
    return { heard, lines, session, notices };
  }

  async function proxied(): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = await TcpProxy.to({ host: hostname, port: Number(port) || 5672 });
    cleanups.push(() => proxy.close());
    return proxy;
  }

  const changed: Notice = { kind: "entity", key: "guest/hello" };
  const blocked: Notice = { kind: "namespace", name: "guest" };

  test("every process hears each notice, in order, the sender included", async () => {
    const [a, b, c] = [await listen(), await listen(), await listen()];
    a.notices.publish(changed);
    a.notices.publish(blocked);
    for (const { heard } of [a, b, c]) {
      await until("both", () => heard.length === 2);
      expect(heard).toEqual([changed, blocked]);
    }
  });

  test("who was cut off is told that it may have missed something, and hears what comes then", async () => {
    const proxy = await proxied();
    const [far, near] = [await listen(proxy.through(url)), await listen()];
    proxy.reset({ refuse: true });
    await until("the loss", () => !far.session.isUp);
    near.notices.publish(changed);
    await until("it to be heard", () => near.heard.length === 1);
    expect(far.heard).toEqual([]);
    proxy.resume();
    await until("the reconnection", () => far.heard.length === 1);
    await far.session.whenUp(20_000);
    near.notices.publish(blocked);
    await until("the second", () => far.heard.length === 2);
    expect(far.heard).toEqual([undefined, blocked]);
    expect(near.heard).toEqual([changed, blocked]);
  });

  test("what is said while cut off is heard by the others after the reconnection", async () => {
    const proxy = await proxied();
    const [far, near] = [await listen(proxy.through(url)), await listen()];
    proxy.stall();
    far.notices.publish(changed);
    proxy.reset({ refuse: true });
    await until("the loss", () => !far.session.isUp);
    far.notices.publish(blocked);
    proxy.resume();
    await until("both", () => near.heard.length === 2);
    expect(near.heard).toEqual([changed, blocked]);
  });

  test("of too many to be kept it is said that anything may have changed", async () => {
    const proxy = await proxied();
    const [far, near] = [await listen(proxy.through(url)), await listen()];
    proxy.reset({ refuse: true });
    await until("the loss", () => !far.session.isUp);
    for (let n = 0; n < 1_002; n++) far.notices.publish({ kind: "entity", key: `guest/${n}` });
    proxy.resume();
    await until("both", () => near.heard.length === 2);
    expect(near.heard).toEqual([undefined, { kind: "entity", key: "guest/1001" }]);
  });

  test("a notice that cannot be read means that anything may have changed; a listener that fails harms no other", async () => {
    const { session, notices, heard, lines } = await listen();
    notices.subscribe(() => {
      throw new Error("no");
    });
    const after: (Notice | undefined)[] = [];
    notices.subscribe((notice) => after.push(notice));
    const other = session.channel(async () => {});
    await session.whenUp(20_000);
    const unreadable = ["x", "null", "[]", `{"notice":{"kind":"entity"}}`];
    for (const text of unreadable) other.current!.publish(names.notices(prefix), "", Buffer.from(text));
    notices.publish(changed);
    await until("all", () => after.length === 5);
    expect(heard.filter((notice) => notice === undefined)).toHaveLength(4);
    expect(heard).toContainEqual(changed);
    expect(lines.of("a listener to notices has failed")).toHaveLength(5);
  });

  test("a closed one hears nothing more", async () => {
    const [a, b] = [await listen(), await listen()];
    await a.notices.close();
    b.notices.publish(changed);
    await until("it to be heard", () => b.heard.length === 1);
    expect(a.heard).toEqual([]);
  });
});
