import { ClusterPlatformHandler } from "./cluster/handler";
import type { Connection } from "./connection";
import { ActionContainersHandler } from "./docker/actionContainers";
import { PlatformKeysHandler } from "./docker/keys";
import { ContainerReadinessHandler } from "./docker/readiness";
import { ActionHandler } from "./entities/action";
import { NamespaceHandler } from "./entities/namespace";
import { PackageHandler } from "./entities/package";
import { RuleHandler } from "./entities/rule";
import { SequenceHandler } from "./entities/sequence";
import { TriggerHandler } from "./entities/trigger";
import { LocalPlatformHandler } from "./local/handler";
import type { ResourceHandler } from "./resource";

/** Every resource type of the provider. `connection` is the platform that application resources live on. */
export function createHandlers(connection: Connection): ResourceHandler[] {
  return [
    new LocalPlatformHandler(),
    new ClusterPlatformHandler(),
    new PlatformKeysHandler(),
    new ContainerReadinessHandler(),
    new ActionContainersHandler(),
    new ActionHandler(connection),
    new SequenceHandler(connection),
    new TriggerHandler(connection),
    new RuleHandler(connection),
    new PackageHandler(connection),
    new NamespaceHandler(connection),
  ];
}
