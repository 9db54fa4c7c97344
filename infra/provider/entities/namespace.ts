import { createHash, randomUUID } from "node:crypto";
import { toSeconds } from "../../platform/duration";
import { randomKey } from "../background/keys";
import type { Connection } from "../connection";
import { changesOf, sameValue, type ResourceDescription } from "../description";
import { UNKNOWN, type CheckContext, type CheckFailure, type Difference, type OperationContext, type Properties, type ResourceHandler, type State } from "../resource";
import { Client, PlatformError, type Call } from "./client";
import { compact, unlessEmpty } from "./keyValues";
import { checkOwnLimits, ownLimitsProperty } from "./namespaceLimits";
import { unlessDefault } from "./shared";

/** What the admin API tells of a namespace. */
interface NamespaceState {
  name: string;
  uuid: string;
  subject: string;
  blocked: boolean;
  limits: Properties;
  keys: { id: string; expires?: string }[];
}

const NAME = /^\w[\w@.-]{0,127}$/;
/** How long the key before stays good after a new one. Seconds. */
const OVERLAP = 3600;

/** A tenant of the platform, by its admin API. */
export class NamespaceHandler implements ResourceHandler {
  readonly token = "stackwhisk:index:Namespace";
  readonly description: ResourceDescription = {
    description: "A namespace: a tenant of the platform with its own entities, key and limits. It needs the provider's `adminKey`.",
    properties: {
      name: { type: "string", input: "optional", present: true, replaces: true, description: "Its name on the platform. Default: the resource's own name as it is. Another name makes a new namespace." },
      subject: { type: "string", input: "optional", description: "Whom its activations name as their subject. Default: its name." },
      limits: ownLimitsProperty,
      blocked: { type: "boolean", input: "optional", default: false, description: "Its keys open nothing, and nothing of it is started." },
      rotation: { type: "string", input: "optional", description: "Any text, such as a date: another one makes a new key." },
      overlap: { type: { oneOf: ["integer", "string"] }, input: "optional", present: true, default: "1 hour", description: "How long the key before stays good after a new one was made: seconds, or such as `1 day`." },
      deleteContents: { type: "boolean", input: "optional", default: false, description: "When it is deleted, everything in it is deleted too. Otherwise it has to be empty then." },
      uuid: { type: "string", present: true, description: "The user part of its keys." },
      auth: { type: "string", secret: true, description: "Its key, `uuid:key`." },
    },
  };
  private readonly client: Client;

  constructor(connection: Connection) {
    this.client = new Client(connection);
  }

