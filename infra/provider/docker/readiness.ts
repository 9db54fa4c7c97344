import { readable } from "../background/platformLog";
import { until } from "../background/wait";
import { changesOf, type ResourceDescription } from "../description";
import type { CheckContext, CheckFailure, Difference, OperationContext, Properties, ResourceHandler, State } from "../resource";
import { type ContainerState, DockerEngine } from "./engine";

/** Seconds, if the user says nothing else: a broker that starts for the first time on a busy machine takes half of that. */
const TIMEOUT = 120;
const SHOWN_LINES = 20;
/** So many starts without success are no accident. */
const MOST_RESTARTS = 3;
/** Milliseconds that one try may take. */
const TRY_LIMIT = 5_000;

interface Inputs {
  container: string;
  url?: string;
  dockerHost?: string;
}

/**
 * Waits until a container does its work. Docker's own view of its health comes too late for that, only after the pause between
 * two checks; so the health check is run here, at once and again.
 */
export class ContainerReadinessHandler implements ResourceHandler {
  readonly token = "stackwhisk:index:ContainerReadiness";
  readonly description: ResourceDescription = {
    description: "That a container on Docker does its work: its health check succeeds, and an URL is answered. Fails with the container's status and the last lines of its log.",
    properties: {
      container: { type: "string", input: "required", description: "Id of the container." },
      url: { type: "string", input: "optional", description: "What has to be answered with 200 besides." },
      dockerHost: { type: "string", input: "optional", description: "The engine, such as `unix:///var/run/docker.sock`. Default: `DOCKER_HOST`." },
      ready: { type: "boolean", present: true, description: "Whether the container ran when Pulumi last looked." },
    },
  };

  async check(inputs: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    return { inputs, failures: [] };
  }

  /** Besides the inputs it looks at the container: one that was stopped is a change. */
  async diff(old: State, inputs: Properties, _context: CheckContext): Promise<Difference> {
    const changes = changesOf(this.description, old.inputs, inputs);
    if (Object.keys(changes).length === 0 && !(await isAlive(inputs))) changes.ready = "update";
    return { changes };
  }

  plan(inputs: Properties): Properties {
    return { ...inputs, ready: true };
  }

  async create(inputs: Properties, context: OperationContext): Promise<Omit<State, "inputs">> {
    return { id: String(inputs.container), outputs: await this.wait(inputs, context) };
  }

  async read(old: State): Promise<State | undefined> {
    if (!old.inputs.container) throw new Error("the readiness of a container cannot be imported: it is nothing by itself");
    return { ...old, outputs: { ...old.outputs, ready: await isAlive(old.inputs) } };
  }

  async update(_old: State, inputs: Properties, context: OperationContext): Promise<Properties> {
    return this.wait(inputs, context);
  }

  async delete(): Promise<void> {}

  private async wait(inputs: Properties, { timeout, signal, log }: OperationContext): Promise<Properties> {
    const { container, url, dockerHost } = inputs as unknown as Inputs;
    const engine = new DockerEngine(dockerHost);
    try {
      const limit = timeout || TIMEOUT;
      const first = await engine.inspect(container);
      if (!first) throw new Error(`there is no container ${container} any more: \`pulumi up --refresh\` makes another one`);
      // Somebody has stopped it.
      if (["created", "exited"].includes(first.status) && first.restarts === 0) await engine.start(container);
      log(`Waiting for ${first.name}`);
      let problem = "its health check was not tried yet";
      const ready = await until(
        async () => {
          const found = await look(engine, container, { url, mostRestarts: first.restarts + MOST_RESTARTS });
          if (found === undefined) return true;
          problem = found;
          return undefined;
        },
        limit * 1000,
        signal,
      ).catch(async (error: Error) => Promise.reject(await explain(engine, container, error.message)));
      if (!ready) throw await explain(engine, container, `not ready after ${limit} s: ${problem}`);
      return { ...inputs, ready: true };
    } finally {
      await engine.close();
    }
  }
}

/** @returns what is not as it should be yet; undefined: it is ready. @throws Error if there is no hope */
async function look(engine: DockerEngine, id: string, { url, mostRestarts }: { url?: string; mostRestarts: number }): Promise<string | undefined> {
  const state = await engine.inspect(id);
  if (!state) throw new Error("it was removed");
  if (state.restarts >= mostRestarts) throw new Error("it ends again and again");
  if (state.status === "exited" || state.status === "dead") throw new Error("it has ended");
  if (state.status !== "running") return `it is ${state.status}`;
  if (state.healthCheck) {
    const code = await engine.exec(id, state.healthCheck);
    if (code !== 0) return code === undefined ? "its health check could not be run" : `its health check ended with ${code}`;
  }
  return url === undefined ? undefined : askUrl(url);
}

async function askUrl(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TRY_LIMIT) });
    await response.arrayBuffer();
    return response.ok ? undefined : `${url} was answered ${response.status}`;
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return `${url} was not answered: ${cause?.message || message}`;
  }
}

async function explain(engine: DockerEngine, id: string, reason: string): Promise<Error> {
  const state = await engine.inspect(id).catch(() => undefined);
  if (!state) return new Error(`container ${id.slice(0, 12)} is not ready: ${reason}`);
  const lines = await engine.lastLines(id, SHOWN_LINES, state.tty).catch(() => []);
  const log = lines.length > 0 ? `\nThe last lines of its log (docker logs ${state.name}):\n${lines.map((line) => `  ${readable(line)}`).join("\n")}` : "\nIt has written no log.";
  return new Error(`container ${state.name} is not ready: ${reason}\nIts status: ${describe(state)}${log}`);
}

function describe({ status, exitCode, outOfMemory, restarts, error }: ContainerState): string {
  const ended = status !== "running" && status !== "created";
  const words = [status, ended && `exit code ${exitCode}`, outOfMemory && "out of memory", restarts > 0 && `${restarts} restarts`, error];
  return words.filter(Boolean).join(", ");
}

/** Whether it runs, as far as can be told. An engine that does not answer is somebody else's matter. */
async function isAlive({ container, dockerHost }: Properties): Promise<boolean> {
  const engine = new DockerEngine(dockerHost as string | undefined);
  try {
    const state = await engine.inspect(String(container));
    return state !== undefined && ["running", "restarting"].includes(state.status);
  } catch {
    return true;
  } finally {
    await engine.close();
  }
}
