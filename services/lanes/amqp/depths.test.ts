import { describeWithRabbitMq, randomPrefix, TestRabbitMq } from "../../../test/support/rabbitmq";
import { TcpProxy } from "../../../test/support/tcpProxy";
import { until } from "../../../test/support/until";
import { QueueDepths } from "./depths";
import { declareRunLane, RunLaneNames } from "./runLane/routes";
import { AmqpSession } from "./session";
import { Lines } from "./testing/lines";
import { names, removeTopology } from "./topology";

describeWithRabbitMq("how much waits in the broker's queues", () => {
  const prefix = randomPrefix();
  let proxy: TcpProxy;
  let session: AmqpSession;
  let depths: QueueDepths;

  beforeAll(async () => {
    const url = await TestRabbitMq.shared();
    proxy = await TcpProxy.to({ host: new URL(url).hostname, port: Number(new URL(url).port) || 5672 });
    session = new AmqpSession({ url: proxy.through(url), name: "a test of depths", logger: new Lines().logger, backoff: { first: 10, most: 100 } });
    depths = new QueueDepths(session, { prefix, shards: 2, limit: 300 });
    await session.whenUp(20_000);
  });
  afterAll(async () => {
    await removeTopology(session, prefix, { shards: 2 });
    await session.close();
    await proxy.close();
  });

  test("is refused while they are not there, and told by shard when they are", async () => {
    await expect(depths.ready("accepted")).rejects.toMatchObject({ status: 503, message: expect.stringMatching(/^The message broker at .* has not told the length of its queues: .*NOT_FOUND/) });
    const lane = new RunLaneNames(prefix);
    const channel = session.confirmChannel(async (channel) => {
      await declareRunLane(channel, lane);
      for (const shard of [0, 1]) await channel.assertQueue(names.accepted(prefix, shard), { durable: true, arguments: { "x-queue-type": "quorum" } });
    });
    await session.whenUp(20_000);
    for (const queue of [lane.pendingQueues[3]!, lane.pendingQueues[3]!, names.accepted(prefix, 1)]) channel.current!.sendToQueue(queue, Buffer.from("x"));
    await channel.current!.waitForConfirms();
    expect(await depths.ready("pending")).toEqual({ 0: 0, 1: 0, 2: 0, 3: 2, 4: 0, 5: 0, 6: 0, 7: 0 });
    // A quorum queue counts a message a moment after it has confirmed it.
    await until("the accepted one is counted", async () => (await depths.ready("accepted"))[1] === 1);
    expect(await depths.ready("accepted")).toEqual({ 0: 0, 1: 1 });
  });

  test("is refused in time by a broker that is silent or away, and told again afterwards", async () => {
    proxy.stall();
    await expect(depths.ready("pending")).rejects.toMatchObject({ status: 503, message: expect.stringContaining("it has not answered within 300 ms") });
    proxy.reset({ refuse: true });
    await until("the loss is noticed", () => !session.isUp);
    await expect(depths.ready("pending")).rejects.toMatchObject({ status: 503, message: expect.stringContaining("there is no connection") });
    proxy.resume();
    await session.whenUp(20_000);
    expect((await depths.ready("pending"))[3]).toBe(2);
  });
});
