/**
 * The REST routes that the provider uses, in memory, on a real HTTP server: they answer as the platform does, merging
 * and defaults included. It records requests and can be told to misbehave.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FakeAdmin } from "./fakeAdmin";

type Json = Record<string, unknown>;
type KeyValue = { key: string; value: unknown; init?: boolean };

export interface RecordedRequest {
  method: string;
  path: string;
  body: Json | undefined;
}

export const AUTH = "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP";
export const NAMESPACE = "guest";
const LIMITS = { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 };
const KINDS = ["nodejs", "python", "blackbox", "sequence"];

export class FakePlatform {
  readonly entities = new Map<string, Json>();
  readonly admin = new FakeAdmin();
  readonly requests: RecordedRequest[] = [];
  /** Answers a request instead of the routes; returning false leaves it to them. */
  intercept: (request: RecordedRequest, response: ServerResponse) => boolean = () => false;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  static async start(): Promise<FakePlatform> {
    const platform = new FakePlatform();
    await new Promise<void>((resolve) => platform.server.listen(0, "127.0.0.1", resolve));
    return platform;
  }

  get apiHost(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** `key`: for example `actions/images/resize`. */
  entity<T = Json>(key: string): T {
    const entity = this.entities.get(key);
    if (!entity) throw new Error(`no ${key} among ${[...this.entities.keys()].join(", ")}`);
    return entity as T;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url!, "http://platform");
    const recorded = { method: request.method!, path: url.pathname + url.search, body: text === "" ? undefined : (JSON.parse(text) as Json) };
    this.requests.push(recorded);
    if (this.intercept(recorded, response)) return;
    const [status, body] = url.pathname.startsWith("/admin/v1/")
      ? this.admin.answer(request.method!, request.headers.authorization, url, recorded.body ?? {})
      : this.answer(request, url, recorded.body ?? {});
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  private answer(request: IncomingMessage, url: URL, body: Json): [number, unknown] {
    if (request.headers.authorization !== `Basic ${Buffer.from(AUTH).toString("base64")}`) {
      return [401, { error: "The supplied authentication is invalid.", code: "x" }];
    }
    const [, , , , namespace, collection, ...names] = url.pathname.split("/").map(decodeURIComponent);
    if (namespace !== "_" && namespace !== NAMESPACE) return [403, { error: "The supplied authentication is not authorized to access this resource.", code: "x" }];
    const key = [collection, ...names].join("/");
    const old = this.entities.get(key);
    switch (request.method) {
      case "PUT":
        return this.put(key, collection!, names, body, old, url.searchParams.get("overwrite") === "true");
      case "GET":
        return old ? [200, this.merged(collection!, names, old)] : [404, { error: "The requested resource does not exist.", code: "x" }];
      case "DELETE":
        if (!old) return [404, { error: "The requested resource does not exist.", code: "x" }];
        if (collection === "packages" && [...this.entities.keys()].some((other) => other.startsWith(`actions/${names[0]}/`))) {
          return [409, { error: "Package not empty (contains 1 entity)", code: "x" }];
        }
        this.entities.delete(key);
        return [200, old];
      default:
        if (collection !== "rules" || !old) return [404, { error: "The requested resource does not exist.", code: "x" }];
        old.status = body.status;
        return [200, {}];
    }
  }

  private put(key: string, collection: string, names: string[], body: Json, old: Json | undefined, overwrite: boolean): [number, unknown] {
    if (old && !overwrite) return [409, { error: "resource already exists", code: "x" }];
    if (names.length === 2 && !this.entities.has(`packages/${names[0]}`)) return [404, { error: "The requested resource does not exist.", code: "x" }];
    const exec = (body.exec ?? old?.exec) as Json | undefined;
    if (collection === "actions") {
      if (!exec) return [400, { error: "exec undefined", code: "x" }];
      const kind = String(exec.kind).split(":")[0]!;
      if (!KINDS.includes(kind)) return [400, { error: `The kind '${String(exec.kind)}' has no runtime on this machine.`, code: "x" }];
    }
    const entity: Json = {
      namespace: names.length === 2 ? `${NAMESPACE}/${names[0]}` : NAMESPACE,
      name: names.at(-1),
      version: old ? String(old.version).replace(/\d+$/, (patch) => String(Number(patch) + 1)) : "0.0.1",
      publish: body.publish ?? old?.publish ?? false,
      updated: 1_700_000_000_000,
      annotations: body.annotations ?? old?.annotations ?? [],
    };
    if (collection === "actions") Object.assign(entity, actionOf(body, old, exec!, entity));
    else if (collection === "rules") Object.assign(entity, { trigger: pathOf(body.trigger), action: pathOf(body.action), status: old?.status ?? "active" });
    else entity.parameters = body.parameters ?? old?.parameters ?? [];
    if (body.binding) entity.binding = body.binding;
    this.entities.set(key, entity);
    return [200, entity];
  }

  /** What is in a package has the package's parameters. */
  private merged(collection: string, names: string[], entity: Json): Json {
    if (collection !== "actions" || names.length !== 2) return entity;
    const own = entity.parameters as KeyValue[];
    const inherited = (this.entities.get(`packages/${names[0]}`)?.parameters ?? []) as KeyValue[];
    return { ...entity, parameters: [...inherited.filter(({ key }) => !own.some((one) => one.key === key)), ...own] };
  }
}

function actionOf(body: Json, old: Json | undefined, exec: Json, entity: Json): Json {
  const deleted = (body.delAnnotations ?? []) as string[];
  const next = (body.annotations ?? []) as KeyValue[];
  const kept = ((old?.annotations ?? []) as KeyValue[]).filter(({ key }) => key !== "exec" && !deleted.includes(key) && !next.some((one) => one.key === key));
  const annotations = [...kept, ...next];
  if (!old && !annotations.some(({ key }) => key === "provide-api-key")) annotations.push({ key: "provide-api-key", value: false });
  annotations.push({ key: "exec", value: exec.kind });
  if (exec.kind === "sequence") {
    const components = (exec.components as string[]).map((component) => component.replace(/^\/_\//, `/${NAMESPACE}/`));
    return { exec: { kind: "sequence", components }, annotations, parameters: [{ key: "_actions", value: components }], limits: LIMITS };
  }
  const kind = String(exec.kind).replace("nodejs:default", "nodejs:24").replace("python:default", "python:3");
  const limits = { ...LIMITS, ...(old?.limits as object), ...(body.limits as object) };
  return { exec: { binary: false, ...exec, kind }, annotations, parameters: body.parameters ?? old?.parameters ?? [], limits, publish: entity.publish };
}

function pathOf(reference: unknown): { path: string; name: string } {
  const parts = String(reference).replace(/^\/_\//, `/${NAMESPACE}/`).slice(1).split("/");
  return { path: parts.slice(0, -1).join("/"), name: parts.at(-1)! };
}
