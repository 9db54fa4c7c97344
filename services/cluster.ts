import path from "node:path";
import { startCluster } from "./cluster/cluster";
import { clearServers, requireServers } from "./cluster/servers";
import { distributedConfig } from "./distributed/config";
import { readConfig } from "./process/config";
import { runService, runTask } from "./process/service";

const bindings = { service: "cluster" };
const read = (file: string) => readConfig(distributedConfig, file);
const program = (name: string) => path.join(__dirname, `${name}.js`);

/**
 * A distributed platform on this machine, on a message broker and a database that run already. With `--remove` it takes away
 * what such a platform leaves on the two.
 */
if (process.argv.includes("--remove")) {
  runTask("remove", bindings, read, clearServers);
} else {
  runService(bindings, read, async (config, logger, file) => {
    await requireServers(config, logger);
    return startCluster(config, file, { controller: program("controller"), invoker: program("invoker") }, logger);
  });
}
