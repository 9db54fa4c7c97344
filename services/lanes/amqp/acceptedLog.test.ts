import { describeWithRabbitMq, randomPrefix, TestRabbitMq } from "../../../test/support/rabbitmq";
import type { TestServer } from "../../../test/support/testServer";
import { until } from "../../../test/support/until";
import { WhiskError } from "../../core/errors";
import type { AcceptedMessage } from "../../core/messages";
import { accepted, depthBecomes, gate, Recorder } from "../contract/samples";
import type { AmqpAcceptedLogOptions } from "./acceptedLog";
import { AmqpSession } from "./session";
import { Lines } from "./testing/lines";
import { LogProcess } from "./testing/logs";
import { names, removeTopology, shardOf } from "./topology";

const idsOf = (messages: AcceptedMessage[]) => messages.map(({ activationId }) => activationId).sort();
const several = (count: number, namespace?: string) => Array.from({ length: count }, () => accepted(namespace));

/** Processes that share a log in a broker. */
function scene(broker: () => string) {
  const prefix = randomPrefix();
  const processes: LogProcess[] = [];
  return {
    prefix,
    async process(options: Partial<AmqpAcceptedLogOptions> = {}): Promise<LogProcess> {
      const made = await LogProcess.start(broker(), { ...options, prefix });
      processes.push(made);
      return made;
    },
    async end(): Promise<void> {
      await Promise.all(processes.map((made) => made.close()));
      const session = new AmqpSession({ url: broker(), name: "the end of a test", logger: new Lines().logger });
      await removeTopology(session, prefix);
      await session.close();
    },
  };
}

