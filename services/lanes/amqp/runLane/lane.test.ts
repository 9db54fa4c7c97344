import { describeWithRabbitMq, TestRabbitMq } from "../../../../test/support/rabbitmq";
import { until } from "../../../../test/support/until";
import { RunLostError, WhiskError } from "../../../core/errors";
import type { Completion, RunMessage } from "../../../core/messages";
import { runLaneContract } from "../../contract";
import { completionOf } from "../../contract/runLane";
import { gate } from "../../contract/samples";
import { LaneScene, runOf } from "./testing/scene";

describeWithRabbitMq("RabbitMQ", () => {
  let scene: LaneScene;
  beforeEach(async () => {
    scene = new LaneScene(await TestRabbitMq.shared());
  });
  afterEach(() => scene.close());

  runLaneContract("the AMQP lane", async (runner) => {
    const own = new LaneScene(await TestRabbitMq.shared());
    await own.invoker((message) => runner.run(message), 32);
    const { lane } = await own.owner();
    return { lane, cleanup: () => own.close() };
  });

  /** What an invoker does with its runs: notes them, and waits for the gate if there is one. */
  const working = (ran: RunMessage[], until?: { opened: Promise<void> }) => async (message: RunMessage): Promise<Completion> => {
    ran.push(message);
    await until?.opened;
    return completionOf(message);
  };

  test("runs that came before the first invoker are done by it", async () => {
    const { lane } = await scene.owner();
    const messages = Array.from({ length: 20 }, () => runOf("early"));
    const runs = Promise.all(messages.map((message) => lane.run(message)));
    await scene.invoker(working([]), 4);
    expect(await runs).toEqual(messages.map(completionOf));
  });

  test("a warm container is used again, wherever it is; only when all are busy another invoker starts one", async () => {
    const [first, second]: RunMessage[][] = [[], []];
    const busy = gate();
    const { lane } = await scene.owner();
    const a = await scene.invoker(working(first!));
    await lane.run(runOf("x"));
    const b = await scene.invoker(working(second!));
    for (let n = 0; n < 10; n++) await lane.run(runOf("x"));
    expect([first!.length, second!.length]).toEqual([11, 0]);
    expect([a.containers.used, b.containers.used]).toEqual([1, 0]);
    busy.open();
  });

  test("an invoker without room lets others take what waits, and they serve the action from then on", async () => {
    const [here, there]: RunMessage[][] = [[], []];
    const end = gate();
    const { lane } = await scene.owner();
    const full = await scene.invoker(working(here!, end), 2);
    const runs = [lane.run(runOf("x")), lane.run(runOf("x"))];
    await until("it is full", () => full.containers.used === 2);
    const more = Array.from({ length: 12 }, () => lane.run(runOf("x")));
    await until("they are in hand", () => full.receiver.inHand > 2);
    const other = await scene.invoker(working(there!, end), 8);
    await until("the other one has all its containers at work", () => there!.length === 8);
    expect(other.containers.used).toBe(8);
    end.open();
    expect(await Promise.all([...runs, ...more])).toHaveLength(14);
    expect(here!.length + there!.length).toBe(14);
  });

  test("of an invoker that dies, blocking runs are told to be lost and accepted ones go to another", async () => {
    const [dead, living]: RunMessage[][] = [[], []];
    const { lane } = await scene.owner();
    const first = await scene.invoker(working(dead!, gate()), 2);
    const blocking = lane.run(runOf("x"));
    const accepted = lane.run(runOf("y", { accepted: true }));
    await until("both run", () => dead!.length === 2);
    await scene.invoker(working(living!), 2);
    await first.die();
    await expect(blocking).rejects.toBeInstanceOf(RunLostError);
    expect((await accepted).kind).toBe("done");
    expect(living!.map(({ action }) => action.name)).toEqual(["y"]);
  });

  test("what waited in the queue of an action whose only invoker died is run by another", async () => {
    const living: RunMessage[] = [];
    const { lane } = await scene.owner();
    const first = await scene.invoker(working([], gate()), 1);
    const underWay = lane.run(runOf("x")).catch((error: unknown) => error);
    await until("it runs", () => first.containers.used === 1);
    const waiting = Array.from({ length: 30 }, () => runOf("x"));
    const outcomes = waiting.map((message) => lane.run(message).catch((error: unknown) => error));
    await until("some are in hand", () => first.receiver.inHand >= 8);
    await scene.invoker(working(living), 4);
    await first.die();
    expect(await underWay).toBeInstanceOf(RunLostError);
    const ended = await Promise.all(outcomes);
    // What was in its hand may have begun; the rest had not left the broker.
    const lost = ended.filter((outcome) => outcome instanceof RunLostError).length;
    expect(living.length + lost).toBe(30);
    // For its one container 1, 8 beyond that, and from the pending queue 4 while it had room and 1 afterwards.
    expect(lost).toBeLessThanOrEqual(14);
    // All that it took, without the one above.
    expect(lost).toBeLessThan(first.containers.taken);
    expect(new Set(living.map(({ activationId }) => activationId)).size).toBe(living.length);
  });

  test("an invoker that drains ends what runs, gives back what waits, and loses nothing", async () => {
    const [first, second]: RunMessage[][] = [[], []];
    const end = gate();
    const { lane } = await scene.owner();
    const leaving = await scene.invoker(working(first!, end), 1);
    const runs = Array.from({ length: 12 }, () => lane.run(runOf("x")));
    await until("one runs and others wait there", () => first!.length === 1 && leaving.receiver.inHand > 4);
    await scene.invoker(working(second!), 2);
    const drained = leaving.receiver.drain();
    await until("the others are done elsewhere", () => second!.length === 11);
    end.open();
    await drained;
    expect(await Promise.all(runs)).toHaveLength(12);
    expect(first).toHaveLength(1);
  });

  test("the queue of an action goes with its last container, and its next run starts one anew", async () => {
    const { lane } = await scene.owner();
    const invoker = await scene.invoker(working([]));
    for (let round = 0; round < 5; round++) {
      await lane.run(runOf("x"));
      invoker.containers.expire();
      expect(invoker.containers.used).toBe(0);
      expect((await lane.run(runOf("x"))).kind).toBe("done");
    }
  });

  test("runs of one namespace do not wait behind the backlog of another", async () => {
    const { lane } = await scene.owner();
    const begin = gate();
    const ran: string[] = [];
    const work = async (message: RunMessage) => (await begin.opened, ran.push(message.invoker.namespace), completionOf(message));
    const invoker = await scene.invoker(work, 4);
    const flood = { namespace: "flood", uuid: "uuid-of-flood", subject: "flood" };
    const backlog = Array.from({ length: 200 }, (_, n) => lane.run(runOf(`x${n}`, { invoker: flood })));
    await until("the flood has what it can", () => invoker.containers.used === 4);
    const quiet = lane.run(runOf("y"));
    await until("the quiet one has been sent", () => lane.underWay === 201);
    begin.open();
    await Promise.all([quiet, ...backlog]);
    expect(ran.indexOf("guest")).toBeLessThan(60);
  });

  test("a run is refused in time, and not sent later, while the broker cannot be reached", async () => {
    const owner = await scene.owner();
    const ran: RunMessage[] = [];
    await scene.invoker(working(ran));
    await owner.lane.run(runOf("x"));
    owner.proxy.reset({ refuse: true });
    await until("the connection is lost", () => !owner.session.isUp);
    const error = await owner.lane.run(runOf("x")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WhiskError);
    expect((error as WhiskError).status).toBe(503);
    owner.proxy.resume();
    await owner.session.whenUp(20_000);
    expect((await owner.lane.run(runOf("x"))).kind).toBe("done");
    expect(ran).toHaveLength(2);
  });

  test("an owner that loses its connection gets the completion of a blocking run when it is back, and is told at once to look after accepted ones", async () => {
    const owner = await scene.owner();
    const end = gate();
    const invoker = await scene.invoker(working([], end));
    const blocking = owner.lane.run(runOf("x"));
    const accepted = owner.lane.run(runOf("y", { accepted: true })).catch((error: unknown) => error);
    await until("both run", () => invoker.containers.used === 2);
    owner.proxy.reset();
    expect(await accepted).toBeInstanceOf(RunLostError);
    end.open();
    expect((await blocking).kind).toBe("done");
  });

  test("a completion that an invoker cannot send at once is sent when its connection is back", async () => {
    const owner = await scene.owner();
    const end = gate();
    const invoker = await scene.invoker(working([], end), 1);
    const run = owner.lane.run(runOf("x", { accepted: true }));
    await until("it runs", () => invoker.containers.used === 1);
    invoker.proxy.reset({ refuse: true });
    await until("the connection is lost", () => !invoker.session.isUp);
    end.open();
    invoker.proxy.resume();
    expect((await run).kind).toBe("done");
  });
});
