import { platformName } from "../../../services/embedded/config";
import { TestDocker } from "../docker";
import { type PlatformOptions, TestPlatform } from "../platform";
import { until } from "../until";
import { docker } from "./cli";
import { containersOf, dockerSettings } from "./runtimes";

/** An embedded platform whose actions run in containers of the tests' engine. */
export class DockerTestPlatform extends TestPlatform {
  static override async start(options: PlatformOptions = {}): Promise<DockerTestPlatform> {
    const platform = new DockerTestPlatform({ ...(await dockerSettings()), ...options });
    await platform.start();
    return platform;
  }

  /** By which the engine knows what belongs to it. */
  get name(): string {
    return platformName(this.dataDir);
  }

  /** Ids of its containers. */
  containerIds(): Promise<string[]> {
    return containersOf(this.name);
  }

  /** The one container of an action of the guest. */
  async containerOf(action: string): Promise<string> {
    const host = await TestDocker.host();
    return docker(host, "ps", "--quiet", "--no-trunc", "--filter", `name=^${this.name}-guest-${action}-`);
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    await removeAllOf(this.name);
  }
}

/** Milliseconds. */
const LIMIT = 10_000;

/**
 * Removes what a platform that has ended has left on an engine, also what that was just about to create for it.
 *
 * @param engine by default the tests'
 */
export async function removeAllOf(name: string, network = `${name}-actions`, engine?: string): Promise<void> {
  const host = engine ?? (await TestDocker.host());
  const removed = until(`the end of the network ${network}`, async () => {
    const containers = await containersOf(name, host);
    if (containers.length > 0) await docker(host, "rm", "--force", "--volumes", ...containers).catch(() => undefined);
    return docker(host, "network", "rm", network).then(() => true, (error: unknown) => String(error).includes("not found"));
  }, LIMIT);
  // Docker 20.10 may keep an end point of a container that was removed while it started: then the network stays, empty.
  await removed.catch((error: unknown) => console.warn(String(error)));
}
