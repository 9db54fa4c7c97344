import { type ChildProcess, fork } from "node:child_process";
import workers from "node:cluster";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Logger } from "pino";
import { messageOf } from "../core/errors";
import { apiHostOf, type DistributedConfig } from "../distributed/config";
import type { Service } from "../process/service";
import { StartError } from "../process/startError";
import { version } from "../process/version";
import { DirectoryInUseError, lockDirectory } from "../store/sqlite";
import { Replicas } from "./replicas";

export interface ClusterPrograms {
  controller: string;
  invoker: string;
}

export interface Cluster extends Service {
  port: number;
  /** Process ids of those that run now. */
  readonly processes: { controllers: number[]; invokers: number[] };
}

/** Where a started platform writes down how it is reached. */
const ADDRESS_FILE = "address.json";

/**
 * All processes of a distributed platform on this machine: controllers behind one port, and invokers. One that ends is
 * started again; all of them end with this process.
 *
 * @param file the configuration, which each of them reads
 * @throws StartError with what the first process says that does not start
 */
export async function startCluster(config: DistributedConfig, file: string, programs: ClusterPrograms, logger: Logger): Promise<Cluster> {
  const lock = lockData(config.dataDir);
  const addressFile = path.join(config.dataDir, ADDRESS_FILE);
  let port = config.port;
  workers.setupPrimary({ exec: programs.controller, args: ["--config", file] });
  const onListening = (_worker: unknown, address: { port: number }) => void (port = address.port);
  workers.on("listening", onListening);
  const controllers = new Replicas({ role: "controller", count: config.controllers, launch: launchController, logger });
  const launchInvoker = () => fork(programs.invoker, ["--config", file], { env: { ...process.env, STACKWHISK_API_HOST: apiHostOf({ ...config, port }) } });
  const invokers = new Replicas({ role: "invoker", count: config.invokers, launch: launchInvoker, logger });

  const close = async () => {
    // Controllers first: what they have in hand needs invokers.
    await controllers.stop();
    await invokers.stop();
    workers.off("listening", onListening);
    rmSync(addressFile, { force: true });
    lock.release();
  };
  try {
    await controllers.start();
    await invokers.start();
  } catch (error) {
    await close();
    throw new StartError(messageOf(error), 1, { cause: error });
  }
  writeFileSync(addressFile, JSON.stringify({ host: config.host, port, pid: process.pid }), { mode: 0o600 });
  const processes = () => ({ controllers: controllers.pids, invokers: invokers.pids });
  logger.info({ host: config.host, port, ...processes(), version }, "serving");
  return {
    port,
    get processes() {
      return processes();
    },
    close,
  };
}

/** They share the port, which this process holds: so it is there while any of them is started again. */
function launchController(): ChildProcess {
  const child = workers.fork({ STACKWHISK_PLATFORM_PID: String(process.pid) }).process as ChildProcess;
  closeUndelivered(child);
  return child;
}

/**
 * A connection is given to one controller after the other, and Node forgets the one that is on its way to a process which
 * dies: its client would wait for ever. It is closed, so that the client sees an error at once and can try again.
 */
function closeUndelivered(child: ChildProcess): void {
  let last: { close?: () => void } | undefined;
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (...args: unknown[]) => {
    if (args[1]) last = args[1];
    return send(...args);
  };
  // One that has arrived was closed here already; doing it again has no effect.
  child.once("exit", () => last?.close?.());
}

function lockData(dataDir: string): ReturnType<typeof lockDirectory> {
  try {
    return lockDirectory(dataDir);
  } catch (error) {
    if (error instanceof DirectoryInUseError) throw new StartError(error.message, 1, { cause: error });
    throw new StartError(`the data directory ${dataDir} cannot be used: ${messageOf(error)}`, 1, { cause: error });
  }
}
