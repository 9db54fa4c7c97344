import { MongoClient } from "mongodb";
import { randomUUID } from "node:crypto";
import pino from "pino";
import { freePort } from "../../test/support/freePort";
import { describeWithMongo, TestMongo } from "../../test/support/mongodb";
import { describeWithRabbitMq, presentOn, randomPrefix, TestRabbitMq } from "../../test/support/rabbitmq";
import { type DistributedConfig, distributedConfig } from "../distributed/config";
import { AmqpSession } from "../lanes/amqp/session";
import { names } from "../lanes/amqp/topology";
import { declareRunLane, RunLaneNames } from "../lanes/amqp/runLane/routes";
import { seedNamespaces } from "../process/seed";
import { openMongoStore } from "../store/mongodb";
import { clearServers, requireServers } from "./servers";

const logger = pino({ level: "silent" });

describeWithMongo("A database and", () =>
  describeWithRabbitMq("a broker for a platform", () => {
    let urls: { rabbitmq: string; mongodb: string };
    let mongo: MongoClient;
    const made: DistributedConfig[] = [];

    beforeAll(async () => {
      urls = { rabbitmq: await TestRabbitMq.shared(), mongodb: await TestMongo.shared() };
      mongo = new MongoClient(urls.mongodb);
    });
    afterEach(async () => {
      for (const config of made.splice(0)) await clearServers(config, logger).catch(() => {});
    });
    afterAll(() => mongo.close());

    function platform(changes: { name?: string; rabbitmq?: string; mongodb?: string; database?: string } = {}): DistributedConfig {
      const config = distributedConfig.parse({
        dataDir: "/nowhere",
        name: changes.name ?? randomPrefix(),
        namespaces: [{ name: "guest", uuid: randomUUID(), key: "k".repeat(64) }],
        secret: "s".repeat(32),
        rabbitmq: { url: changes.rabbitmq ?? urls.rabbitmq },
        mongodb: { url: changes.mongodb ?? urls.mongodb, database: changes.database },
      });
      made.push(config);
      return config;
    }

    /** What the processes of a platform make on both. */
    async function use(config: DistributedConfig, instance = randomUUID()): Promise<void> {
      const store = await openMongoStore({ url: config.mongodb.url, database: config.name });
      await seedNamespaces(store.namespaces, config.namespaces);
      await store.leases.beat({ id: instance, role: "controller", beat: 1 });
      await store.close();
      const lane = new RunLaneNames(config.name);
      const session = new AmqpSession({ url: config.rabbitmq.url, name: "test", logger });
      session.channel(async (channel) => {
        await declareRunLane(channel, lane);
        for (const queue of [names.accepted(config.name, 0), lane.completions(instance), lane.marker(instance)]) await channel.assertQueue(queue, { durable: true });
        await channel.assertExchange(names.notices(config.name), "fanout");
      });
      await session.whenUp(10_000);
      await session.close();
    }

    const present = (kind: "queue" | "exchange", candidates: string[]) => presentOn(urls.rabbitmq, kind, candidates);

    const databases = async () => (await mongo.db().admin().listDatabases({ nameOnly: true })).databases.map(({ name }) => name);

    test("both can be used again and again by the platform that had them first", async () => {
      const config = platform();
      await requireServers(config, logger);
      await use(config);
      await requireServers(config, logger);
    });

    test("a name that another platform has on the broker is refused", async () => {
      const first = platform();
      await requireServers(first, logger);
      const second = platform({ name: first.name, database: randomPrefix() });
      await expect(requireServers(second, logger)).rejects.toThrow(`rabbitmq.url: The name '${first.name}' on the message broker at ${new URL(urls.rabbitmq).host} is another platform's, or something else's: choose another 'name'`);
      await expect(clearServers(second, logger)).rejects.toThrow("is another platform's");
      await requireServers(first, logger);
    });

    test("a database that another platform has is refused, and is not removed by whoever was refused", async () => {
      const first = platform();
      await requireServers(first, logger);
      await use(first);
      const second = platform({ database: first.name });
      const refusal = `mongodb.url: The database '${first.name}' at mongodb://${new URL(urls.mongodb).host} is another platform's, or something else's: choose another 'name'`;
      await expect(requireServers(second, logger)).rejects.toThrow(refusal);
      await expect(clearServers(second, logger)).rejects.toThrow(refusal);
      expect(await databases()).toContain(first.name);
    });

    test("a database of anything else is refused, and stays", async () => {
      const database = randomPrefix();
      await mongo.db(database).collection<{ _id: string }>("orders").insertOne({ _id: "1" });
      try {
        const config = platform({ database });
        await expect(requireServers(config, logger)).rejects.toThrow("something else's");
        await expect(clearServers(config, logger)).rejects.toThrow("something else's");
        expect(await mongo.db(database).collection<{ _id: string }>("orders").findOne()).toEqual({ _id: "1" });
      } finally {
        await mongo.db(database).dropDatabase();
      }
    });

    test("what a platform had on both is removed, that of its killed processes too; doing it again is no error", async () => {
      const config = platform();
      const instance = randomUUID();
      await requireServers(config, logger);
      await use(config, instance);
      const lane = new RunLaneNames(config.name);
      const queues = [names.accepted(config.name, 0), names.owner(config.name), lane.completions(instance), lane.marker(instance), ...lane.pendingQueues];
      const exchanges = [names.notices(config.name), lane.runs, lane.pending, lane.census];
      expect(await present("queue", queues)).toEqual(queues);
      expect(await present("exchange", exchanges)).toEqual(exchanges);
      await clearServers(config, logger);
      expect(await present("queue", queues)).toEqual([]);
      expect(await present("exchange", exchanges)).toEqual([]);
      expect(await databases()).not.toContain(config.name);
      await clearServers(config, logger);
    });

    test("servers that do not answer are both named, and no password", async () => {
      const [broker, database] = [await freePort(), await freePort()];
      const config = platform({ rabbitmq: `amqp://someone:s3cret@127.0.0.1:${broker}`, mongodb: `mongodb://someone:s3cret@127.0.0.1:${database}` });
      const { message } = await requireServers(config, logger).then(() => new Error("no error"), (error: Error) => error);
      expect(message).toContain(`rabbitmq.url: The message broker at 127.0.0.1:${broker} cannot be used`);
      expect(message).toContain(`mongodb.url: The database at mongodb://127.0.0.1:${database} does not answer`);
      expect(message).not.toContain("s3cret");
      expect(message).not.toContain("someone");
    });

    test("a broker that refuses the password says so, and does not repeat it", async () => {
      const url = new URL(urls.rabbitmq);
      const config = platform({ rabbitmq: `amqp://guest:s3cret@${url.host}` });
      const { message } = await requireServers(config, logger).then(() => new Error("no error"), (error: Error) => error);
      expect(message).toMatch(/^rabbitmq\.url: .*ACCESS_REFUSED/);
      expect(message).not.toContain("s3cret");
    });
  }),
);
