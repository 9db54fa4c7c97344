import { randomUUID } from "node:crypto";
import { newCredentials, randomKey } from "../background/keys";
import { changesOf, type ResourceDescription } from "../description";
import { UNKNOWN, type CheckFailure, type Difference, type Properties, type ResourceHandler, type State } from "../resource";

const AUTH = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:\S{32,256}$/i;
const ADMIN_KEY = /^\S{32,256}$/;

/** What is only ever made, whatever the user gives. */
const MADE = ["signingSecret", "rabbitmqPassword", "mongodbPassword"] as const;

/** The secrets of a platform, made once and kept in the stack's state, encrypted. Nothing exists outside of that. */
export class PlatformKeysHandler implements ResourceHandler {
  readonly token = "stackwhisk:index:PlatformKeys";
  readonly description: ResourceDescription = {
    description: "The keys and passwords of a platform: made once, kept in the stack's state as secrets.",
    properties: {
      namespace: { type: "string", input: "optional", present: true, default: "guest", description: "The namespace that `auth` belongs to. Another one gets a key of its own." },
      auth: { type: "string", input: "optional", present: true, secret: true, description: "The namespace's key, `uuid:key`. Default: a random one." },
      adminKey: { type: "string", input: "optional", present: true, secret: true, description: "Opens the admin API: 32 to 256 characters without blanks. Default: a random one." },
      signingSecret: { type: "string", present: true, secret: true, description: "Signs the keys that actions get for the time of their activation." },
      rabbitmqPassword: { type: "string", present: true, secret: true, description: "Of the platform's user on its message broker." },
      mongodbPassword: { type: "string", present: true, secret: true, description: "Of the platform's user on its database." },
    },
  };

  async check(given: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    const inputs: Properties = { ...given, namespace: given.namespace ?? "guest" };
    const failures: CheckFailure[] = [];
    const rule = (property: string, pattern: RegExp, expected: string) => {
      const value = inputs[property];
      // No message repeats what may be a secret.
      if (typeof value === "string" && !pattern.test(value)) failures.push({ property, reason: `expected ${expected}` });
    };
    rule("namespace", /^\w[\w@.-]{0,127}$/, 'a name of up to 128 letters, digits, "_", "@", "." or "-"');
    rule("auth", AUTH, "a key such as 23bc46b1-71f6-4ed5-8c54-816aa4f8c502:<32 to 256 characters without blanks>");
    rule("adminKey", ADMIN_KEY, "32 to 256 characters without blanks");
    return { inputs, failures };
  }

  async diff(old: State, inputs: Properties): Promise<Difference> {
    return { changes: changesOf(this.description, old.inputs, inputs) };
  }

  plan(inputs: Properties, old: State | undefined): Properties {
    const made = Object.fromEntries(MADE.map((name) => [name, old?.outputs[name] ?? UNKNOWN]));
    return { ...inputs, ...made, auth: inputs.auth ?? keptAuth(old, inputs) ?? UNKNOWN, adminKey: inputs.adminKey ?? keptAdminKey(old) ?? UNKNOWN };
  }

  async create(inputs: Properties): Promise<Omit<State, "inputs">> {
    return { id: randomUUID(), outputs: keysOf(inputs, undefined) };
  }

  async read(old: State): Promise<State | undefined> {
    if (old.outputs.auth === undefined) throw new Error("the keys of a platform cannot be imported: give them as `auth` and `adminKey` instead");
    return old;
  }

  async update(old: State, inputs: Properties): Promise<Properties> {
    return keysOf(inputs, old);
  }

  async delete(): Promise<void> {}
}

function keysOf(inputs: Properties, old: State | undefined): Properties {
  const made = Object.fromEntries(MADE.map((name) => [name, old?.outputs[name] ?? randomKey()]));
  return { ...inputs, ...made, auth: inputs.auth ?? keptAuth(old, inputs) ?? newAuth(String(inputs.namespace)), adminKey: inputs.adminKey ?? keptAdminKey(old) ?? randomKey() };
}

/** A key that was made stays, as long as it is for the same namespace; one that the user gave goes when it is given no more. */
function keptAuth(old: State | undefined, inputs: Properties): unknown {
  return old?.inputs.namespace === inputs.namespace && old?.inputs.auth === undefined ? old?.outputs.auth : undefined;
}

const keptAdminKey = (old: State | undefined): unknown => (old?.inputs.adminKey === undefined ? old?.outputs.adminKey : undefined);

function newAuth(namespace: string): string {
  const { uuid, key } = newCredentials(namespace);
  return `${uuid}:${key}`;
}
