import type { Request } from "express";
import { badRequest } from "../../core/errors";
import { type ActivationId, isActivationId } from "../../core/ids";

/** The activation id in a path. @throws WhiskError 400 when it is none */
export function activationIdOf(request: Request): ActivationId {
  const id = String(request.params.id);
  if (id.length !== 32) throw badRequest(`Activation id length is ${id.length} but must be 32.`);
  if (!isActivationId(id)) throw badRequest("The activation id is not valid.");
  return id;
}
