import { BackgroundPlatformHandler, type BackgroundPlatformOptions, type PlatformKind } from "../background/handler";
import { newCredentials, randomKey, type Keys } from "../background/keys";
import type { Settings } from "../background/settings";
import { configCommand } from "../background/urn";
import type { CheckContext, CheckFailure, OperationContext, Properties } from "../resource";
import { defaultName } from "./defaultName";
import { DEFAULT_PORT, DEFAULT_REPLICAS, description } from "./description";
import { removeFromServers } from "./remove";
import { CLUSTER_RULES } from "./rules";

const KIND: PlatformKind = {
  programs: ["cluster.js", "controller.js", "invoker.js"],
  // Controllers have a minute, and the invokers after them.
  drainLimit: 135_000,
  rules: CLUSTER_RULES,
  port: DEFAULT_PORT,
};

/** The settings that a program blames, and what the stacks of this repository call them. */
const SERVERS = {
  "rabbitmq.url": { key: "rabbitmqUrl", value: "amqp://user:password@host:5672" },
  "mongodb.url": { key: "mongodbUrl", value: "mongodb://user:password@host:27017" },
};

/** The platform as several processes on this machine, on a message broker and a database that run already. */
export class ClusterPlatformHandler extends BackgroundPlatformHandler {
  readonly token = "stackwhisk:index:ClusterPlatform";
  readonly description = description;

  constructor(options: BackgroundPlatformOptions = {}) {
    super(KIND, options);
  }

  override async check(given: Properties, old: Properties | undefined, context: CheckContext): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    const { inputs, failures } = await super.check(given, old, context);
    const { mongodb, name } = inputs;
    // Said in full, so that saying it in the program changes nothing.
    if (typeof mongodb === "object" && mongodb !== null && !("database" in mongodb)) inputs.mongodb = { ...mongodb, database: name };
    return { inputs, failures };
  }

  protected override ownDefaults(old: Properties | undefined, { urn }: CheckContext): Properties {
    return { name: old?.name ?? defaultName(urn), controllers: DEFAULT_REPLICAS, invokers: DEFAULT_REPLICAS };
  }

  protected override newKeys(namespace: string): Keys {
    return { credentials: newCredentials(namespace), secret: randomKey() };
  }

  protected override async clear(settings: Settings, keys: Keys, context: OperationContext): Promise<void> {
    context.log("Removing the platform from the message broker and the database");
    try {
      await removeFromServers(this.programOf(settings), this.configOf(context.directory, settings, keys));
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`the platform was stopped, but not removed from its servers: ${message}${this.hint(message, context)}`);
    }
  }

  protected override hint(message: string, { urn }: OperationContext): string {
    const blamed = Object.entries(SERVERS).filter(([setting]) => message.includes(`${setting}: `));
    if (blamed.length === 0) return "";
    const commands = blamed.map(([, { key, value }]) => configCommand(urn, key, value, true));
    return `\nStart ${blamed.length > 1 ? "them" : "it"}, or say where ${blamed.length > 1 ? "they are" : "it is"}: ${commands.join(" and ")}`;
  }
}
