import pino from "pino";
import { parseArgs } from "node:util";
import { readConfig } from "./embedded/config";
import { startPlatform } from "./embedded/platform";
import { StartError } from "./process/startError";

/** The whole platform in one process: `standalone --config <file>`. Logs JSON lines to stdout. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  if (!values.config) throw new StartError("--config <file> is missing", 2);
  const config = readConfig(values.config);
  const logger = pino({ level: config.logLevel, base: undefined });
  // From the first moment on: a stop during the start is carried out after it.
  const platform = startPlatform(config, logger);
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, "draining: no new work, running work is finished");
    await (await platform).close();
    logger.info("stopped");
    process.exit(0);
  };
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));
  // The terminal that started it may go: the platform stays.
  process.on("SIGHUP", () => {});
  await platform;
}

main().catch((error: unknown) => {
  const logger = pino({ base: undefined }, pino.destination({ sync: true }));
  logger.fatal(error instanceof StartError ? error.message : `the platform did not start: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  process.exit(error instanceof StartError ? error.exitCode : 1);
});
