import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runtimesFolder } from "../../services/process/kinds";
import { TestDocker } from "../../test/support/docker";
import { baseImage } from "../../test/support/docker/baseImages";
import type { BaseImage } from "../../test/support/docker/recipes";

/** How an image is built: its Dockerfile below the folder `runtimes`, which is the build context, and its build arguments. */
export interface ImageBuild {
  dockerfile: string;
  args: Record<string, string>;
}

/** Also from a bundle. */
const root = runtimesFolder();

/** What is built, by the name that the manifest has. */
export const imageBuilds = JSON.parse(readFileSync(join(root, "images.json"), "utf8")) as Record<string, ImageBuild>;

const built = new Map<string, Promise<string>>();

/**
 * Builds an image of `images.json` on the tests' engine, from the base images that can be had.
 *
 * @returns the image's id
 * @throws Error with the end of what Docker said
 */
export function runtimeImage(name: string): Promise<string> {
  let image = built.get(name);
  if (!image) built.set(name, (image = build(name)));
  return image;
}

async function build(name: string): Promise<string> {
  const { dockerfile, args } = imageBuilds[name]!;
  const host = await TestDocker.host();
  const given: string[] = [];
  for (const [arg, official] of Object.entries(args)) given.push("--build-arg", `${arg}=${await baseImage(baseOf(official), host)}`);
  return new Promise((resolve, reject) => {
    const command = ["build", "--quiet", "--file", join(root, dockerfile), ...given, "--label", "stackwhisk-test=runtime", root];
    execFile("docker", command, { env: { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: "0" } }, (error, stdout, stderr) => {
      if (error) reject(new Error(`The image ${name} could not be built: ${`${stderr}\n${stdout}`.trim().split("\n").slice(-20).join("\n")}`));
      else resolve(stdout.trim());
    });
  });
}

/** `node:24-slim` → `node:24`: what the tests' base images are called. */
function baseOf(official: string): BaseImage {
  const [name, tag = ""] = official.split(":");
  const version = name === "node" ? /^\d+/.exec(tag)?.[0] : tag.split(".")[0];
  return `${name}:${version}` as BaseImage;
}
