import { embeddedConfig } from "./embedded/config";
import { startPlatform } from "./embedded/platform";
import { readConfig } from "./process/config";
import { runService } from "./process/service";

/** The whole platform in one process. */
runService(undefined, (file) => readConfig(embeddedConfig, file), startPlatform);
