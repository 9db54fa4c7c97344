import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server in the place of an engine, for what a real one does not do on demand: registries, and being away. */
export class FakeEngine {
  /** Of each request `<method> <path>`, in order. */
  readonly asked: string[] = [];
  private readonly server = createServer((request, response) => {
    this.asked.push(`${request.method} ${request.url}`);
    this.answer(request, response);
  });

  private constructor(public answer: Answer) {}

  static async start(answer: Answer): Promise<FakeEngine> {
    const engine = new FakeEngine(answer);
    await new Promise<void>((resolve) => engine.server.listen(0, "127.0.0.1", resolve));
    return engine;
  }

  get host(): string {
    return `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function reply(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body === undefined ? undefined : JSON.stringify(body));
}
