import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { ActivationId } from "./ids";

/** A namespace's key as clients hold it: `uuid:secret`. */
export interface KeyPair {
  uuid: string;
  secret: string;
}

export const hashSecret = (secret: string): string => hash("sha256", secret);

/** Takes the same time wherever the two differ. */
export function equalHashes(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** Reads an HTTP Basic authorization. Undefined: there is none, or it is malformed. */
export function parseBasicAuth(header: string | undefined): KeyPair | undefined {
  const encoded = header && /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header.trim())?.[1];
  if (!encoded) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon > 0 ? { uuid: text.slice(0, colon), secret: text.slice(colon + 1) } : undefined;
}

/** Whether it has the shape of a namespace's uuid. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const ACTIVATION_SECRET = /^sw1([0-9a-z]{9})([0-9a-f]{32})([0-9a-f]{64})$/;

/**
 * A key that an action may call the platform with, good until its activation must be over.
 * It is signed, not stored: every controller with the same platform secret can tell that it is genuine.
 *
 * @param expires milliseconds since 1970
 * @returns `uuid:secret`
 */
export function mintActivationKey(platformSecret: string, uuid: string, activationId: ActivationId, expires: number): string {
  const body = `${Math.ceil(expires).toString(36).padStart(9, "0")}${activationId}`;
  return `${uuid}:sw1${body}${sign(platformSecret, uuid, body)}`;
}

/** Whether the secret is such a key of that namespace and still good. */
export function isActivationKey(platformSecret: string, { uuid, secret }: KeyPair, now: number): boolean {
  const match = ACTIVATION_SECRET.exec(secret);
  if (!match) return false;
  const [, expires, activationId, signature] = match as unknown as [string, string, string, string];
  return equalHashes(signature, sign(platformSecret, uuid, expires + activationId)) && parseInt(expires, 36) > now;
}

const sign = (platformSecret: string, uuid: string, body: string) => createHmac("sha256", platformSecret).update(`${uuid}/${body}`).digest("hex");
