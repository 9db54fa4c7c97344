import type { Transform } from "../transform";
import { CLUSTER_PLATFORM_OPTIONS, type ClusterPlatformArgs } from "./clusterPlatform";

/** A distributed platform on one's own machine: see {@link ClusterPlatformArgs} for the options. */
export interface ClusterTargetArgs extends ClusterPlatformArgs {
  target: "cluster";
  /** Changes to what the component passes to its children. */
  transform?: {
    clusterPlatform?: Transform<ClusterPlatformArgs>;
  };
}

/** Every option of the target, for messages about one that is not. */
export const CLUSTER_OPTIONS: readonly (keyof ClusterTargetArgs)[] = [...CLUSTER_PLATFORM_OPTIONS, "transform"];

/** Options that it cannot do without. */
export const CLUSTER_REQUIRED = ["rabbitmq.url", "mongodb.url"] as const;