  async check(inputs: Properties, _old: Properties | undefined, context: CheckContext): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    const failures = checkOwnLimits(inputs);
    const { name = context.name, overlap = OVERLAP } = inputs;
    Object.assign(inputs, { name, overlap });
    if (name !== UNKNOWN && (!NAME.test(name as string) || name === "_")) {
      failures.push({ property: "name", reason: `${JSON.stringify(name)} cannot be a namespace's name: up to 128 letters, digits and _ @ . -, and not _ alone` });
    }
    try {
      // 0 ends the key before at once.
      if (overlap !== UNKNOWN && overlap !== 0) inputs.overlap = toSeconds(overlap);
    } catch (error) {
      failures.push({ property: "overlap", reason: (error as Error).message });
    }
    return { inputs: compact(inputs), failures };
  }

  /** A key that somebody has removed on the platform, or that an import did not bring, is made anew. */
  async diff(old: State, inputs: Properties, _context: CheckContext): Promise<Difference> {
    const changes = changesOf(this.description, old.inputs, inputs);
    if (old.outputs.auth === undefined) changes.auth = "update";
    return { changes, deleteBeforeReplace: sameValue(old.inputs.name, inputs.name) };
  }

  plan(inputs: Properties, old: State | undefined): Properties {
    return { ...inputs, uuid: old?.outputs.uuid ?? UNKNOWN, auth: old && !needsKey(old, inputs) ? old.outputs.auth : UNKNOWN };
  }

  async create(inputs: Properties, context: OperationContext): Promise<Omit<State, "inputs">> {
    const name = String(inputs.name);
    const [uuid, key] = [randomUUID(), randomKey()];
    try {
      // Repeating a create that arrived would find the namespace that it had made itself, and call it a conflict.
      const made = await this.put(name, { ...wishOf(inputs), uuid, key }, { overwrite: false }, context);
      return { id: name, outputs: outputsOf(inputs, made, `${uuid}:${key}`) };
    } catch (error) {
      if (!(error instanceof PlatformError) || error.status !== 409 || !error.message.includes("exists already")) throw error;
      const take = `pulumi import ${this.token} ${context.urn.split("::").at(-1)} ${name}`;
      throw new Error(`${subjectOf(name)} exists already and is not of this stack: take it over with \`${take}\`, delete it, or use another name`, { cause: error });
    }
  }

  async read(old: State, context: OperationContext): Promise<State | undefined> {
    const found = await this.get(old.id, context);
    if (!found) return undefined;
    const { limits, blocked, subject, name } = found;
    const inputs = compact({
      ...old.inputs,
      overlap: old.inputs.overlap ?? OVERLAP,
      name,
      limits: unlessEmpty(limits, old.inputs.limits),
      blocked: unlessDefault(blocked, false, old.inputs.blocked),
      subject: unlessDefault(subject, name, old.inputs.subject),
    });
    return { id: name, inputs, outputs: outputsOf(inputs, found, keyThatOpens(found, old.outputs.auth)) };
  }

  /** The new key is good before the one before begins to end. */
  async update(old: State, inputs: Properties, context: OperationContext): Promise<Properties> {
    const changed = await this.put(old.id, wishOf(inputs), { overwrite: true }, context);
    if (!needsKey(old, inputs)) return outputsOf(inputs, changed, old.outputs.auth);
    const key = randomKey();
    await this.addKey(old.id, { key }, context);
    const before = secretOf(keyThatOpens(changed, old.outputs.auth));
    if (before !== undefined) await this.addKey(old.id, { key: before, expiresIn: inputs.overlap }, context);
    return outputsOf(inputs, changed, `${changed.uuid}:${key}`);
  }

  async delete(old: State, context: OperationContext): Promise<void> {
    const force = String(old.inputs.deleteContents ?? old.outputs.deleteContents ?? false);
    try {
      await this.call("DELETE", old.id, "", context, { query: { force } });
    } catch (error) {
      if (!(error instanceof PlatformError) || error.status !== 404) throw error;
    }
  }

  private async get(name: string, context: OperationContext): Promise<NamespaceState | undefined> {
    try {
      return await this.call<NamespaceState>("GET", name, "", context);
    } catch (error) {
      if (error instanceof PlatformError && error.status === 404) return undefined;
      throw error;
    }
  }

  private put(name: string, body: Properties, { overwrite }: { overwrite: boolean }, context: OperationContext): Promise<NamespaceState> {
    return this.call("PUT", name, "", context, { query: { overwrite: String(overwrite) }, body, repeatable: overwrite });
  }

  private addKey(name: string, body: Properties, context: OperationContext): Promise<unknown> {
    return this.call("POST", name, "/keys", context, { body });
  }

  private call<T>(method: Call["method"], name: string, below: string, { signal }: OperationContext, rest: Partial<Call> = {}): Promise<T> {
    return this.client.call<T>({ method, path: `${encodeURIComponent(name)}${below}`, subject: subjectOf(name), admin: true, signal, ...rest });
  }
}

const subjectOf = (name: string): string => `namespace ${JSON.stringify(name)}`;

/** What the platform is told: all of it, so that what was taken out of the program goes. */
const wishOf = ({ subject, name, limits = {}, blocked = false }: Properties): Properties => ({ subject: subject ?? name, limits, blocked });

const needsKey = (old: State, inputs: Properties): boolean => old.outputs.auth === undefined || !sameValue(old.inputs.rotation, inputs.rotation);

const outputsOf = (inputs: Properties, { uuid }: NamespaceState, auth: unknown): Properties => compact({ ...inputs, uuid, auth });

function secretOf(auth: unknown): string | undefined {
  return typeof auth === "string" ? auth.slice(auth.indexOf(":") + 1) : undefined;
}

/** The key, if it is still one of the namespace's: the platform names each by the beginning of its hash. */
function keyThatOpens({ uuid, keys }: NamespaceState, auth: unknown): unknown {
  const secret = secretOf(auth);
  if (secret === undefined || !String(auth).startsWith(`${uuid}:`)) return undefined;
  const id = createHash("sha256").update(secret).digest("hex").slice(0, 12);
  return keys.some((key) => key.id === id) ? auth : undefined;
}
