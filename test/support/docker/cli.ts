import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Docker's clients look for the engine. */
export const DEFAULT_HOST = process.env.DOCKER_HOST || "unix:///var/run/docker.sock";

const OUTPUT_LIMIT = 64 * 1024 * 1024;
const PROBE_LIMIT = 5_000;

/** Whether an engine answers there. */
export const answersAt = (host: string): boolean =>
  spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { env: environment(host), stdio: "ignore", timeout: PROBE_LIMIT }).status === 0;

/**
 * Runs `docker` to its end.
 *
 * @returns what it printed, without blanks around it
 * @throws Error with the end of what it said
 */
export function docker(host: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("docker", args, { env: environment(host), maxBuffer: OUTPUT_LIMIT }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.trim());
      const said = `${stderr}\n${stdout}`.trim().split("\n").slice(-20).join("\n");
      reject(new Error(`docker ${args.slice(0, 3).join(" ")} failed: ${said || error.message}`));
    });
  });
}

/** The classic builder needs nothing beside the client, and is there in every engine. */
const environment = (host: string): NodeJS.ProcessEnv => ({ ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: "0" });

/** Brings an image of one engine to another. @returns its name there */
export async function moveImage(from: string, to: string, image: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "stackwhisk-image-"));
  try {
    const archive = join(folder, "image.tar");
    await docker(from, "save", "--output", archive, image);
    await docker(to, "load", "--quiet", "--input", archive);
    return image;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
