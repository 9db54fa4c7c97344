import { readConfig } from "../process/config";
import { runService } from "../process/service";
import { distributedConfig } from "./config";
import { startController } from "./controller";

/** One controller of a distributed platform. */
runService({ service: "controller" }, (file) => readConfig(distributedConfig, file), startController);
