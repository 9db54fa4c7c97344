import { connect } from "amqplib";
import { until } from "../until";

/** Resolves when the broker takes connections. @param running tells whether waiting makes sense */
export async function answers(url: string, running: () => boolean): Promise<void> {
  await until(`a RabbitMQ at ${new URL(url).host}`, async () => {
    if (!running()) throw new Error(`The RabbitMQ for ${new URL(url).host} has ended while it started.`);
    try {
      const connection = await connect(url, { timeout: 2_000 });
      connection.on("error", () => {});
      await connection.close();
      return true;
    } catch {
      return false;
    }
  }, 60_000);
}
