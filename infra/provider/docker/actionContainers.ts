import { until } from "../background/wait";
import { changesOf, type ResourceDescription } from "../description";
import type { CheckFailure, Difference, OperationContext, Properties, ResourceHandler, State } from "../resource";
import { DockerEngine } from "./engine";

/** Seconds, if the user says nothing else. */
const TIMEOUT = 60;

/**
 * The containers of actions that an invoker makes, and of which Pulumi knows nothing. One that ends in order removes them itself;
 * what one has left that was killed goes with this, before the network on which it is.
 */
export class ActionContainersHandler implements ResourceHandler {
  readonly token = "stackwhisk:index:ActionContainers";
  readonly description: ResourceDescription = {
    description: "The containers on Docker that an invoker makes for actions. Nothing by itself; when it is deleted, what the invoker has left of them is removed.",
    properties: {
      platform: { type: "string", input: "required", replaces: true, description: "Name of the platform, which its containers have as a label." },
      invoker: { type: "string", input: "required", replaces: true, description: "Host name of the invoker, which its containers have as a label." },
      network: { type: "string", input: "required", replaces: true, description: "Id of the network on which they are: they go before it, also when it is replaced." },
      dockerHost: { type: "string", input: "optional", description: "The engine, such as `unix:///var/run/docker.sock`. Default: `DOCKER_HOST`." },
    },
  };

  async check(inputs: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    return { inputs, failures: [] };
  }

  async diff(old: State, inputs: Properties): Promise<Difference> {
    return { changes: changesOf(this.description, old.inputs, inputs), deleteBeforeReplace: true };
  }

  plan(inputs: Properties): Properties {
    return inputs;
  }

  async create(inputs: Properties): Promise<Omit<State, "inputs">> {
    return { id: String(inputs.invoker), outputs: inputs };
  }

  async read(old: State): Promise<State | undefined> {
    if (!old.inputs.invoker) throw new Error("the containers of an invoker's actions cannot be imported: they are nothing by themselves");
    return old;
  }

  async update(_old: State, inputs: Properties): Promise<Properties> {
    return inputs;
  }

  async delete({ outputs }: State, { timeout, signal, log }: OperationContext): Promise<void> {
    const { platform, invoker, dockerHost } = outputs as { platform: string; invoker: string; dockerHost?: string };
    const engine = new DockerEngine(dockerHost);
    const limit = timeout || TIMEOUT;
    try {
      let left: string[] = [];
      // More than once: the engine may still be making one that its invoker had asked for.
      const gone = await until(
        async () => {
          left = await engine.containersWith({ "stackwhisk.platform": platform, "stackwhisk.invoker": invoker });
          if (left.length === 0) return true;
          log(`Removing what ${invoker} has left`);
          await Promise.all(left.map((id) => engine.remove(id)));
          return undefined;
        },
        limit * 1000,
        signal,
      );
      if (!gone) throw new Error(`${left.length} containers of actions are still there after ${limit} s: docker rm --force ${left.map((id) => id.slice(0, 12)).join(" ")}`);
    } finally {
      await engine.close();
    }
  }
}
