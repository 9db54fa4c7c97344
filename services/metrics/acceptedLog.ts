import { Counter, type Registry } from "prom-client";
import { WhiskError } from "../core/errors";
import type { AcceptedMessage } from "../core/messages";
import type { AcceptedLog } from "../core/ports/lanes";
import { gauge, tally } from "./readings";

const KINDS = ["invocation", "fire", "watch"] as const satisfies readonly AcceptedMessage["kind"][];

/** The accepted log, with what this process puts into it and takes from it. */
export function observeAcceptedLog(registry: Registry, log: AcceptedLog): AcceptedLog {
  const appended = tally(registry, { name: "stackwhisk_accepted_appended_total", help: "Work that was accepted, by what it is.", label: "kind" }, KINDS);
  const refused = tally(registry, { name: "stackwhisk_accepted_refused_total", help: "Work that was not accepted: there was too much of one namespace (429), or the log was full or could not be reached (503).", label: "status" }, ["429", "503", "other"]);
  const deliveries = tally(registry, { name: "stackwhisk_accepted_deliveries_total", help: "Accepted work that was taken in hand: for the first time, or again because its owner ended or failed.", label: "delivery" }, ["first", "again"]);
  const failed = new Counter({ name: "stackwhisk_accepted_failures_total", help: "Accepted work that could not be brought to its end and comes again.", registers: [registry] });
  let inHand = 0;
  gauge(registry, { name: "stackwhisk_accepted_in_hand", help: "Accepted work that this process is bringing to its end." }, () => inHand);
  return {
    async append(message) {
      try {
        await log.append(message);
      } catch (error) {
        refused[refusalOf(error)]();
        throw error;
      }
      appended[message.kind]();
    },
    consume: (handler) =>
      log.consume(async (message, delivery) => {
        deliveries[delivery.redelivered ? "again" : "first"]();
        inHand++;
        try {
          await handler(message, delivery);
        } catch (error) {
          failed.inc();
          throw error;
        } finally {
          inHand--;
        }
      }),
    depth: () => log.depth(),
    close: () => log.close(),
  };
}

function refusalOf(error: unknown): "429" | "503" | "other" {
  const status = error instanceof WhiskError ? error.status : 0;
  return status === 429 || status === 503 ? `${status}` : "other";
}
