import { randomInt, randomUUID } from "node:crypto";
import type { Properties, State } from "../resource";

/** A namespace as the platform's program takes it. */
export interface Credentials {
  name: string;
  uuid: string;
  key: string;
}

/** What is made once for a platform and stays, whatever changes. */
export interface Keys {
  credentials: Credentials;
  /** Opens the admin API. Absent: the platform was made before there was one, and gets it with its next start. */
  adminKey?: string;
  /** Signs the keys that activations get, where several processes have to agree on it. */
  secret?: string;
}

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** 64 random letters and digits: 380 bits. */
export const randomKey = (): string => Array.from({ length: 64 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("");

/** New credentials for a namespace: a UUID and a random key, as OpenWhisk has them. */
export const newCredentials = (name: string): Credentials => ({ name, uuid: randomUUID(), key: randomKey() });

/** As outputs of a resource: `auth` is what clients send. */
export function toOutputs({ credentials: { uuid, key }, adminKey, secret }: Keys): Properties {
  return { auth: `${uuid}:${key}`, ...(adminKey !== undefined && { adminKey }), ...(secret !== undefined && { signingSecret: secret }) };
}

/** The reverse: of a resource that there is. */
export function keysOf({ outputs }: Pick<State, "outputs">): Keys {
  const [uuid = "", key = ""] = String(outputs.auth).split(":");
  const { signingSecret, adminKey } = outputs;
  return { credentials: { name: String(outputs.namespace), uuid, key }, ...(typeof adminKey === "string" && { adminKey }), ...(typeof signingSecret === "string" && { secret: signingSecret }) };
}
