import { Client } from "undici";
import type { Container } from "../core/ports/containers";

/** What a runtime answered, or why it did not. */
export type RuntimeAnswer =
  | { kind: "answer"; status: number; text: string; bytes: number; truncated: boolean }
  | { kind: "timeout" }
  | { kind: "lost" };

/** HTTP to the runtime of one container: one connection that stays open. */
export class ContainerClient {
  private readonly client: Client;

  constructor(container: Container) {
    const { address } = container;
    const options = { pipelining: 1, keepAliveTimeout: 3_600_000, headersTimeout: 0, bodyTimeout: 0 };
    this.client = "socketPath" in address ? new Client("http://runtime", { ...options, socketPath: address.socketPath }) : new Client(address.origin, options);
  }

  /**
   * @param timeout milliseconds
   * @param limit bytes of the answer that are kept
   */
  post(path: "/init" | "/run", body: string, timeout: number, limit: number): Promise<RuntimeAnswer> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let [status, bytes] = [0, 0];
      const timer = setTimeout(() => resolve({ kind: "timeout" }), timeout);
      const finish = (answer: RuntimeAnswer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      // Without undici's streams: this is what every invocation passes.
      this.client.dispatch(
        { method: "POST", path, headers: HEADERS, body },
        {
          onRequestStart: () => {},
          onResponseStart: (_controller, code) => {
            status = code;
          },
          onResponseData: (_controller, chunk) => {
            if (bytes < limit) chunks.push(bytes + chunk.length <= limit ? chunk : chunk.subarray(0, limit - bytes));
            bytes += chunk.length;
          },
          onResponseEnd: () => finish({ kind: "answer", status, text: (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString("utf8"), bytes, truncated: bytes > limit }),
          onResponseError: () => finish({ kind: "lost" }),
        },
      );
    });
  }

  close(): void {
    this.client.destroy().catch(() => {});
  }
}

const HEADERS = { "content-type": "application/json" };
