import { describeWithRabbitMq, TestRabbitMq } from "../../../../test/support/rabbitmq";
import { until } from "../../../../test/support/until";
import { RunLostError } from "../../../core/errors";
import { completionOf } from "../../contract/runLane";
import { gate } from "../../contract/samples";
import { LaneScene, runOf } from "./testing/scene";

describeWithRabbitMq(
  "a RabbitMQ that is killed and started again",
  () => {
    test("takes the blocking runs that wait in it, which their owner is told; those that an invoker has end as if nothing had been", async () => {
      const broker = await TestRabbitMq.own();
      const scene = new LaneScene(broker.url);
      try {
        const end = gate();
        const { lane } = await scene.owner();
        const invoker = await scene.invoker(async (message) => (await end.opened, completionOf(message)), 1);
        const inHand = lane.run(runOf("x"));
        await until("it runs", () => invoker.containers.used === 1);
        const waiting: Promise<unknown>[] = [];
        const more = (count: number) => {
          for (let n = 0; n < count; n++) waiting.push(lane.run(runOf("x")).catch((error: unknown) => error));
        };
        // More than an invoker of one container takes in hand. What comes before it serves the queue of the action waits in a pending one.
        await until("they wait", () => {
          more(1);
          return invoker.receiver.inHand >= 9;
        });
        more(20);
        await broker.kill();
        await until("both have lost it", () => !invoker.session.isUp);
        await broker.start();
        await invoker.session.whenUp(60_000);
        const lost = await Promise.all(waiting);
        expect(lost.every((outcome) => outcome instanceof RunLostError)).toBe(true);
        end.open();
        expect((await inHand).kind).toBe("done");
        expect((await lane.run(runOf("x"))).kind).toBe("done");
      } finally {
        await scene.close();
        await broker.dispose();
      }
    });
  },
  { own: true },
);
