import type { AcceptedWatch } from "../messages";
import { internalError } from "../model/activation";
import { isComposite } from "../model/entities";
import type { OwnerContext, Plan } from "./context";
import { lookingPauses } from "./poll";
import { makeRecord } from "./record";

const LOST = "The run was lost: the process that answered for it ended before its outcome was known.";

/**
 * Waits for the record of a blocking call that was answered 202; writes it when nobody else can any more.
 *
 * @param running the call itself, if it is under way in this process
 */
export async function watch(context: OwnerContext, message: AcceptedWatch, plan: Plan, running: Promise<unknown> | undefined): Promise<void> {
  const { store, lane, liveness, now } = context;
  // What runs other actions goes no further without its owner; code may, in an invoker that is another process.
  const needsOwner = isComposite(plan.action.action) || lane.endsWithOwner === true;
  await running?.catch(() => {});
  const pause = lookingPauses(context);
  for (;;) {
    // Whether its owner lives is asked first: what an owner wrote before it died is found then.
    const ownerGone = needsOwner && !(await liveness.isAlive(message.owner));
    if (await store.activations.get(plan.identity.namespace, plan.activationId)) return;
    if (ownerGone || now() > message.deadline) {
      await store.activations.insert(makeRecord(plan, { end: now(), response: internalError(LOST) }));
      return;
    }
    await pause();
  }
}
