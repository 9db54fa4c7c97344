import { readConfig } from "../process/config";
import { runService } from "../process/service";
import { distributedConfig } from "./config";
import { startInvoker } from "./invoker";

/** One invoker of a distributed platform. */
runService(
  { service: "invoker" },
  (file) => {
    const config = readConfig(distributedConfig, file);
    // Whoever has started it may know only now on which port the controllers serve.
    return { ...config, apiHost: process.env.STACKWHISK_API_HOST ?? config.apiHost };
  },
  startInvoker,
);
