import { describeWithRabbitMq, TestRabbitMq } from "../../../test/support/rabbitmq";
import { acceptedLogContract } from "../contract";
import { LogInBroker } from "./testing/logs";

describeWithRabbitMq("Quorum queues", () => {
  acceptedLogContract("The log in RabbitMQ", async (settings) => {
    const broker = new LogInBroker(await TestRabbitMq.shared(), settings);
    return { log: await broker.open(), restart: () => broker.restart(), cleanup: () => broker.cleanup() };
  });
});
