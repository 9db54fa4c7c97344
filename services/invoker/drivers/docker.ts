import { randomBytes } from "node:crypto";
import type { CodeExec } from "../../core/model/entities";
import { type Container, type ContainerDriver, ContainerError, type ContainerSpec } from "../../core/ports/containers";
import { DockerContainer } from "./docker/container";
import { Engine, EngineError, isAway } from "./docker/engine";
import { Images, type PullPolicy } from "./docker/images";
import { type ActionNetwork, ensureNetwork, removeNetwork } from "./docker/network";
import { hearOutOfMemory } from "./docker/outOfMemory";
import { Owner, PROCESS } from "./docker/owner";
import { listens } from "./docker/ready";
import { containerSettings } from "./docker/settings";

export interface DockerDriverOptions {
  /** Where the engine is, as `DOCKER_HOST` has it. @default "unix:///var/run/docker.sock" */
  host?: string;
  /** Name of the platform: labels of its containers, and the beginning of their names. */
  platform: string;
  /** The image of a kind; undefined: there is none. */
  imageOf(kind: string): string | undefined;
  /** Where an image is that actions name and that the platform brings: that one is not pulled anew. */
  blackboxOf?(image: string): string | undefined;
  /** Name of the network of the actions' containers. @default "<platform>-actions" */
  network?: string;
  /** When images are pulled. @default "latest" */
  pull?: PullPolicy;
  /** Milliseconds that a runtime may take until it listens. @default 30000 */
  readyTimeout?: number;
  /** Milliseconds that a container waits to be started by an engine that is away. @default 60000 */
  patience?: number;
}

/** TCP port of runtimes, by OpenWhisk's contract. */
const PORT = 8080;
const HOST = "unix:///var/run/docker.sock";
const READY_TIMEOUT = 30_000;
const PATIENCE = 60_000;
/** Between two attempts to start a container by an engine that is away. Milliseconds. */
const PAUSE = 500;
/** How much of what a runtime wrote before it failed to start is shown. Characters. */
const OUTPUT_SHOWN = 2_000;

/** Containers of a Docker engine, on a network of their own. Their output comes on one connection for the life of each. */
export class DockerDriver implements ContainerDriver {
  private readonly engine: Engine;
  private readonly images: Images;
  private readonly owner: Owner;
  private readonly running = new Map<string, DockerContainer>();
  private readonly starting = new Set<Promise<unknown>>();
  private readonly stopHearing: () => void;
  private known: Promise<ActionNetwork> | undefined;
  private closed = false;

  constructor(private readonly options: DockerDriverOptions) {
    this.engine = new Engine(options.host ?? HOST);
    this.images = new Images(this.engine, options.pull ?? "latest");
    this.owner = new Owner(options.platform);
    this.stopHearing = hearOutOfMemory(this.engine, `${PROCESS}=${this.owner.labels[PROCESS]}`, (id) => this.running.get(id)?.noteOutOfMemory());
  }

  unavailable({ kind, image }: Pick<CodeExec, "kind" | "image">): string | undefined {
    if (image !== undefined || this.options.imageOf(kind) !== undefined) return undefined;
    return `The kind ${kind} has no image: the runtimes' manifest does not name one.`;
  }

  /** The network of its containers, made if need be. @throws ContainerError */
  network(): Promise<ActionNetwork> {
    const { network = `${this.options.platform}-actions`, platform } = this.options;
    this.known ??= ensureNetwork(this.engine, network, platform).catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  create(spec: ContainerSpec): Promise<Container> {
    const work = this.make(spec).catch((error: unknown) => {
      throw error instanceof ContainerError ? error : new ContainerError(`The container ${spec.name} (${spec.image ?? spec.kind}) was not started: ${(error as Error).message}`, { cause: error });
    });
    const settled: Promise<unknown> = work.catch(() => undefined).then(() => this.starting.delete(settled));
    this.starting.add(settled);
    return work;
  }

  /** Also tells whether there is an engine. @throws ContainerError */
  async reap(): Promise<void> {
    await this.removeAll((labels) => this.owner.isOrphan(labels));
    await this.network();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.starting);
    await Promise.all([...this.running.values()].map((container) => container.destroy().catch(() => undefined)));
    // Of one whose creation was not answered nothing else is known.
    await this.removeAll((labels) => this.owner.isOwn(labels)).catch(() => undefined);
    const network = await this.known?.catch(() => undefined);
    if (network) await removeNetwork(this.engine, network, this.options.platform);
    this.stopHearing();
    await this.engine.close();
  }

