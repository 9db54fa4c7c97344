import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

type Entity = Record<string, unknown>;
export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export const auth = "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP";
const code = "aTransactionId";

/** The routes of the REST API over maps in memory, on a real server: what is stored is what was sent. For tests only. */
export class FakePlatform {
  readonly seen: Seen[] = [];
  readonly entities = new Map<string, Entity>();
  activations: Entity[] = [];
  /** What an action or a trigger answers; the default of an invocation is its activation id alone. */
  answers = new Map<string, Answer>();
  private readonly server = createServer((request, response) => void this.handle(request, response));

  async start(): Promise<this> {
    await new Promise<void>((ready) => this.server.listen(0, "127.0.0.1", ready));
    return this;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((stopped) => void this.server.close(() => stopped()));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What was stored under `actions/hello`. */
  stored(path: string): Entity | undefined {
    return this.entities.get(path);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const seen = {
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text ? (JSON.parse(text) as unknown) : undefined,
    };
    this.seen.push(seen);
    const { status = 200, body, headers = {} } = this.answer(seen);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
  }

  private answer({ method, path, query, headers, body }: Seen): Answer {
    if (headers.authorization !== `Basic ${Buffer.from(auth).toString("base64")}`)
      return refusal(401, "The supplied authentication is invalid.");
    if (path === "/api/v1") return { body: { build: "2026-07-01T00:00:00Z", buildno: "42" } };
    if (path === "/api/v1/namespaces") return { body: ["guest"] };
    const [, namespace = "", collection = "", rest = ""] = /^\/api\/v1\/namespaces\/([^/]+)\/([^/]+)\/?(.*)$/.exec(path) ?? [];
    const name = decodeURIComponent(rest);
    const planned = this.answers.get(`${method} ${collection}/${name}`);
    if (planned) return planned;
    if (collection === "activations") return this.readActivations(name, query);
    return this.entity(method, namespace === "_" ? "guest" : namespace, collection, name, query, body as Entity);
  }

  private entity(method: string, namespace: string, collection: string, name: string, query: Record<string, string>, body: Entity): Answer {
    const key = `${collection}/${name}`;
    const found = this.entities.get(key);
    if (method === "GET" && (name === "" || name.endsWith("/")))
      return { body: [...this.entities].flatMap(([at, e]) => (at.startsWith(key) ? [e] : [])) };
    if (method === "PUT") {
      if (found && query.overwrite !== "true") return refusal(409, "resource already exists");
      const [entityName, packageName] = name.split("/").reverse();
      const entity = {
        ...found,
        ...body,
        namespace: packageName ? `${namespace}/${packageName}` : namespace,
        name: entityName,
        version: "0.0.1",
        publish: body.publish ?? false,
      };
      this.entities.set(key, entity);
      return { body: entity };
    }
    if (!found) return refusal(404, "The requested resource does not exist.");
    if (method === "DELETE") this.entities.delete(key);
    if (method !== "POST") return { body: found };
    if (collection === "rules") return { body: Object.assign(found, body) };
    return { status: 202, body: { activationId: "44794bd6aab74415b4e42a308d880727" } };
  }

  private readActivations(name: string, { limit = "30", skip = "0", since = "0", name: action }: Record<string, string>): Answer {
    const [id, part] = name.split("/");
    const sorted = this.activations
      .filter((a) => Number(a.start) >= Number(since) && (!action || a.name === action))
      .sort((a, b) => Number(b.start) - Number(a.start));
    if (!id) return { body: sorted.slice(Number(skip), Number(skip) + (Number(limit) || 200)) };
    const found = this.activations.find(({ activationId }) => activationId === id);
    if (!found) return refusal(404, "The requested resource does not exist.");
    return { body: part === "logs" ? { logs: found.logs } : part === "result" ? found.response : found };
  }
}

const refusal = (status: number, error: string): Answer => ({ status, body: { error, code } });