describeWithRabbitMq("The log in RabbitMQ", () => {
  let url: string;
  let world: ReturnType<typeof scene>;
  beforeAll(async () => {
    url = await TestRabbitMq.shared();
  });
  beforeEach(() => {
    world = scene(() => url);
  });
  afterEach(() => world.end());
  const refusal = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error);

  test("processes that consume share the work, whoever appended it", async () => {
    const [a, b] = [await world.process({ concurrency: 4 }), await world.process({ concurrency: 4 })];
    const end = gate();
    const recorders = [new Recorder(() => end.opened), new Recorder(() => end.opened)] as const;
    await a.log.consume(recorders[0].handler);
    await b.log.consume(recorders[1].handler);
    const messages = several(40);
    for (const message of messages) await a.log.append(message);
    await until("all handlers to work", () => recorders[0].running === 4 && recorders[1].running === 4);
    end.open();
    await depthBecomes(a.log, 0);
    await depthBecomes(b.log, 0);
    expect(idsOf([...recorders[0].deliveries, ...recorders[1].deliveries].map(({ message }) => message))).toEqual(idsOf(messages));
  });

  test("what a dead process had in hand goes to another at once, and nothing that it had done", async () => {
    const [a, b] = [await world.process(), await world.process()];
    const messages = several(20);
    const never = gate();
    const first = new Recorder(({ activationId }) => (messages.slice(10).some((message) => message.activationId === activationId) ? never.opened : undefined));
    for (const message of messages) await a.log.append(message);
    await a.log.consume(first.handler);
    await until("the first half", async () => first.running === 10 && (await a.log.depth()) === 10);
    const second = new Recorder();
    await b.log.consume(second.handler);
    await a.die();
    await until("the second half", () => second.deliveries.length === 10);
    never.open();
    expect(idsOf(second.deliveries.map(({ message }) => message))).toEqual(idsOf(messages.slice(10)));
    expect(second.deliveries.every(({ redelivered }) => redelivered)).toBe(true);
  });

  test("a handler that works while the connection is lost is not called a second time, and its entry is done when it ends", async () => {
    const one = await world.process();
    const end = gate();
    const recorder = new Recorder(() => end.opened);
    await one.log.consume(recorder.handler);
    const messages = several(10);
    for (const message of messages) await one.log.append(message);
    await recorder.until(() => recorder.running === 10);
    for (let loss = 0; loss < 3; loss++) {
      await one.lose();
      await until("all to be back in hand", async () => Object.values(await one.log.depths()).every((waiting) => waiting === 0) && (await one.log.depth()) === 10);
    }
    expect(recorder.deliveries).toHaveLength(10);
    end.open();
    await depthBecomes(one.log, 0);
    await one.lose();
    expect(await one.log.depth()).toBe(0);
    expect(recorder.deliveries).toHaveLength(10);
  });

  test("what was finished while the connection was lost is done when it comes back", async () => {
    const one = await world.process();
    const end = gate();
    const recorder = new Recorder(() => end.opened);
    await one.log.consume(recorder.handler);
    for (const message of several(10)) await one.log.append(message);
    await recorder.until(() => recorder.running === 10);
    one.proxy.reset({ refuse: true });
    await until("the loss", () => !one.session.isUp);
    end.open();
    await recorder.until(() => recorder.running === 0);
    one.proxy.resume();
    await one.session.whenUp(20_000);
    await depthBecomes(one.log, 0);
    expect(recorder.deliveries).toHaveLength(10);
  });

  test("what waits for a handler or for its next turn while the connection is lost is handled once it is back, none twice at the same time", async () => {
    const one = await world.process({ concurrency: 2, prefetch: 10, pause: 30 });
    const messages = several(30);
    const tries = new Map<string, number>();
    const busy = new Set<string>();
    const recorder = new Recorder(async ({ activationId }) => {
      expect(busy.has(activationId)).toBe(false);
      busy.add(activationId);
      await new Promise((resolve) => setImmediate(resolve));
      busy.delete(activationId);
      tries.set(activationId, (tries.get(activationId) ?? 0) + 1);
      if (tries.get(activationId)! < 3) throw new Error("not yet");
    });
    for (const message of messages) await one.log.append(message);
    await one.log.consume(recorder.handler);
    for (const some of [5, 20, 40]) {
      await recorder.until(() => recorder.deliveries.length >= some);
      await one.lose();
    }
    await depthBecomes(one.log, 0);
    expect([...tries.keys()].sort()).toEqual(idsOf(messages));
    expect([...tries.values()].every((count) => count >= 3)).toBe(true);
  });

  test("an append that is cut off before its confirmation is refused as not known, in time", async () => {
    const one = await world.process({ confirmLimit: 300 });
    one.proxy.stall();
    const message = accepted();
    const begun = Date.now();
    expect(await refusal(one.log.append(message))).toMatchObject({
      name: "WhiskError",
      status: 503,
      message: `Activation '${message.activationId}' is not known to be accepted: the message broker at ${one.session.broker} has not confirmed it within 300 ms.`,
    });
    expect(Date.now() - begun).toBeLessThan(3_000);
    one.proxy.resume();
  });

  test("an append whose connection is lost is refused as not known, one without a connection as not accepted", async () => {
    const one = await world.process();
    one.proxy.stall();
    const message = accepted();
    const cut = refusal(one.log.append(message));
    one.proxy.reset({ refuse: true });
    expect(await cut).toMatchObject({
      status: 503,
      message: `Activation '${message.activationId}' is not known to be accepted: the connection to the message broker at ${one.session.broker} was lost before it was confirmed.`,
    });
    expect(await refusal(one.log.append(accepted()))).toMatchObject({ status: 503, message: expect.stringContaining(`The message broker at ${one.session.broker} cannot be used`) as string });
    one.proxy.resume();
    await one.session.whenUp(20_000);
    await one.log.append(accepted());
    expect(await one.log.depth()).toBe(1);
  });

  test("an append waits for a connection that is about to come back", async () => {
    const one = await world.process();
    one.proxy.reset({ refuse: true });
    await until("the loss", () => !one.session.isUp);
    const appending = one.log.append(accepted());
    one.proxy.resume();
    await appending;
    expect(await one.log.depth()).toBe(1);
  });

  test("an append without a queue is refused, also if somebody has just removed it; the queue comes back", async () => {
    const one = await world.process();
    const other = one.session.channel(async () => {});
    await one.session.whenUp(20_000);
    const queue = names.accepted(world.prefix, shardOf("guest"));
    await other.current!.deleteQueue(queue);
    expect(await refusal(one.log.append(accepted("guest")))).toMatchObject({ status: 503, message: expect.stringContaining(`has no queue '${queue}'`) as string });
    await one.log.consume(async () => {});
    await one.session.whenUp(20_000);
    await one.log.append(accepted("guest"));
    await depthBecomes(one.log, 0);
  });

  test("of a burst none is answered as accepted that is not there, and the bound is told", async () => {
    const one = await world.process({ maxLength: 80 });
    const results = await Promise.all(several(500).map((message) => refusal(one.log.append(message))));
    const refused = results.filter((result) => result !== undefined);
    expect(await one.log.depth()).toBe(500 - refused.length);
    // The broker tells publishers of the bound when it has passed it: what is under way then is taken.
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) {
      expect(error).toBeInstanceOf(WhiskError);
      expect(error).toMatchObject({ status: 503, message: "Too much accepted work is waiting (limit: 10 invocations or 536870912 bytes of the namespaces that share a queue); try again later." });
    }
  });

  test("a message that cannot be read is put aside, in full, and harms nobody", async () => {
    const one = await world.process();
    const other = one.session.confirmChannel(async () => {});
    await one.session.whenUp(20_000);
    const queue = names.accepted(world.prefix, shardOf("guest"));
    const unreadable = ["no JSON", `{"kind":"invocation"}`, `{"kind":"what"}`, "null"];
    for (const text of unreadable) other.current!.sendToQueue(queue, Buffer.from(text), { persistent: true });
    await other.current!.waitForConfirms();
    const recorder = new Recorder();
    await one.log.consume(recorder.handler);
    const message = accepted("guest");
    await one.log.append(message);
    await depthBecomes(one.log, 0);
    expect(recorder.deliveries).toEqual([{ message, redelivered: false }]);
    const rejected = await until("all to be put aside", async () => {
      const { messageCount } = await other.current!.checkQueue(names.rejected(world.prefix));
      return messageCount === 4 && Promise.all(unreadable.map(() => other.current!.get(names.rejected(world.prefix), { noAck: true })));
    });
    const texts = rejected.map((message) => message && [message.content.toString(), message.properties.headers?.["x-rejected"] as unknown]);
    expect(texts.toSorted()).toEqual([
      ["no JSON", "it is not JSON"],
      ["null", "its kind is unknown"],
      [`{"kind":"invocation"}`, "it has no activation or no namespace"],
      [`{"kind":"what"}`, "its kind is unknown"],
    ]);
    expect(one.lines.of("a message of the accepted log cannot be read and was put aside")).toHaveLength(4);
  });

  test("queues that are there with other limits are used as they are, and it is told", async () => {
    const [a, b] = [await world.process(), await world.process({ maxLength: 16 })];
    await b.log.append(accepted());
    const recorder = new Recorder();
    await b.log.consume(recorder.handler);
    await depthBecomes(b.log, 0);
    expect(await a.log.depth()).toBe(0);
    expect(recorder.deliveries).toHaveLength(1);
    expect(b.lines.of("a queue is used as it is; remove it while it is empty to have the configured one").map(({ queue }) => queue)).toEqual(
      Array.from({ length: 8 }, (_, shard) => names.accepted(world.prefix, shard)),
    );
  });

  test("one that closes gives back what waits at once, not when its handlers have ended", async () => {
    const [a, b] = [await world.process({ concurrency: 2, prefetch: 10 }), await world.process()];
    const end = gate();
    const first = new Recorder(() => end.opened);
    const messages = several(10);
    for (const message of messages) await a.log.append(message);
    await a.log.consume(first.handler);
    await until("all to be in hand", async () => first.running === 2 && Object.values(await a.log.depths()).every((waiting) => waiting === 0));
    const second = new Recorder();
    await b.log.consume(second.handler);
    const closing = a.log.close();
    await second.until(() => second.deliveries.length === 8);
    end.open();
    await closing;
    await depthBecomes(b.log, 0);
    expect(idsOf([...first.deliveries, ...second.deliveries].map(({ message }) => message))).toEqual(idsOf(messages));
  });

  test("close ends also while the broker cannot be reached", async () => {
    const one = await world.process();
    const recorder = new Recorder();
    await one.log.consume(recorder.handler);
    await one.log.append(accepted());
    await depthBecomes(one.log, 0);
    one.proxy.stall();
    const begun = Date.now();
    await one.log.close();
    expect(Date.now() - begun).toBeLessThan(6_000);
    one.proxy.resume();
  });
});

