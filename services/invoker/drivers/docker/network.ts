import { ContainerError } from "../../../core/ports/containers";
import { type Engine, EngineError } from "./engine";

const PLATFORM = "stackwhisk.platform";
const ICC = "com.docker.network.bridge.enable_icc";

export interface ActionNetwork {
  name: string;
  /** Address of the engine's machine in it. */
  gateway: string | undefined;
  /** Its addresses, as CIDR. */
  subnets: string[];
  /** Containers of it reach one another. */
  open: boolean;
  /** The platform whose driver has made it; undefined: somebody else has. */
  platform: string | undefined;
}

interface NetworkDescription {
  Driver: string;
  Options?: Record<string, string> | null;
  Labels?: Record<string, string> | null;
  IPAM?: { Config?: { Gateway?: string; Subnet?: string }[] | null };
}

/**
 * The network of the actions' containers: a bridge on which they reach the outside world and their machine, but neither one
 * another nor other networks of the engine. It is created if it is not there.
 *
 * @param platform the one that it belongs to then
 * @throws ContainerError when it cannot be had
 */
export async function ensureNetwork(engine: Engine, name: string, platform: string): Promise<ActionNetwork> {
  try {
    const network = (await find(engine, name)) ?? (await create(engine, name, platform));
    const gateway = network.IPAM?.Config?.find(({ Gateway }) => Gateway?.includes("."))?.Gateway;
    const subnets = (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []);
    return { name, gateway: gateway?.split("/")[0], subnets, open: network.Options?.[ICC] !== "false", platform: network.Labels?.[PLATFORM] };
  } catch (error) {
    throw new ContainerError(`The network ${name} for actions cannot be had: ${(error as Error).message}`, { cause: error });
  }
}

/** Removes what the platform's drivers have made, if nobody is on it any more: an engine has room for some thirty networks. */
export async function removeNetwork(engine: Engine, network: ActionNetwork, platform: string): Promise<void> {
  if (network.platform === platform) await engine.call("DELETE", `/networks/${encodeURIComponent(network.name)}`).catch(() => undefined);
}

async function find(engine: Engine, name: string): Promise<NetworkDescription | undefined> {
  try {
    return await engine.call<NetworkDescription>("GET", `/networks/${encodeURIComponent(name)}`);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}

async function create(engine: Engine, name: string, platform: string): Promise<NetworkDescription> {
  try {
    await engine.call("POST", "/networks/create", { body: { Name: name, CheckDuplicate: true, Driver: "bridge", Options: { [ICC]: "false" }, Labels: { [PLATFORM]: platform } } });
  } catch (error) {
    // Another invoker was faster.
    if (!(error instanceof EngineError && error.status === 409)) throw error;
  }
  return engine.call<NetworkDescription>("GET", `/networks/${encodeURIComponent(name)}`);
}
