import { Client, type Dispatcher, Pool } from "undici";
import type { Container } from "../core/ports/containers";

/** What came of a request to a runtime. */
export type Reply =
  /** `bytes`: size of the whole body, of which `body` is the beginning if `truncated`. */
  | { kind: "answered"; status: number; body: string; bytes: number; truncated: boolean }
  /** Nothing came within the time limit; the code may still be running. */
  | { kind: "timeout" }
  /** The connection broke after the request was sent. */
  | { kind: "closed" }
  /** The request was not sent: the runtime has not seen it. */
  | { kind: "unsent"; reason: string };

/** Bytes of an answer that are kept. */
const BODY_LIMIT = 1024 * 1024;
const HEADERS = ["content-type", "application/json"];

/** Talks to the runtime in one container, over one connection that stays open, or as many as it takes. */
export class ContainerClient {
  private client: Client | Pool;
  private readonly origin: string;
  private readonly options: Client.Options;
  private readonly local: boolean;

  constructor(
    address: Container["address"],
    private readonly bodyLimit = BODY_LIMIT,
  ) {
    const socketPath = "socketPath" in address ? address.socketPath : undefined;
    this.local = socketPath !== undefined;
    this.origin = "origin" in address ? address.origin : "http://runtime";
    this.options = {
      connect: socketPath === undefined ? {} : { socketPath },
      pipelining: 1,
      // A timer of our own bounds the whole exchange and is exact; undici's are coarse and bound its parts.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    };
    this.client = new Client(this.origin, this.options);
  }

  /** From now on so many requests may be under way at a time. */
  widen(connections: number): void {
    this.client.close().catch(() => undefined);
    this.client = new Pool(this.origin, { ...this.options, connections });
  }

  /**
   * Never rejects.
   *
   * @param body JSON text
   * @param timeout milliseconds from now until the end of the answer; infinite: none
   */
  post(path: "/init" | "/run", body: string, timeout: number): Promise<Reply> {
    return new Promise((resolve) => {
      const handler = new Exchange(this.bodyLimit, timeout, this.local, resolve);
      this.client.dispatch({ method: "POST", path, headers: HEADERS, body }, handler);
    });
  }

  /** Lets go of the connection; a request under way ends as closed. */
  close(): void {
    this.client.destroy().catch(() => undefined);
  }
}

/** One request and its answer. The plain handler is undici's cheapest interface: no streams, one promise. */
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private chunks: Buffer[] = [];
  private bytes = 0;
  private kept = 0;
  private readonly timer: NodeJS.Timeout | undefined;
  private settled = false;

  constructor(
    private readonly limit: number,
    timeout: number,
    private readonly local: boolean,
    private readonly resolve: (reply: Reply) => void,
  ) {
    if (timeout !== Infinity) this.timer = setTimeout(() => this.expire(), Math.max(timeout, 1));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It timed out while the connection was being made.
    if (this.settled) controller.abort(new Error("timeout"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // What is too long is read to its end and dropped: its size is part of the error, and the connection stays good.
    this.bytes += chunk.length;
    if (this.kept >= this.limit) return;
    const part = this.kept + chunk.length > this.limit ? chunk.subarray(0, this.limit - this.kept) : chunk;
    this.kept += part.length;
    this.chunks.push(part);
  }

  onResponseEnd(): void {
    const body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.settle({ kind: "answered", status: this.status, body: body.toString("utf8"), bytes: this.bytes, truncated: this.bytes > this.limit });
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error & { code?: string }): void {
    const unseen = this.controller === undefined || (this.local && this.status === 0 && isUnread(error.code));
    this.settle(unseen ? { kind: "unsent", reason: error.message } : { kind: "closed" });
  }

  private expire(): void {
    this.settle({ kind: "timeout" });
    this.controller?.abort(new Error("timeout"));
  }

  private settle(reply: Reply): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.resolve(reply);
  }
}

/**
 * Whether a Unix socket broke with part of the request unread: then the runtime, which runs nothing before it has the
 * whole request, has not run it. Linux reports the end of a peer that had read everything as a plain end instead
 * (`unix_release_sock`); of other systems and of TCP nothing can be said.
 */
const isUnread = (code: string | undefined): boolean => process.platform === "linux" && (code === "ECONNRESET" || code === "EPIPE");
