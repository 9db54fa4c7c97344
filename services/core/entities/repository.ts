import { conflict, notFound, WhiskError } from "../errors";
import type { RevisionRef } from "../messages";
import type { Collection, Entity } from "../model/entities";
import { type EntityPath, keyOf } from "../model/names";
import type { EntityStore, Revision } from "../ports/store";
import { LruMap } from "./lru";

type EntityOf<C extends Collection> = Extract<Entity, { collection: C }>;

const CACHED_ENTITIES = 10_000;

interface Cached {
  head: Promise<Revision | undefined>;
  /** When it was read. Milliseconds. */
  since: number;
}

/**
 * Entities with their rules of change: each change inserts the revision after the one that it was made from,
 * so of two changes at the same time one is refused. Heads are cached until a change notice comes.
 */
export class EntityRepository {
  private heads = new LruMap<string, Cached>(CACHED_ENTITIES);

  constructor(
    private readonly store: EntityStore,
    /** Told after each change made here, so that other controllers forget what they have cached. */
    private readonly onChange: (key: string) => void = () => {},
    /** Where others make changes too: what was read is good for so long, for their notices may be lost. Milliseconds. */
    private readonly bound: { maxAge: number; now(): number } = { maxAge: Infinity, now: () => 0 },
  ) {}

  /** The current revision; undefined if there is none or it was deleted. */
  async find(key: string): Promise<Revision | undefined> {
    const head = await this.head(key);
    return head?.deleted ? undefined : head;
  }

  /** @throws WhiskError 404; 409 when the name belongs to an entity of another collection */
  async get<C extends Collection>(collection: C, path: EntityPath): Promise<Revision<EntityOf<C>>> {
    const found = await this.find(keyOf(path));
    if (!found) throw notFound();
    return conforming(collection, found);
  }

  /** A revision by its number, deleted since or not. */
  async at(ref: RevisionRef): Promise<Revision | undefined> {
    const cached = await this.heads.get(ref.key)?.head;
    return cached?.rev === ref.rev ? cached : this.store.revision(ref.key, ref.rev);
  }

  /**
   * Creates or changes an entity.
   *
   * @param change gets the present entity, if any, and makes the new one of it
   * @throws WhiskError 409 when it exists and `overwrite` is false, when the name belongs to an entity of
   *   another collection, or when another change came first
   */
  async put<C extends Collection>(
    collection: C,
    path: EntityPath,
    overwrite: boolean,
    change: (old: EntityOf<C> | undefined) => Promise<EntityOf<C>> | EntityOf<C>,
  ): Promise<Revision<EntityOf<C>>> {
    const key = keyOf(path);
    // Of what another controller changed, the notice may not have come yet: a change starts from what is stored.
    const head = await this.store.head(key);
    const old = head && !head.deleted ? conforming(collection, head) : undefined;
    if (old && !overwrite) throw conflict("resource already exists");
    const entity = await change(old?.entity);
    return this.append({ key, rev: (head?.rev ?? 0) + 1, deleted: false, entity });
  }

  /** @throws WhiskError 404, 409 as for `get` and `put` */
  async delete<C extends Collection>(collection: C, path: EntityPath, now: number): Promise<Revision<EntityOf<C>>> {
    const head = await this.store.head(keyOf(path));
    if (!head || head.deleted) throw notFound();
    const current = conforming(collection, head);
    await this.deleteRevision(current, now);
    return current;
  }

  /** Deletes an entity if this is still its newest revision. @throws WhiskError 409 */
  async deleteRevision(revision: Revision, now: number): Promise<void> {
    await this.append({ ...revision, rev: revision.rev + 1, deleted: true, entity: { ...revision.entity, updated: now } });
  }

  /** Forgets what is cached: somebody else changed it. */
  invalidate(key: string): void {
    this.heads.delete(key);
  }

  /** Forgets everything: changes may have been missed. */
  invalidateAll(): void {
    this.heads = new LruMap(CACHED_ENTITIES);
  }

  private async append<T extends Entity>(revision: Revision<T>): Promise<Revision<T>> {
    // Whatever comes of it: what was read before it ended is not to be relied on.
    const first = await this.store.append(revision).finally(() => this.heads.delete(revision.key));
    if (!first) throw conflict("Concurrent modification to resource detected.");
    this.onChange(revision.key);
    return revision;
  }

  /** Reads that are under way are cached too, so a notice that comes in between drops them. */
  private head(key: string): Promise<Revision | undefined> {
    const cached = this.heads.get(key);
    if (cached && this.bound.now() - cached.since < this.bound.maxAge) return cached.head;
    const head = this.store.head(key);
    this.heads.set(key, { head, since: this.bound.now() });
    head.catch(() => this.heads.get(key)?.head === head && this.heads.delete(key));
    return head;
  }
}

function conforming<C extends Collection>(collection: C, revision: Revision): Revision<EntityOf<C>> {
  if (revision.entity.collection !== collection) {
    throw new WhiskError(409, "Resource by this name exists but is not in this collection.");
  }
  return revision as Revision<EntityOf<C>>;
}
