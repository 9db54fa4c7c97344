import type { ResourceDescription } from "../description";
import { inputProperties, outputProperties } from "../background/description";

export const DEFAULT_PORT = 3234;
export const DEFAULT_REPLICAS = 2;

/** The properties of a distributed platform on this machine. */
export const description: ResourceDescription = {
  description: "A platform of several processes on this machine, which outlive Pulumi, on a RabbitMQ and a MongoDB that run already.",
  properties: {
    rabbitmq: {
      type: { object: { url: { type: "string", input: "required", secret: true, description: "Such as `amqp://user:password@host:5672/vhost`, or `amqps`." } } },
      input: "required",
      description: "The message broker. Another `url` means the same broker in another way: what is on the old one stays there.",
    },
    mongodb: {
      type: {
        object: {
          url: { type: "string", input: "required", secret: true, description: "Such as `mongodb://user:password@host:27017`, or `mongodb+srv`." },
          database: { type: "string", input: "optional", replaces: true, description: "It is made, and dropped when the platform is deleted. Default: `name`." },
        },
      },
      input: "required",
      description: "The database server. Another `url` means the same server in another way: what is on the old one stays there.",
    },
    name: {
      type: "string",
      input: "optional",
      present: true,
      replaces: true,
      description: "Begins the names of all queues and exchanges, and is the database's. Default: `<project>-<stack>`, and once chosen it stays.",
    },
    controllers: { type: "integer", input: "optional", present: true, default: DEFAULT_REPLICAS, description: "Processes that serve the REST API, behind one port." },
    invokers: { type: "integer", input: "optional", present: true, default: DEFAULT_REPLICAS, description: "Processes that run actions." },
    ...inputProperties({ port: DEFAULT_PORT, memory: "the running actions of one invoker" }),
    ...outputProperties,
    signingSecret: { type: "string", present: true, secret: true, description: "Signs the keys that actions get for the time of their activation." },
  },
};
