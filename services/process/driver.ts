import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { again } from "../core/again";
import { messageOf } from "../core/errors";
import type { Logger } from "../core/owner/context";
import type { ContainerDriver } from "../core/ports/containers";
import { DockerDriver } from "../invoker/drivers/docker";
import { isAway, isMissing } from "../invoker/drivers/docker/engine";
import { ProcessDriver } from "../invoker/drivers/process";
import type { platformFields } from "./config";
import type { RuntimeKinds } from "./kinds";
import { StartError } from "./startError";

export type DriverConfig = Pick<z.output<z.ZodObject<typeof platformFields>>, "driver" | "docker">;

export interface ChosenDriver {
  driver: ContainerDriver;
  /** Where its containers are; undefined: nowhere apart. */
  network?: DriverNetwork;
}

export interface DriverNetwork {
  /** Address of this machine in it. */
  gateway: string | undefined;
  /** Addresses of containers, as CIDR. */
  subnets: string[];
}

/** How long an engine that is about to start is waited for, and the pause between two questions. Milliseconds. */
const [PATIENCE, PAUSE] = [30_000, 500];

/**
 * The driver that the configuration asks for, with what earlier processes have left removed.
 *
 * @param platform name by which its containers are known
 * @throws StartError when there is no Docker engine
 */
export async function createDriver(config: DriverConfig, platform: string, kinds: RuntimeKinds, logger: Logger): Promise<ChosenDriver> {
  if (config.driver === "process") {
    const driver = new ProcessDriver({ commands: (kind, image) => kinds.command(kind, image) });
    await driver.reap();
    return { driver };
  }
  const { host = process.env.DOCKER_HOST || undefined, network, pull } = config.docker;
  const driver = new DockerDriver({ host, platform, network, pull, imageOf: (kind) => kinds.imageOf(kind), blackboxOf: (image) => kinds.blackboxOf(image) });
  try {
    await reapPatiently(driver, logger);
    const { name, gateway, subnets, open } = await driver.network();
    if (open) logger.warn({ network: name }, "containers of actions reach one another: their network does not keep them apart");
    return { driver, network: { gateway, subnets } };
  } catch (error) {
    await driver.close().catch(() => undefined);
    throw new StartError(`the driver 'docker' cannot be used: ${(error as Error).message}`, 1, { cause: error });
  }
}

/** One that is not there at all is told at once: hardly anybody is about to start it. */
async function reapPatiently(driver: DockerDriver, logger: Logger): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  let told = false;
  const failed = (error: unknown) => {
    if (!isAway(error) || isMissing(error) || Date.now() > deadline) throw error;
    if (!told) logger.warn({ error: messageOf(error) }, "the Docker engine is waited for");
    told = true;
  };
  await again(() => driver.reap(), { pause: () => sleep(PAUSE), failed });
}