describeWithRabbitMq("The log in a RabbitMQ that is killed", () => {
  let broker: TestServer | undefined;
  beforeAll(async () => {
    broker = await TestRabbitMq.own();
  });
  const world = scene(() => broker!.url);
  afterAll(async () => {
    await world.end();
    await broker?.dispose();
  });

  test("everything that was answered as accepted is handled, though the broker is killed in the midst of it", async () => {
    const [a, b] = [await world.process(), await world.process()];
    // The broker knows a new queue for good some seconds after it has been declared, or at once after an orderly stop.
    await broker!.stop();
    await broker!.start();
    const done = new Set<string>();
    const handler = async ({ activationId }: AcceptedMessage) => void done.add(activationId);
    await a.log.consume(handler);
    await b.log.consume(handler);
    const promised: AcceptedMessage[] = [];
    const refused: unknown[] = [];
    let ended = false;
    const append = async ({ log }: LogProcess, namespace: string) => {
      while (!ended) {
        const message = accepted(namespace);
        await log.append(message).then(
          () => promised.push(message),
          (error: unknown) => refused.push(error),
        );
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const clients = Array.from({ length: 16 }, (_, n) => append(n % 2 ? a : b, `namespace-${n}`));
    await until("some to be accepted", () => promised.length > 200);
    await broker!.kill();
    const before = promised.length;
    await broker!.start();
    await until("more to be accepted", () => promised.length > before + 200, 60_000);
    ended = true;
    await Promise.all(clients);
    await until("all to be handled", () => promised.every(({ activationId }) => done.has(activationId)));
    await depthBecomes(a.log, 0);
    expect(refused.filter((error) => !(error instanceof WhiskError && error.status === 503))).toEqual([]);
  });
}, { own: true });
