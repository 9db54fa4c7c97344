import type { NextFunction, Request, Response } from "express";
import type { ActivationStore } from "../../core/ports/store";
import type { ControllerContext } from "../context";
import { identityOf } from "../http/auth";
import { activationRoutes } from "./activations";

/**
 * The activations of a namespace; none where its limits say `storeActivations: false`. They are kept even so, as long as all
 * others: what was promised is known by its record.
 */
export function shownActivations(context: ControllerContext): (request: Request, response: Response, next: NextFunction) => void {
  const { store, tenants } = context;
  const all = activationRoutes(context);
  const none = activationRoutes({ ...context, store: { ...store, activations: hidden(store.activations), close: () => store.close() } });
  return (request, response, next) => {
    const { storeActivations = true } = tenants.limits(identityOf(response).namespace);
    (storeActivations ? all : none)(request, response, next);
  };
}

const hidden = (activations: ActivationStore): ActivationStore => ({
  insert: (record, options) => activations.insert(record, options),
  get: async () => undefined,
  list: async () => [],
  count: async () => 0,
  prune: (endedBefore) => activations.prune(endedBefore),
  purge: (namespace, startedUpTo) => activations.purge(namespace, startedUpTo),
});
