import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * A way to a server that a test can break: it stalls as a partition does (bytes vanish both ways, connections are neither
 * refused nor ended), resets as a lost process does, and resumes.
 */
export class TcpProxy {
  private readonly server: Server;
  private readonly pairs = new Set<Pair>();
  private state: "passing" | "stalled" | "refusing" = "passing";

  private constructor(
    private readonly target: { host: string; port: number },
    readonly host: string,
  ) {
    this.server = createServer((client) => this.accept(client));
  }

  /** Listens on a free port of 127.0.0.1. */
  static async to(target: { host: string; port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      proxy.server.once("error", reject);
      proxy.server.listen(0, proxy.host, resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that clients have to it. */
  get connections(): number {
    return this.pairs.size;
  }

  /** The URL with this proxy in the place of its host and port. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = this.host;
    changed.port = String(this.port);
    return changed.href;
  }

  /** What is sent from now on is lost, both ways, and nobody is told. New connections come about, but nothing passes. */
  stall(): void {
    this.state = "stalled";
  }

  /** All connections are reset. @param refuse the same becomes of new ones until `resume` */
  reset({ refuse = false }: { refuse?: boolean } = {}): void {
    this.state = refuse ? "refusing" : "passing";
    for (const pair of [...this.pairs]) this.drop(pair);
  }

  /** New connections pass. Those that were stalled are reset: a part of what was sent on them is missing. */
  resume(): void {
    const wasStalled = this.state === "stalled";
    this.state = "passing";
    if (wasStalled) for (const pair of [...this.pairs]) this.drop(pair);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.reset({ refuse: true });
    await closed;
  }

  private accept(client: Socket): void {
    if (this.state === "refusing") {
      client.on("error", () => {});
      client.resetAndDestroy();
      return;
    }
    // A connection that begins in a partition stays without its other side.
    const pair: Pair = { client, server: this.state === "stalled" ? undefined : connect({ ...this.target, noDelay: true }) };
    client.setNoDelay(true);
    this.pairs.add(pair);
    for (const socket of [pair.client, pair.server]) {
      socket?.on("error", () => this.drop(pair));
      socket?.on("close", () => this.state !== "stalled" && this.drop(pair));
    }
    this.pass(client, pair.server);
    if (pair.server) this.pass(pair.server, client);
  }

  private pass(from: Socket, to: Socket | undefined): void {
    from.on("data", (chunk) => {
      if (this.state !== "passing" || !to) return;
      if (!to.write(chunk)) {
        from.pause();
        to.once("drain", () => from.resume());
      }
    });
  }

  private drop(pair: Pair): void {
    if (!this.pairs.delete(pair)) return;
    pair.client.resetAndDestroy();
    pair.server?.resetAndDestroy();
  }
}

interface Pair {
  client: Socket;
  server: Socket | undefined;
}
