import { connect } from "amqplib";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { DebianBroker, SERVER } from "./rabbitmq/debian";
import { answers } from "./rabbitmq/ready";
import { TestServers } from "./testServer";

/** Real RabbitMQs for tests: one that is given by URL, Debian's package, or an image. */
export const TestRabbitMq = new TestServers({
  name: "rabbitmq",
  variable: "STACKWHISK_TEST_RABBITMQ_URL",
  missing: () => `There is no RabbitMQ: neither ${SERVER} (Debian's package rabbitmq-server)`,
  isInstalled: () => existsSync(SERVER),
  make: (folder) => DebianBroker.make(folder),
  image: {
    image: "rabbitmq:4",
    port: 5672,
    args: ["--hostname", "rabbitmq", "-e", "RABBITMQ_DEFAULT_USER=test", "-e", "RABBITMQ_DEFAULT_PASS=test"],
    url: (port) => `amqp://test:test@127.0.0.1:${port}`,
    answers,
  },
});

/** A prefix for the names in a broker that nobody else has. */
export const randomPrefix = () => `test-${randomBytes(6).toString("hex")}`;

/** Which of these queues or exchanges are there. */
export async function presentOn(url: string, kind: "queue" | "exchange", names: readonly string[]): Promise<string[]> {
  const connection = await connect(url);
  connection.on("error", () => {});
  const found: string[] = [];
  for (const name of names) {
    // The broker closes the channel on which something is asked for in vain.
    const channel = await connection.createChannel();
    channel.on("error", () => {});
    await (kind === "queue" ? channel.checkQueue(name) : channel.checkExchange(name)).then(() => found.push(name), () => {});
  }
  await connection.close();
  return found;
}

/** `describe` for what needs a RabbitMQ: see {@link TestServers.describe}. */
export const describeWithRabbitMq: TestServers["describe"] = (...args) => TestRabbitMq.describe(...args);
