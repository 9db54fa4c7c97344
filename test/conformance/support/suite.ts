import { randomBytes } from "node:crypto";
import { until } from "../../support/until";
import { type ActivationRecord, type Answer, Api } from "./api";
import type { Server, Target } from "./target";

/** Runs that wait for something of their own end within this. Milliseconds. */
const RECORD_LIMIT = 30_000;

/** What `GET /` tells. */
interface Information {
  limits: Record<string, number>;
  runtimes: Record<string, { kind: string; default: boolean }[]>;
}

/** One run of all checks against one server. */
export class Suite {
  private readonly prefix = `cf${randomBytes(4).toString("hex")}-`;
  private server?: Server;
  /** Namespaces that were made for single checks. */
  private readonly tenants: string[] = [];
  private apis?: { own: Api; other: Api | undefined };
  private facts?: { namespace: string; otherNamespace: string; information: Information; limits: Record<string, number> };

  constructor(readonly target: Target) {}

  /** A name of this run's own: what else is on the server does not matter, and stays. */
  readonly n = (name: string): string => this.prefix + name;

  get api(): Api {
    return this.apis!.own;
  }

  /** With the key of a second namespace. */
  get other(): Api {
    return this.apis!.other!;
  }

  get namespace(): string {
    return this.facts!.namespace;
  }

  get otherNamespace(): string {
    return this.facts!.otherNamespace;
  }

  get information(): Information {
    return this.facts!.information;
  }

  /** Of the namespace, as `GET limits` tells them. */
  get limits(): Record<string, number> {
    return this.facts!.limits;
  }

  async start(): Promise<void> {
    this.server = await this.target.start();
    const { apiHost, auth, authOther } = this.server;
    const own = new Api(apiHost, auth);
    const other = authOther === undefined ? undefined : new Api(apiHost, authOther);
    this.apis = { own, other };
    this.facts = {
      namespace: await namespaceOf(own),
      otherNamespace: other ? await namespaceOf(other) : "",
      information: (await own.must("GET /")).body as Information,
      limits: (await own.must("GET limits")).body as Record<string, number>,
    };
    // Gives back what it gets: most checks need no other code.
    await own.putAction(this.n("echo"), "function main(args) { return args }");
  }

  async end(): Promise<void> {
    for (const name of this.tenants) await this.admin(`DELETE /admin/v1/namespaces/${name}?force=true`);
    await this.apis?.own.removeAll();
    await this.apis?.other?.removeAll();
    await this.server?.dispose();
  }

  /** A namespace of its own, with these limits. */
  async tenant(name: string, limits: Record<string, unknown>): Promise<Api> {
    const made = await this.admin(`PUT /admin/v1/namespaces/${this.n(name)}`, { limits });
    this.tenants.push(this.n(name));
    const api = new Api(this.server!.apiHost, made.body.auth as string);
    await until("the namespace is known", async () => (await api.call("GET /api/v1/namespaces")).status === 200);
    return api;
  }

  /** A call of the admin API, whose paths are the platform's own. */
  async admin(line: string, body?: unknown): Promise<Answer> {
    return this.api.must(line, { auth: null, headers: { authorization: `Bearer ${this.server!.adminKey}` }, ...(body !== undefined && { body }) });
  }

  /** The record of an activation, once it is there. */
  async record(id: string, api = this.api): Promise<ActivationRecord> {
    return until(`the record of ${id}`, async () => {
      const { status, body } = await api.call(`GET activations/${id}`);
      return status === 200 && (body as ActivationRecord);
    }, RECORD_LIMIT);
  }

  /** Replaces `{ns}` and `{other}` by the names of the namespaces, which are known only when it runs. */
  fill(text: string): string {
    return text.replaceAll("{ns}", this.namespace).replaceAll("{other}", this.otherNamespace);
  }
}

export const annotation = (record: { annotations: { key: string; value: unknown }[] }, key: string): unknown => record.annotations.find((each) => each.key === key)?.value;

async function namespaceOf(api: Api): Promise<string> {
  return ((await api.must("GET /api/v1/namespaces")).body as string[])[0]!;
}
