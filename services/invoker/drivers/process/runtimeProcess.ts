import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { Container, LogListener, LogStream } from "../../../core/ports/containers";
import { signalGroup } from "./identity";
import { LineSplitter } from "../lines";
import { isOutOfHeap } from "../outOfHeap";
import { MemoryLimit } from "./memory";

/** How long the output of a process that has ended may still come: a child of its own may hold the pipes. Milliseconds. */
const OUTPUT_GRACE = 200;

/** A container that is a group of processes on this machine. */
export class RuntimeProcess implements Container {
  readonly id: string;
  readonly address: { socketPath: string };
  readonly gone: Promise<string>;
  private listener: LogListener | undefined;
  private ended = false;
  private readonly limit: MemoryLimit;
  private overfilled = false;

  /**
   * @param child leader of a process group of its own, with pipes as its standard streams
   * @param memory MB
   */
  constructor(
    private readonly child: ChildProcess,
    socketPath: string,
    memory: number,
  ) {
    this.id = String(child.pid ?? 0);
    this.limit = new MemoryLimit(child.pid ?? 0, memory);
    this.address = { socketPath };
    this.read("stdout", child.stdout!);
    this.read("stderr", child.stderr!);
    for (const stream of child.stdio) stream?.on("error", () => undefined);
    this.gone = this.watch();
  }

  onLog(listener: LogListener | undefined): void {
    this.listener = listener;
  }

  exhausted(): boolean {
    if (!this.ended) this.overfilled ||= this.limit.isExceeded();
    return this.overfilled;
  }

  loaded(): void {
    this.limit.settle();
  }

  async pause(): Promise<void> {
    this.signal("SIGSTOP");
  }

  async resume(): Promise<void> {
    this.signal("SIGCONT");
  }

  async destroy(): Promise<void> {
    this.signal("SIGKILL");
    await this.gone;
  }

  private signal(signal: NodeJS.Signals): void {
    if (!this.ended && this.child.pid !== undefined) signalGroup(this.child.pid, signal);
  }

  private read(stream: LogStream, source: Readable): void {
    const lines = new LineSplitter((line) => {
      if (stream === "stderr" && isOutOfHeap(line)) this.overfilled = true;
      this.listener?.(stream, line, Date.now());
    });
    source.on("data", (chunk: Buffer) => lines.push(chunk));
    source.on("end", () => lines.end());
  }

  /** Resolves when the process has ended and its output has been read. */
  private watch(): Promise<string> {
    const { child } = this;
    return new Promise((resolve) => {
      child.once("error", (error) => {
        // A failing kill is reported here too, but then there is a process, and its end comes as an exit.
        if (child.pid !== undefined) return;
        this.ended = true;
        resolve(`could not be started: ${error.message}`);
      });
      child.once("exit", (code, signal) => {
        this.ended = true;
        // What the action started must not outlive it.
        signalGroup(child.pid!, "SIGKILL");
        const reason = signal ? `was ended by ${signal}` : `exited with code ${code}`;
        const grace = setTimeout(() => {
          for (const stream of child.stdio) stream?.destroy();
        }, OUTPUT_GRACE);
        child.once("close", () => {
          clearTimeout(grace);
          resolve(reason);
        });
      });
    });
  }
}
