import { platformName } from "../../../services/embedded/config";
import { TestDocker } from "../docker";
import { type PlatformOptions, TestPlatform } from "../platform";
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

/** Removes what a platform has left on the tests' engine. */
export async function removeAllOf(name: string): Promise<void> {
  const host = await TestDocker.host();
  const containers = await containersOf(name);
  if (containers.length > 0) await docker(host, "rm", "--force", "--volumes", ...containers).catch(() => undefined);
  await docker(host, "network", "rm", `${name}-actions`).catch(() => undefined);
}
