import { describeWithMongo } from "./mongodb";
import { describeWithRabbitMq } from "./rabbitmq";

/** `describe` for what needs a RabbitMQ and a server of MongoDB's protocol; see each of the two. */
export function describeWithServers(name: string, tests: () => void, options: { own?: boolean } = {}): void {
  describeWithRabbitMq(name, () => describeWithMongo("with a database", tests, options), options);
}