  private async make(spec: ContainerSpec): Promise<Container> {
    if (this.closed) throw new ContainerError(`The container ${spec.name} was not started: the driver is closed.`);
    const unavailable = this.unavailable(spec);
    if (unavailable !== undefined) throw new ContainerError(unavailable);
    const own = spec.image === undefined ? this.options.imageOf(spec.kind) : this.options.blackboxOf?.(spec.image);
    const image = own ?? spec.image!;
    const deadline = Date.now() + (this.options.patience ?? PATIENCE);
    for (let tried: string | undefined, renewed = false; ; ) {
      try {
        // What an engine was told before it went it may have done.
        if (tried !== undefined) await this.remove(tried);
        tried = `${this.options.platform}-${spec.name.replace(/[^\w.-]+/g, "-")}-${randomBytes(4).toString("hex")}`;
        await this.images.ensure(image, own === undefined);
        return await this.launch(spec, image, tried);
      } catch (error) {
        if (!renewed && error instanceof EngineError && error.status === 404) {
          // Another invoker was the last on the network, and has removed it.
          renewed = true;
          this.known = undefined;
        } else if (isAway(error) && !this.closed && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        } else throw error;
      }
    }
  }

  private async launch(spec: ContainerSpec, image: string, name: string): Promise<Container> {
    const network = await this.network();
    const container = await this.place(spec, image, network.name, name);
    try {
      await this.start(spec, image, container, network.name);
      return container;
    } catch (error) {
      await container.destroy().catch(() => undefined);
      throw error;
    }
  }

  /** Creates it, without starting it: what it will write is listened to before. */
  private async place(spec: ContainerSpec, image: string, network: string, name: string): Promise<DockerContainer> {
    const body = containerSettings(spec, { image, network, labels: this.owner.labels });
    const { Id: id } = await this.engine.call<{ Id: string }>("POST", "/containers/create", { query: { name }, body });
    try {
      const container = new DockerContainer(id, spec.memory, this.engine, await DockerContainer.attach(this.engine, id));
      this.running.set(id, container);
      void container.gone.then(() => this.forget(container));
      return container;
    } catch (error) {
      await this.remove(id).catch(() => undefined);
      throw error;
    }
  }

  private async start(spec: ContainerSpec, image: string, container: DockerContainer, network: string): Promise<void> {
    let output = "";
    container.onLog((_stream, line) => {
      if (output.length < OUTPUT_SHOWN) output += `\n${line.slice(0, OUTPUT_SHOWN)}`;
    });
    await this.engine.call("POST", `/containers/${container.id}/start`).catch((error: unknown) => {
      if (!isBadImage(error)) throw error;
      throw new ContainerError(`The container ${spec.name} of the image ${image} did not come up: ${(error as Error).message}`, { cause: error, fault: "ended" });
    });
    let ended: string | undefined;
    void container.gone.then((reason) => (ended = reason));
    const ip = await container.addressIn(network);
    const limit = this.options.readyTimeout ?? READY_TIMEOUT;
    const deadline = Date.now() + limit;
    // One that has ended already has no address any more.
    const up = ip ? await listens(ip, PORT, () => ended !== undefined || Date.now() > deadline) : false;
    container.onLog(undefined);
    container.address = { origin: `http://${ip}:${PORT}` };
    if (up && ended === undefined) return;
    if (container.interrupted) throw new EngineError(0, `the Docker engine at ${this.engine.host} went while the container came up`);
    const reason = up || ip === "" || ended !== undefined ? `it ${ended ?? (await container.gone)}` : `it did not listen on port ${PORT} within ${limit} ms`;
    throw new ContainerError(`The container ${spec.name} of the image ${image} did not come up: ${reason}.${output}`, { fault: up || ip === "" || ended !== undefined ? "ended" : "silent" });
  }

  /** One that has ended by itself is still there. */
  private async forget(container: DockerContainer): Promise<void> {
    await container.destroy().catch(() => undefined);
    this.running.delete(container.id);
  }

  /** @param container its id, or its name */
  private remove(container: string): Promise<void> {
    return this.engine.call("DELETE", `/containers/${container}`, { query: { force: true, v: true }, again: true }).catch(unlessRemoved);
  }

  private async removeAll(which: (labels: Record<string, string>) => boolean): Promise<void> {
    try {
      const found = await this.engine.call<{ Id: string; Labels: Record<string, string> }[]>("GET", "/containers/json", { query: { all: true, filters: this.owner.filter } });
      const chosen = found.filter(({ Labels }) => which(Labels));
      await Promise.all(chosen.map(({ Id }) => this.remove(Id)));
    } catch (error) {
      throw new ContainerError(`Containers that earlier processes have left could not be removed: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Its program cannot be started: it is not there, or is none. */
const isBadImage = (error: unknown): boolean => error instanceof EngineError && error.status === 400;

function unlessRemoved(error: unknown): void {
  if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
}
