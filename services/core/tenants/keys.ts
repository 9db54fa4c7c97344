import { randomInt } from "node:crypto";
import { badRequest } from "../errors";
import { equalHashes, hashSecret } from "../keys";
import type { Namespace, NamespaceKey } from "../ports/store";

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Characters of a secret, as in OpenWhisk. */
const LENGTH = 64;
/** A namespace with very many keys would make each of its requests slower. */
const MOST_KEYS = 20;

/** 64 random letters and digits: 380 bits. */
export const randomSecret = (): string => Array.from({ length: LENGTH }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("");

/**
 * A key of a namespace; the same secret always has the same id.
 *
 * @param created milliseconds since 1970
 */
export function keyOf(secret: string, created: number, expires?: number): NamespaceKey {
  const hash = hashSecret(secret);
  return { id: hash.slice(0, 12), hash, created, ...(expires === undefined ? {} : { expires }) };
}

/** Compared with when there is nothing to compare with, so that this takes as long. */
const NO_KEY: readonly NamespaceKey[] = [{ id: "", hash: hashSecret(""), created: 0 }];

/** Whether one of the keys has this hash and is good now. Takes the same time whichever it is. */
export function opens(keys: readonly NamespaceKey[] = NO_KEY, hash: string, now: number): boolean {
  let open = false;
  for (const key of keys.length > 0 ? keys : NO_KEY) {
    const equal = equalHashes(key.hash, hash);
    if (equal && key !== NO_KEY[0] && (key.expires === undefined || key.expires > now)) open = true;
  }
  return open;
}

/**
 * The keys of a namespace with one more, or with another end of one that it has. Those whose time is over go.
 *
 * @param othersExpire when the others end, milliseconds since 1970; those that end before do not get longer
 * @throws WhiskError 400 when there would be too many
 */
export function withKey({ name, keys }: Pick<Namespace, "name" | "keys">, key: NamespaceKey, now: number, othersExpire = Infinity): NamespaceKey[] {
  const bounded = (other: NamespaceKey) => ((other.expires ?? Infinity) <= othersExpire ? other : { ...other, expires: othersExpire });
  const known = keys.some(({ id }) => id === key.id);
  const next = keys.map((other) => (other.id === key.id ? { ...key, created: other.created } : bounded(other)));
  const good = [...next, ...(known ? [] : [key])].filter(({ expires = Infinity }) => expires > now);
  if (good.length > MOST_KEYS) throw badRequest(`The namespace '${name}' has ${MOST_KEYS} keys already: remove one first.`);
  return good;
}
