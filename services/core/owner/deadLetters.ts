import { accessAction, accessComponents } from "../entities/access";
import { notFound, WhiskError } from "../errors";
import { type ActivationId, derivedActivationId } from "../ids";
import type { AcceptedInvocation, ActionRef } from "../messages";
import type { Activation, ActivationResponse } from "../model/activation";
import { type Identity, isSequence } from "../model/entities";
import { type EntityPath, keyOf, pathOfKey } from "../model/names";
import { type Json, valueOf } from "../model/parameters";
import type { DeadLetter } from "../ports/store";
import { attemptsMade } from "./attempts";
import type { OwnerContext } from "./context";

/**
 * Makes a dead letter of accepted work that the platform failed, or that failed though its action, or the last step
 * of its sequence, was tried as often as it asks for. Done again, it changes nothing. Of a namespace that was deleted there
 * are none: another one may have its name.
 */
export async function buryIfGivenUp(context: OwnerContext, message: AcceptedInvocation, record: Activation): Promise<void> {
  const { statusCode } = record.response;
  if (statusCode === 0) return;
  const code = await failedCode(context, record);
  const attempts = code && (valueOf(code.annotations, "attempts") as number | undefined);
  if (statusCode !== 3 && attempts === undefined) return;
  if (await context.isGone?.(message.identity)) return;
  await context.store.deadLetters.put({
    activationId: record.activationId,
    namespace: record.namespace,
    path: record.path,
    reason: reasonOf(record.response),
    attempts: attempts ?? (code ? await attemptsMade(context, code.activationId) : 0),
    at: record.end,
    message,
  });
}

/**
 * Accepts again what was given up, as its action is now, and then removes the letter. Done twice, because a process
 * died in between, it is one activation: the id follows from the letter's.
 *
 * @throws WhiskError 404 when the action is gone, 403 when it is not the caller's to invoke any more, 429 or 503 when
 *   it cannot be promised; the letter stays then
 */
export async function redrive(context: OwnerContext, letter: DeadLetter, caller: { identity: Identity; transactionId: string }): Promise<ActivationId> {
  const activationId = derivedActivationId(letter.activationId, "redrive");
  const path = pathInvoked(letter.message.action);
  const action = await accessAction(context.entities, caller.identity, path).catch((error: unknown) => {
    throw error instanceof WhiskError && error.status === 404 ? notFound(`The action '${keyOf(path)}' of this dead letter does not exist any more: create it again, or purge the letter.`) : error;
  });
  if (isSequence(action.action.exec)) await accessComponents(context.entities, caller.identity, action.action.exec);
  const { identity, transactionId } = caller;
  await context.log.append({ ...letter.message, activationId, identity, transactionId, acceptedAt: context.now(), action: action.ref });
  await context.store.deadLetters.remove(letter.namespace, letter.activationId);
  return activationId;
}

/** The path by which an action was reached: through a binding, if there was one. */
function pathInvoked({ action, packages: [, binding] }: ActionRef): EntityPath {
  const path = pathOfKey(action.key);
  if (!binding) return path;
  const { namespace, name } = pathOfKey(binding.key);
  return { namespace, package: name, name: path.name };
}

/** The record of the code that failed: of a sequence its last step's, if it was that which failed. */
async function failedCode(context: OwnerContext, record: Activation): Promise<Activation | undefined> {
  if (record.response.statusCode === 0) return undefined;
  if (valueOf(record.annotations, "kind") !== "sequence") return record;
  const last = record.logs.at(-1);
  const step = last === undefined ? undefined : await context.store.activations.get(record.namespace, last);
  return step && failedCode(context, step);
}

/** The error of a result; all of it where it has none. */
function reasonOf({ result }: ActivationResponse): Json {
  const isObject = typeof result === "object" && result !== null && !Array.isArray(result);
  return isObject && Object.hasOwn(result, "error") ? result.error! : result;
}
