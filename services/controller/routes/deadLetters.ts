import { type Request, type Response, Router } from "express";
import { notFound, WhiskError } from "../../core/errors";
import type { DeadLetter } from "../../core/ports/store";
import type { ControllerContext } from "../context";
import { activationIdOf } from "../http/activationId";
import { identityOf, ownNamespace } from "../http/auth";
import { sendCount } from "../http/list";
import { allowOnly } from "../http/methods";
import { flagOf, MAX_LIST_LIMIT, type Page, pageOf } from "../http/query";
import { transactionOf } from "../http/transaction";
import { deadLetterSummary, deadLetterView } from "../views/deadLetters";
import { sendAccepted } from "./invoke";

const COLLECTION = "dead-letters";

/** Accepted work that was given up: it can be looked at, taken up again, and thrown away. */
export function deadLetterRoutes({ store, owner }: ControllerContext): Router {
  const router = Router({ mergeParams: true });
  const callerOf = (response: Response) => ({ identity: identityOf(response), transactionId: transactionOf(response) });

  const find = async (request: Request, response: Response): Promise<DeadLetter> => {
    const letter = await store.deadLetters.get(ownNamespace(request, response), activationIdOf(request));
    if (!letter) throw notFound();
    return letter;
  };

  const oldest = async (namespace: string, { limit, skip }: Page): Promise<DeadLetter[]> => {
    const behind = (await store.deadLetters.count(namespace)) - skip;
    if (behind <= 0) return [];
    const page = { limit: Math.min(limit, behind), skip: Math.max(0, behind - limit) };
    return (await store.deadLetters.list(namespace, page)).reverse();
  };

  router.get("/", async (request, response) => {
    const namespace = ownNamespace(request, response);
    const page = pageOf(request, COLLECTION);
    if (flagOf(request, "count")) sendCount(response, COLLECTION, await store.deadLetters.count(namespace), page.skip);
    else response.json((await store.deadLetters.list(namespace, page)).map(deadLetterSummary));
  });

  // Of so many at a time, the oldest first: what fails again meanwhile comes last. `left` are those behind them; a further
  // call with as many more skipped as have failed goes on there.
  router.post("/", async (request, response) => {
    const namespace = ownNamespace(request, response);
    const page = pageOf(request, COLLECTION, MAX_LIST_LIMIT);
    const failed: { activationId: string; error: string }[] = [];
    let redriven = 0;
    for (const letter of await oldest(namespace, page)) {
      try {
        await owner.redrive(letter, callerOf(response));
        redriven++;
      } catch (error) {
        if (!(error instanceof WhiskError)) throw error;
        if (isLackOfRoom(error)) {
          if (redriven > 0) break;
          throw error;
        }
        failed.push({ activationId: letter.activationId, error: error.message });
      }
    }
    const left = Math.max(0, (await store.deadLetters.count(namespace)) - page.skip - failed.length);
    response.json({ redriven, failed, left });
  });

  router.delete("/", async (request, response) => {
    response.json({ purged: await store.deadLetters.purge(ownNamespace(request, response)) });
  });

  router.get("/:id", async (request, response) => {
    const letter = await find(request, response);
    const { cause } = letter.message;
    const fire = cause === undefined ? undefined : await store.activations.get(letter.namespace, cause);
    response.json(deadLetterView(letter, fire));
  });

  router.post("/:id", async (request, response) => {
    sendAccepted(response, await owner.redrive(await find(request, response), callerOf(response)));
  });

  router.delete("/:id", async (request, response) => {
    if (!(await store.deadLetters.remove(ownNamespace(request, response), activationIdOf(request)))) throw notFound();
    response.json({ purged: 1 });
  });

  allowOnly(router, ["/", "/:id"], "GET", "POST", "DELETE");

  return router;
}

/** What follows would be refused as well. */
const isLackOfRoom = ({ status }: WhiskError): boolean => [429, 503].includes(status);
