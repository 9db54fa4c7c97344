import type { ConfirmChannel } from "amqplib";
import type { AmqpSession } from "./session";
import { names } from "./topology";

/**
 * Whose the names with a prefix are in a broker: a durable queue holds the owner's id in its only message. Whoever asks first
 * becomes the owner.
 *
 * @param owner id that nobody else has
 * @param limit milliseconds
 * @returns whether it is the owner now
 * @throws WhiskError 503 when the broker does not answer in time
 */
export async function claimNames(session: AmqpSession, prefix: string, owner: string, limit: number): Promise<boolean> {
  let holder = "";
  const channel = session.confirmChannel(async (channel) => void (holder = await ask(channel, names.owner(prefix), owner)));
  try {
    await session.whenUp(limit);
    return holder === owner;
  } finally {
    await channel.close();
  }
}

async function ask(channel: ConfirmChannel, queue: string, owner: string): Promise<string> {
  await channel.assertQueue(queue, { durable: true, arguments: { "x-max-length": 1, "x-overflow": "reject-publish" } });
  const found = await channel.get(queue);
  if (found) {
    channel.nack(found);
    return found.content.toString();
  }
  channel.sendToQueue(queue, Buffer.from(owner), { persistent: true });
  await channel.waitForConfirms();
  return owner;
}
