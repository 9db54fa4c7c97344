import type { Request, Response } from "express";
import type { Entity } from "../../core/model/entities";
import type { EntityQuery, EntityStore } from "../../core/ports/store";
import { flagOf, pageOf } from "./query";

/** A list of entities; with `count`, how many there are behind those that are skipped. */
export async function sendList<E extends Entity>(
  request: Request,
  response: Response,
  store: EntityStore,
  query: Omit<EntityQuery, "limit" | "skip">,
  view: (entity: E) => unknown,
): Promise<void> {
  const page = pageOf(request, query.collection);
  if (flagOf(request, "count")) sendCount(response, query.collection, await store.count(query), page.skip);
  else response.json(await Promise.all((await store.list({ ...query, ...page })).map(({ entity }) => view(entity as E))));
}

export const sendCount = (response: Response, collection: string, total: number, skip: number) =>
  void response.json({ [collection]: Math.max(0, total - skip) });
