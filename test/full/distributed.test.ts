import { TestDistributed } from "../support/distributed";
import { TestMongo } from "../support/mongodb";
import { TestRabbitMq } from "../support/rabbitmq";
import { describeWithServers } from "../support/servers";
import { until } from "../support/until";

const NAP = "exports.main = () => new Promise((done) => setTimeout(() => done({}), 400));";
/** Of an invoker. */
const CONTAINERS = 4;
const WINDOW = 6_000;

describeWithServers("a platform of several processes", () => {
  test("does about three times as much of a sleeping action when two invokers join the first, and nothing is configured", async () => {
    const platform = await TestDistributed.start({ rabbitmq: await TestRabbitMq.shared(), mongodb: await TestMongo.shared(), invokers: 1, config: { memory: CONTAINERS * 256 } });
    try {
      const client = platform.client();
      await client.putAction("nap", NAP);
      let done = 0;
      let calling = true;
      const callers = Array.from({ length: 6 * CONTAINERS }, async () => {
        while (calling) if ((await client.invoke("nap")).status === 200) done++;
      });
      const inWindow = async () => {
        const [begun, before] = [Date.now(), done];
        await until("the end of the window", () => Date.now() - begun >= WINDOW);
        return (done - before) / (Date.now() - begun);
      };
      await until("all containers are there", () => platform.containers().length >= CONTAINERS && done > 2 * CONTAINERS);
      const one = await inWindow();
      await Promise.all([platform.add("invoker"), platform.add("invoker")]);
      const before = done;
      await until("the others have work", () => done > before + 4 * CONTAINERS);
      const three = await inWindow();
      calling = false;
      await Promise.all(callers);
      console.log(`1 invoker: ${(one * 1000).toFixed(1)}/s, 3 invokers: ${(three * 1000).toFixed(1)}/s, ${(three / one).toFixed(2)} times as much`);
      expect(three / one).toBeGreaterThanOrEqual(2.2);
    } finally {
      await platform.dispose();
    }
  });
});
