import { imageBuilds, runtimeImage } from "../../../runtimes/testing/images";
import { TestDocker } from "../docker";
import { docker } from "./cli";

/** In the place of what the manifest says: what is in the images is of this checkout. */
const PREFIX = "stackwhisk-test";
const STANDARD = ["stackwhisk/runtime-nodejs:24", "stackwhisk/runtime-python:3", "stackwhisk/dockerskeleton:latest"];

/** Settings of a platform whose actions run in containers of the tests' engine, with the runtimes of this checkout. */
export async function dockerSettings(images: readonly string[] = STANDARD): Promise<{ driver: "docker"; docker: { host: string; prefix: string; pull: "never" } }> {
  const host = await TestDocker.host();
  for (const name of images) {
    if (!imageBuilds[name]) throw new Error(`${name} is none of the runtimes' images: ${Object.keys(imageBuilds).join(", ")}`);
    await docker(host, "tag", await runtimeImage(name), name.replace(/^stackwhisk\//, `${PREFIX}/`));
  }
  return { driver: "docker", docker: { host, prefix: PREFIX, pull: "never" } };
}

/** Ids of the containers of a platform, by its configured name or that of a whole test. */
export async function containersOf(platform: string): Promise<string[]> {
  const text = await docker(await TestDocker.host(), "ps", "--all", "--quiet", "--no-trunc", "--filter", `label=stackwhisk.platform=${platform}`);
  return text === "" ? [] : text.split("\n");
}
