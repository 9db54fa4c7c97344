import type { ConsumeMessage, Options } from "amqplib";
import type { AcceptedMessage } from "../../../core/messages";

const KINDS = new Set<unknown>(["invocation", "fire", "watch"] satisfies AcceptedMessage["kind"][]);

/** Its place in the queues can be decided without reading the content, which may be long. */
export function encode(message: AcceptedMessage): { content: Buffer; options: Options.Publish } {
  return {
    content: Buffer.from(JSON.stringify(message)),
    options: { contentType: "application/json", type: message.kind, correlationId: message.transactionId, headers: { namespace: message.identity.namespace } },
  };
}

/** Empty for what is not ours. */
export function namespaceOf({ properties }: ConsumeMessage): string {
  const namespace: unknown = properties.headers?.namespace;
  return typeof namespace === "string" ? namespace : "";
}

/** @returns the problem when it is no entry of an accepted log */
export function decode({ content }: ConsumeMessage): { message: AcceptedMessage } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(content.toString());
  } catch {
    return { problem: "it is not JSON" };
  }
  const { kind, activationId, identity } = Object(value) as Partial<Record<keyof AcceptedMessage, unknown>>;
  const { namespace } = Object(identity) as { namespace?: unknown };
  if (!KINDS.has(kind)) return { problem: "its kind is unknown" };
  if (typeof activationId !== "string" || typeof namespace !== "string") return { problem: "it has no activation or no namespace" };
  return { message: value as AcceptedMessage };
}
