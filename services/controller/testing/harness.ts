import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import request, { type Response, type Test } from "supertest";
import type { Identity } from "../../core/model/entities";
import type { OwnLimits } from "../../core/model/namespaceLimits";
import type { Kinds } from "../../core/ports/kinds";
import type { Logger } from "../../core/owner/context";
import { identityOf } from "../../core/testing/fixtures";
import { World } from "../../core/testing/world";
import { keyOf } from "../../core/tenants/keys";
import { createController } from "../app";
import { Authenticator } from "../http/auth";

export const PLATFORM_SECRET = "platform secret";
export const ADMIN_KEY = "an admin key of at least 32 characters".replaceAll(" ", "-");

/** Any kind of nodejs but the deprecated one is nodejs:24; swift cannot run here. */
const kinds: Kinds = {
  resolve: (kind) => ({ nodejs: "nodejs:24", "nodejs:default": "nodejs:24", "nodejs:24": "nodejs:24", "nodejs:6": "nodejs:6", "java:8": "java:8", "swift:6.0": "swift:6.0" })[kind],
  isDeprecated: (kind) => kind === "nodejs:6",
  needsMain: (kind) => kind === "java:8",
  names: ["nodejs:24", "nodejs:6", "java:8", "swift:6.0"],
  unavailable: ({ kind }) => (kind === "swift:6.0" ? "Swift is not installed: apt-get install swiftlang." : undefined),
  description: { nodejs: [{ kind: "nodejs:24", default: true }] },
};

type Method = "get" | "put" | "post" | "delete" | "options" | "patch" | "head";

export interface Options {
  /** Namespace that calls; null: nobody. @default guest */
  as?: string | null;
  query?: Record<string, string | number | boolean>;
  headers?: Record<string, string>;
}

/** Whoever gets a 500 in a test sees why. */
const telling = (logger: Logger): Logger => ({
  ...logger,
  error: (fields, message) => {
    console.error(message, fields);
    logger.error(fields, message);
  },
});

/** A controller in front of a platform in memory, and a client of it. */
export class Harness {
  readonly world = World.inMemory();
  ready = true;
  readonly server: Server;

  private constructor() {
    const { context, owner, entities, tenants } = this.world;
    const now = () => ++this.world.time;
    const authenticator = new Authenticator(tenants, PLATFORM_SECRET, now);
    const app = createController({ ...context, logger: telling(context.logger), entities, owner, authenticator, tenants, admin: { key: ADMIN_KEY, permanent: ["guest"] }, kinds, pid: process.pid, version: "1.2.3", now, ready: () => this.ready });
    this.server = app.listen(0, "127.0.0.1");
  }

  /** With the namespaces `guest` and `other`. */
  static async start(): Promise<Harness> {
    const harness = new Harness();
    await once(harness.server, "listening");
    for (const name of ["guest", "other"]) await harness.addNamespace(identityOf(name));
    return harness;
  }

  async addNamespace({ namespace: name, uuid, subject }: Identity): Promise<void> {
    await this.world.tenants.put({ name, uuid, subject, keys: [keyOf(`secret of ${name}`, 0)], blocked: false, limits: {}, rev: 1 });
  }

  /** Gives a namespace limits of its own, as an administrator would. */
  async limit(name: string, limits: OwnLimits): Promise<void> {
    const namespace = (await this.world.tenants.stored(name))!;
    await this.world.tenants.put({ ...namespace, limits, rev: namespace.rev + 1 });
  }

  key(namespace: string): string {
    return `${identityOf(namespace).uuid}:secret of ${namespace}`;
  }

  /** To a path below `/api/v1/namespaces/_`, or to any that begins with a slash. */
  send(method: Method, path: string, body?: unknown, { as = "guest", query = {}, headers = {} }: Options = {}): Test {
    const test = request(this.server)[method](path.startsWith("/") ? path : `/api/v1/namespaces/_/${path}`).query(query);
    if (as !== null) void test.set("authorization", `Basic ${Buffer.from(this.key(as)).toString("base64")}`);
    void test.set(headers);
    return body === undefined ? test : test.send(body as object);
  }

  get = (path: string, options?: Options) => this.send("get", path, undefined, options);
  put = (path: string, body: unknown, options?: Options) => this.send("put", path, body, options);
  post = (path: string, body?: unknown, options?: Options) => this.send("post", path, body, options);
  delete = (path: string, options?: Options) => this.send("delete", path, undefined, options);

  /** Puts what a test needs to be there. */
  async have(...things: [path: string, body: unknown, options?: Options][]): Promise<void> {
    for (const [path, body, options] of things) {
      const response = await this.put(path, body, options);
      if (response.status !== 200) throw new Error(`PUT ${path}: ${response.status} ${response.text}`);
    }
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export const CODE = { exec: { kind: "nodejs:24", code: "function main() { return {} }" } };
export const PUBLIC = { publish: true };
export const OTHER: Options = { as: "other" };
export const OVERWRITE: Options = { query: { overwrite: true } };

/** Every refusal has the same shape, and names its request. */
export function expectRefusal(response: Response, status: number, message?: string | RegExp): void {
  expect({ status: response.status, body: response.body as unknown }).toEqual({
    status,
    body: { error: message === undefined ? expect.any(String) : typeof message === "string" ? message : expect.stringMatching(message), code: response.headers["x-request-id"] },
  });
}
