import { parseArgs } from "node:util";
import pino, { type Logger } from "pino";
import { messageOf } from "../core/errors";
import { StartError } from "./startError";

/** What a process tells whoever started it. */
export type ProcessReport = { kind: "serving" } | { kind: "failed"; message: string };

/** A process of the platform, once it serves. */
export interface Service {
  /** Takes no new work, finishes what runs, leaves nothing behind. */
  close(): Promise<void>;
}

/**
 * The life of a process: `<program> --config <file>`, until SIGTERM or SIGINT. Logs JSON lines to stdout. It ends with 0
 * after a stop, 2 when its configuration is wrong, 1 when it could not start.
 *
 * @param bindings said by each line of its log
 */
export function runService<C extends { logLevel: string }>(
  bindings: Record<string, unknown> | undefined,
  read: (file: string) => C,
  start: (config: C, logger: Logger, file: string) => Promise<Service>,
): void {
  serve(bindings, read, start).catch((error: unknown) => fail(bindings, error));
}

/**
 * A process that does one thing and ends: `<program> --config <file> --<name>`. It ends with 0 when that is done, otherwise
 * like a service that does not start.
 */
export function runTask<C extends { logLevel: string }>(
  name: string,
  bindings: Record<string, unknown> | undefined,
  read: (file: string) => C,
  task: (config: C, logger: Logger) => Promise<void>,
): void {
  const run = async () => {
    const config = read(configFile(name));
    await task(config, pino({ level: config.logLevel, base: bindings }));
  };
  run().then(
    () => process.exit(0),
    (error: unknown) => fail(bindings, error),
  );
}

function fail(bindings: Record<string, unknown> | undefined, error: unknown): void {
  const logger = pino({ base: bindings }, pino.destination({ sync: true }));
  const message = error instanceof StartError ? error.message : `the platform did not start: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
  logger.fatal(message);
  const code = error instanceof StartError ? error.exitCode : 1;
  report({ kind: "failed", message }, () => process.exit(code));
}

/** @param flag that is allowed besides */
function configFile(flag?: string): string {
  const { values } = parseArgs({ options: { config: { type: "string" }, ...(flag && { [flag]: { type: "boolean" } }) } });
  if (typeof values.config !== "string") throw new StartError("--config <file> is missing", 2);
  return values.config;
}

async function serve<C extends { logLevel: string }>(
  bindings: Record<string, unknown> | undefined,
  read: (file: string) => C,
  start: (config: C, logger: Logger, file: string) => Promise<Service>,
): Promise<void> {
  const file = configFile();
  const config = read(file);
  const logger = pino({ level: config.logLevel, base: bindings });
  // From the first moment on: a stop during the start is carried out after it.
  const service = start(config, logger, file);
  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, "draining: no new work, running work is finished");
    await (await service).close();
    logger.info("stopped");
    process.exit(0);
  };
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));
  // The terminal that started it may go: the platform stays.
  process.on("SIGHUP", () => {});
  // Without whoever started it, it is of no use: a next start brings all of its own. Not by an exit: that writes what is
  // left of the log first, and tries for ever if the log's reader is gone too.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  await service;
  report({ kind: "serving" });
}

/** To the process that started this one, if it listens. */
function report(what: ProcessReport, sent: () => void = () => {}): void {
  if (process.send) process.send(what, sent);
  else sent();
}
