import type { Readable } from "node:stream";
import { pauses } from "../../../core/again";
import { type Container, ContainerError, type LogListener, type LogStream } from "../../../core/ports/containers";
import { LineSplitter } from "../lines";
import { isOutOfHeap } from "../outOfHeap";
import { type CallOptions, type Engine, EngineError, isAway } from "./engine";
import { FrameReader } from "./frames";
import { memorySettings } from "./settings";

/** How long the end of a container may come after that of its output: else it lives, and it was the engine that went. Milliseconds. */
const END_LIMIT = 5_000;
/** How long the output of a container that was removed may still come. Milliseconds. */
const OUTPUT_GRACE = 200;
/** Between two questions to an engine that is away. Milliseconds. */
const PAUSE = 500;
/** Between two attempts to remove what could not be removed. Milliseconds. */
const REMOVAL = { first: 500, longest: 30_000 };
/** How long a run waits for more memory, or for less. Milliseconds. */
const UPDATE_LIMIT = 5_000;
/** How long one that is paused is waited for, until another is started. Milliseconds. */
const RESUME_LIMIT = 30_000;

const MB = 1024 * 1024;
/** MB of code that any container has room for while it loads it. */
const SMALL = 2;
/** How often larger code is there while it is loaded: as it came, as text, as an archive, unpacked. */
const COPIES = 6;

interface Description {
  State: { Running: boolean; Status: string; ExitCode: number; OOMKilled: boolean };
  NetworkSettings: { Networks: Record<string, { IPAddress: string } | undefined> };
}

/** A container of the Docker engine. */
export class DockerContainer implements Container {
  address: { origin: string } = { origin: "" };
  readonly gone: Promise<string>;
  private listener: LogListener | undefined;
  private readonly lines: Record<LogStream, LineSplitter>;
  private output: Readable | undefined;
  private overfilled = false;
  /** MB. */
  private code = 0;
  private destroyed = false;
  private removal: Promise<void> | undefined;
  private owed = false;
  private over = false;
  /** The engine was away while it lived. */
  interrupted = false;

  /**
   * @param memory MB
   * @param output both streams of it, as {@link attach} gives them
   */
  constructor(
    readonly id: string,
    private readonly memory: number,
    private readonly engine: Engine,
    output: Readable,
  ) {
    this.lines = { stdout: this.splitter("stdout"), stderr: this.splitter("stderr") };
    this.gone = this.watch(output).then((reason) => {
      this.over = true;
      return reason;
    });
  }

  /** The one connection on which all that a container writes comes, from its start to its end. */
  static attach(engine: Engine, id: string): Promise<Readable> {
    return engine.stream("POST", `/containers/${id}/attach`, { query: { stream: true, stdout: true, stderr: true } });
  }

  /** Address of it in a network. @throws EngineError */
  async addressIn(network: string): Promise<string | undefined> {
    return (await this.inspect()).NetworkSettings.Networks[network]?.IPAddress;
  }

  onLog(listener: LogListener | undefined): void {
    this.listener = listener;
  }

  exhausted(): boolean {
    return this.overfilled;
  }

  /** The kernel has ended a process of it for lack of memory. */
  noteOutOfMemory(): void {
    this.overfilled = true;
  }

  async loading(bytes: number): Promise<void> {
    this.code = bytes / MB;
    if (this.code < SMALL) return;
    await this.limitMemory(this.memory + this.code * COPIES);
  }

  loaded(): void {
    if (this.code >= SMALL) void this.settle();
  }

  pause(): Promise<void> {
    return this.order("pause");
  }

  resume(): Promise<void> {
    // Those that wait for it do not wait for the starts of others.
    return this.order("unpause", { long: true, limit: RESUME_LIMIT });
  }

  async destroy(): Promise<void> {
    this.destroyed = true;
    // For all who want it gone: the engine tells a second one only that it is at it.
    this.removal ??= this.remove().catch((error: unknown) => {
      this.removal = undefined;
      throw error;
    });
    await this.removal;
    const grace = setTimeout(() => this.output?.destroy(), OUTPUT_GRACE);
    await this.gone;
    clearTimeout(grace);
  }

