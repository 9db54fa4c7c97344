import type { NextFunction, Request, Response } from "express";
import { isFinal, WhiskError } from "../../core/errors";
import { hashSecret, isActivationKey, isUuid, parseBasicAuth } from "../../core/keys";
import type { Identity } from "../../core/model/entities";
import { checkNamespaceName } from "../../core/model/names";
import { opens } from "../../core/tenants/keys";
import type { Tenants } from "../../core/tenants/tenants";

/** What is of another scheme is no authentication here, as in OpenWhisk. */
const BASIC = /^basic +[\w.~+/-]+=*$/i;

/** Tells who calls. Keys are known by their hashes only. */
export class Authenticator {
  constructor(
    private readonly tenants: Tenants,
    private readonly platformSecret: string,
    private readonly now: () => number,
  ) {}

  /** @throws WhiskError 401: there is no such key, or its namespace is blocked */
  async identify(header: string | undefined): Promise<Identity> {
    if (!header || !BASIC.test(header.trim())) throw new WhiskError(401, "The resource requires authentication, which was not supplied with the request");
    const pair = parseBasicAuth(header);
    // What can be no namespace's is not looked for, and refused in the same way.
    const namespace = pair && isUuid(pair.uuid) ? await this.tenants.byUuid(pair.uuid) : undefined;
    const now = this.now();
    const genuine = opens(namespace?.keys, hashSecret(pair?.secret ?? ""), now);
    if (pair && namespace && (genuine || isActivationKey(this.platformSecret, pair, now)) && !namespace.blocked) {
      return { namespace: namespace.name, uuid: namespace.uuid, subject: namespace.subject };
    }
    throw new WhiskError(401, "The supplied authentication is invalid");
  }
}

export const identityOf = (response: Response): Identity => response.locals.identity as Identity;

export const requireIdentity = (authenticator: Authenticator) => async (request: Request, response: Response, next: NextFunction) => {
  response.locals.identity = await authenticator.identify(request.headers.authorization).catch((error: unknown) => {
    if (isFinal(error)) response.setHeader("WWW-Authenticate", 'Basic realm="OpenWhisk secure realm",charset=UTF-8');
    throw error;
  });
  next();
};

/**
 * The namespace that a path means: `_` is the caller's own.
 *
 * @throws WhiskError 403 for any other, 400
 */
export function ownNamespace(request: Request, response: Response): string {
  const named = anyNamespace(request, response);
  if (named === identityOf(response).namespace) return named;
  throw new WhiskError(403, `The supplied authentication is not authorized to access '${named}'.`);
}

/**
 * The namespace that a path means, for what may be shared.
 *
 * @throws WhiskError 400 when it is no name
 */
export function anyNamespace(request: Request, response: Response): string {
  const named = String(request.params.namespace);
  if (named === "_") return identityOf(response).namespace;
  return checkNamespaceName(named);
}
