import path from "node:path";
import { startCluster } from "./cluster/cluster";
import { distributedConfig } from "./distributed/config";
import { readConfig } from "./process/config";
import { runService } from "./process/service";

const program = (name: string) => path.join(__dirname, `${name}.js`);

/** A distributed platform on this machine, on a message broker and a database that run already. */
runService(
  { service: "cluster" },
  (file) => readConfig(distributedConfig, file),
  (config, logger, file) => startCluster(config, file, { controller: program("controller"), invoker: program("invoker") }, logger),
);
