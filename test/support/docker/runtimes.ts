import { imageBuilds, runtimeImage } from "../../../runtimes/testing/images";
import { TestDocker } from "../docker";
import { docker, moveImage } from "./cli";

/** In the place of what the manifest says: what is in the images is of this checkout. */
const PREFIX = "stackwhisk-test";
/** What every platform of the tests can run. */
export const STANDARD = ["stackwhisk/runtime-nodejs:24", "stackwhisk/runtime-python:3", "stackwhisk/dockerskeleton:latest"];

/**
 * Settings of a platform whose actions run in containers, with the runtimes of this checkout.
 *
 * @param engine the images are brought there; by default the tests' engine, where they are built
 */
export async function dockerSettings(images: readonly string[] = STANDARD, engine?: string): Promise<{ driver: "docker"; docker: { host: string; prefix: string; pull: "never" } }> {
  const builder = await TestDocker.host();
  const host = engine ?? builder;
  for (const name of images) {
    if (!imageBuilds[name]) throw new Error(`${name} is none of the runtimes' images: ${Object.keys(imageBuilds).join(", ")}`);
    const tag = name.replace(/^stackwhisk\//, `${PREFIX}/`);
    await docker(builder, "tag", await runtimeImage(name), tag);
    if (host !== builder) await moveImage(builder, host, tag);
  }
  return { driver: "docker", docker: { host, prefix: PREFIX, pull: "never" } };
}

/**
 * Ids of the containers of a platform, by its configured name or that of a whole test.
 *
 * @param host the engine; by default the tests'
 */
export async function containersOf(platform: string, host?: string): Promise<string[]> {
  const text = await docker(host ?? (await TestDocker.host()), "ps", "--all", "--quiet", "--no-trunc", "--filter", `label=stackwhisk.platform=${platform}`);
  return text === "" ? [] : text.split("\n");
}
