import { randomUUID } from "node:crypto";
import { runLaneContract } from "../../contract";
import { LaneInvoker } from "./testing/invokers";
import { AmqpSession } from "../session";
import { AmqpRunLane } from "./lane";

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const url = "amqp://guest:guest@127.0.0.1:25670";

runLaneContract("the AMQP lane", async (runner) => {
  const prefix = `test-${randomUUID()}`;
  const invoker = new LaneInvoker(url, prefix, (message) => runner.run(message), 32);
  const session = new AmqpSession({ url, name: "owner under test", logger: quiet, backoff: { first: 10, most: 100 } });
  const lane = new AmqpRunLane({ session, prefix, instance: "owner", logger: quiet });
  await Promise.all([session.whenUp(10_000), invoker.session.whenUp(10_000)]);
  return {
    lane,
    async cleanup() {
      await lane.close();
      await session.close();
      await invoker.close();
    },
  };
});
