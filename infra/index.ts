export { Platform, type PlatformArgs } from "./platform/platform";
export { LocalPlatform, type LocalPlatformArgs } from "./platform/local/localPlatform";
export {
  ClusterPlatform,
  type ClusterPlatformArgs,
  type MongoDbServer,
  type NamespaceLimits,
  type RabbitMqServer,
} from "./platform/cluster/clusterPlatform";
export type { Duration } from "./platform/duration";
export type { Size } from "./platform/size";
export type { Transform } from "./platform/transform";
export { Action, type ActionArgs, type ActionLimits } from "./resources/action";
export type { Handler } from "./resources/handler";
export type { Reference } from "./resources/inputs";
export { Package, type PackageArgs } from "./resources/package";
export { Provider, type ProviderArgs } from "./resources/provider";
export { Rule, type RuleArgs } from "./resources/rule";
export { Sequence, type SequenceArgs } from "./resources/sequence";
export { Trigger, type TriggerArgs } from "./resources/trigger";
