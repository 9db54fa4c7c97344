import { ContainerError } from "../../../core/ports/containers";
import { type Engine, EngineError } from "./engine";

/**
 * When an image is pulled. `latest`, as OpenWhisk does it: an image that an action brings is pulled anew if it has no tag, or
 * the tag `latest`, and any other one if it is not there; `missing`: what is not there; `always`: each image that an action
 * brings; `never`: all have to be there.
 */
export type PullPolicy = "latest" | "missing" | "always" | "never";

/** How long a registry may take until a pull begins, and between two pieces of it. Milliseconds. */
const PULL_PAUSE = 300_000;

/** The images on the machine of the engine. */
export class Images {
  /** One pull for all who wait for the same image. */
  private readonly pulls = new Map<string, Promise<void>>();

  constructor(
    private readonly engine: Engine,
    private readonly policy: PullPolicy,
  ) {}

  /**
   * Sees that the image is there.
   *
   * @param brought by an action, and not one of the platform's own
   * @throws ContainerError that says the way out
   */
  async ensure(image: string, brought: boolean): Promise<void> {
    const anew = brought && (this.policy === "always" || (this.policy === "latest" && isLatest(image)));
    if (!anew && (await this.isThere(image))) return;
    if (this.policy === "never") {
      throw new ContainerError(`The image ${image} is not on the machine of the Docker engine, and this platform pulls none: build it there, or let images be pulled (docker.pull).`, { fault: "absent" });
    }
    try {
      await this.pull(image);
    } catch (error) {
      // What is there does when the registry is away.
      if (anew && (await this.isThere(image))) return;
      throw new ContainerError(
        `The image ${image} could not be pulled: ${(error as Error).message}. ${brought ? "Check its name, and whether this machine may read it." : "Build it on this machine, or say where it is: in the runtimes' manifest, or with docker.registry and docker.prefix."}`,
        { cause: error, fault: "absent" },
      );
    }
  }

  private async isThere(image: string): Promise<boolean> {
    try {
      await this.engine.call("GET", `/images/${image}/json`);
      return true;
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return false;
      throw error;
    }
  }

  private pull(image: string): Promise<void> {
    let pull = this.pulls.get(image);
    if (!pull) {
      pull = this.fetch(image).finally(() => this.pulls.delete(image));
      this.pulls.set(image, pull);
    }
    return pull;
  }

  /** The answer is 200 as soon as the pull begins: what goes wrong later stands in its last line. */
  private async fetch(image: string): Promise<void> {
    const { name, tag } = splitName(image);
    const answer = await this.engine.stream("POST", "/images/create", { query: { fromImage: name, tag }, limit: PULL_PAUSE, stall: PULL_PAUSE });
    let text = "";
    try {
      for await (const chunk of answer) text = (text + String(chunk)).slice(-10_000);
    } catch (error) {
      throw this.engine.failure(error);
    }
    const last = text.trim().split("\n").pop() ?? "";
    const { error } = JSON.parse(last || "{}") as { error?: string };
    if (error !== undefined) throw new EngineError(500, error);
  }
}

/** Digests are part of the name: Docker takes them so. */
function splitName(image: string): { name: string; tag?: string } {
  if (image.includes("@")) return { name: image };
  const [, name = image, tag = "latest"] = /^(.*?)(?::([^/:]+))?$/.exec(image) ?? [];
  return { name, tag };
}

const isLatest = (image: string): boolean => splitName(image).tag === "latest";