  /** The limit that holds from now on. What cannot be given back, because it is in use, stays on top of it. */
  private async settle(): Promise<void> {
    for (let copies = 0; copies < COPIES; copies++) if (await this.limitMemory(this.memory + copies * this.code)) return;
  }

  private limitMemory(memory: number): Promise<boolean> {
    return this.engine.call("POST", `/containers/${this.id}/update`, { body: memorySettings(memory), again: true, limit: UPDATE_LIMIT }).then(
      () => true,
      () => false,
    );
  }

  /** Ends it if it runs. Removing what is removed, or about to be, succeeds. */
  private async remove(): Promise<void> {
    try {
      await this.engine.call("DELETE", `/containers/${this.id}`, { query: { force: true, v: true }, again: true });
    } catch (error) {
      if (isDone(error)) return;
      void this.removeLater();
      throw new ContainerError(`The container ${this.id.slice(0, 12)} could not be removed: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Nobody asks for it a second time, and it might run for ever. */
  private async removeLater(): Promise<void> {
    if (this.owed) return;
    this.owed = true;
    const pause = pauses(REMOVAL, (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()));
    for (let removed = false; !removed && !this.engine.closed; ) {
      await pause();
      removed = await this.engine.call("DELETE", `/containers/${this.id}`, { query: { force: true, v: true } }).then(() => true, isDone);
    }
  }

  /** What has ended, or is just ending, cannot be told anything; `gone` tells of it. */
  private async order(what: "pause" | "unpause", options: CallOptions = {}): Promise<void> {
    if (this.over || this.destroyed) return;
    try {
      await this.engine.call("POST", `/containers/${this.id}/${what}`, options);
    } catch (error) {
      if (!isDone(error)) throw new ContainerError(`The container ${this.id.slice(0, 12)} could not be told to ${what}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Resolves when it has ended and its output has been read. */
  private async watch(output: Readable): Promise<string> {
    for (let next: Readable | undefined = output; ; next = await this.attachAgain()) {
      if (next) await this.read(next);
      const reason = await this.end();
      if (reason === undefined) continue;
      for (const splitter of Object.values(this.lines)) splitter.end();
      return reason;
    }
  }

  private read(output: Readable): Promise<void> {
    this.output = output;
    const frames = new FrameReader((stream, bytes) => this.lines[stream].push(bytes));
    output.on("data", (chunk: Buffer) => frames.push(chunk));
    output.on("error", () => undefined);
    return new Promise((resolve) => output.once("close", resolve));
  }

  /** Why it is gone; undefined: it lives. An engine that is away is waited for: it knows. */
  private async end(): Promise<string | undefined> {
    for (let asked = false; !this.destroyed; ) {
      const signal = AbortSignal.timeout(END_LIMIT);
      try {
        if (!asked) await this.engine.call("POST", `/containers/${this.id}/wait`, { long: true, signal });
        const { State } = await this.inspect();
        if (State.Running) return undefined;
        if (State.OOMKilled) this.overfilled = true;
        return reasonOf(State);
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) return "was removed";
        if (signal.aborted) return undefined;
        // When it is back, it knows at once.
        if (isAway(error)) this.interrupted = asked = true;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
    return "was ended by SIGKILL";
  }

  private async attachAgain(): Promise<Readable | undefined> {
    try {
      return await DockerContainer.attach(this.engine, this.id);
    } catch {
      // Whether it has ended is asked next.
      return undefined;
    }
  }

  private inspect(): Promise<Description> {
    return this.engine.call<Description>("GET", `/containers/${this.id}/json`);
  }

  private splitter(stream: LogStream): LineSplitter {
    return new LineSplitter((line) => {
      if (stream === "stderr" && isOutOfHeap(line)) this.overfilled = true;
      this.listener?.(stream, line, Date.now());
    });
  }
}

/** It is not there (404); it has ended, is being removed, or is in that state already (409). */
const isDone = (error: unknown): boolean => error instanceof EngineError && (error.status === 404 || error.status === 409);

function reasonOf({ OOMKilled, ExitCode }: Description["State"]): string {
  if (OOMKilled) return "needed more memory than it had, and was ended";
  return ExitCode === 137 ? "was ended by SIGKILL" : `exited with code ${ExitCode}`;
}
