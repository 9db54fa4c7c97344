import type { Request } from "express";
import { isFinal, WhiskError } from "../../core/errors";
import { equalHashes, hashSecret } from "../../core/keys";
import type { Identity } from "../../core/model/entities";
import type { Json } from "../../core/model/parameters";
import type { Authenticator } from "../http/auth";

/** Who calls, if the call carries a key of the platform. Any other authorization is the action's own business. */
export async function callerOf(authenticator: Authenticator, { headers }: Request): Promise<Identity | undefined> {
  if (!headers.authorization) return undefined;
  return authenticator.identify(headers.authorization).catch((error: unknown) => {
    if (isFinal(error)) return undefined;
    throw error;
  });
}

/**
 * Whether a caller has shown what the action wants.
 *
 * @param required value of `require-whisk-auth`: true for a caller with a key of the platform, else the value of a header
 * @throws WhiskError 401
 */
export function requireSecret({ headers }: Request, caller: Identity | undefined, required: Json | undefined): void {
  if (required === undefined || required === false || (required === true && caller)) return;
  const given = headers["x-require-whisk-auth"];
  const isSecret = typeof required === "string" || typeof required === "number";
  if (isSecret && typeof given === "string" && equalHashes(hashSecret(given), hashSecret(String(required)))) return;
  throw new WhiskError(401, "Authentication is possible but has failed or not yet been provided.");
}
