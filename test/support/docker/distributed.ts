import { randomBytes } from "node:crypto";
import { TestDocker } from "../docker";
import { type DistributedOptions, TestDistributed } from "../distributed";
import { docker } from "./cli";
import { removeAllOf } from "./platform";
import { dockerSettings } from "./runtimes";

export interface DockerDistributed {
  platform: TestDistributed;
  /** Name of the network of its actions. */
  network: string;
  /** Address of this machine in it. */
  gateway: string;
}

/**
 * A distributed platform, of processes of this machine, whose actions run in containers; `dispose` removes these too.
 *
 * @param engine another one than the tests'
 * @param images the runtimes that are needed there
 */
export async function startDistributedOnDocker(options: DistributedOptions, { engine, images }: { engine?: string; images?: readonly string[] } = {}): Promise<DockerDistributed> {
  const [settings, host] = [await dockerSettings(images, engine), engine ?? (await TestDocker.host())];
  const network = `test-${randomBytes(4).toString("hex")}-actions`;
  await docker(host, "network", "create", "--opt", "com.docker.network.bridge.enable_icc=false", network);
  try {
    const { Gateway: gateway, Subnet: subnet } = JSON.parse(await docker(host, "network", "inspect", "--format", "{{json (index .IPAM.Config 0)}}", network)) as { Gateway: string; Subnet: string };
    const config = { ...settings, docker: { ...settings.docker, network }, host: "0.0.0.0", actionNetworks: [subnet], ...options.config };
    const platform = await TestDistributed.start({ ...options, apiAddress: gateway, config });
    const dispose = platform.dispose.bind(platform);
    platform.dispose = async () => {
      await dispose();
      await removeAllOf(platform.name, network, host);
    };
    return { platform, network, gateway };
  } catch (error) {
    await docker(host, "network", "rm", network).catch(() => undefined);
    throw error;
  }
}
