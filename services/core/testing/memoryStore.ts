import { conflict } from "../errors";
import type { ActivationId } from "../ids";
import { type Activation, listedName } from "../model/activation";
import type { Rule } from "../model/entities";
import { keyOf } from "../model/names";
import {
  type ActivationQuery,
  type ActivationStore,
  type AttemptEnd,
  type CodeStore,
  type DeadLetter,
  type DeadLetterStore,
  type EntityQuery,
  type EntityStore,
  isInState,
  type Namespace,
  type NamespaceState,
  type NamespaceStore,
  type Revision,
  type Start,
  type StartStore,
  type Store,
} from "../ports/store";

/** What a store would have written: nobody who holds a value can change it afterwards. */
const written = <T>(value: T): T => structuredClone(value);

/** The Store port in memory, with the same promises; for unit tests. */
export class MemoryStore implements Store {
  readonly entities = new MemoryEntities();
  readonly code = new MemoryCode();
  readonly starts = new MemoryStarts();
  readonly activations = new MemoryActivations(this.starts);
  readonly namespaces = new MemoryNamespaces();
  readonly deadLetters = new MemoryDeadLetters();

  async close(): Promise<void> {}
}

class MemoryEntities implements EntityStore {
  private readonly revisions = new Map<string, Revision[]>();

  async head(key: string): Promise<Revision | undefined> {
    return written(this.revisions.get(key)?.at(-1));
  }

  async revision(key: string, rev: number): Promise<Revision | undefined> {
    return written(this.revisions.get(key)?.[rev - 1]);
  }

  async append(revision: Revision): Promise<boolean> {
    const there = this.revisions.get(revision.key) ?? [];
    if (revision.rev <= there.length) return false;
    if (revision.rev > there.length + 1) throw new Error(`revision ${revision.rev} of ${revision.key} would leave a gap`);
    this.revisions.set(revision.key, [...there, written(revision)]);
    return true;
  }

  async list({ limit, skip, ...query }: EntityQuery): Promise<Revision[]> {
    return this.matching(query).slice(skip, limit === 0 ? undefined : skip + limit);
  }

  async count(query: Omit<EntityQuery, "limit" | "skip">): Promise<number> {
    return this.matching(query).length;
  }

  async rulesOf(trigger: string): Promise<Revision[]> {
    return this.heads().filter(({ entity }) => entity.collection === "rules" && (entity as Rule).trigger === trigger);
  }

  private matching(query: Omit<EntityQuery, "limit" | "skip">): Revision[] {
    return this.heads()
      .filter(({ entity }) => entity.namespace === query.namespace && entity.collection === query.collection)
      .filter(({ entity }) => query.package === undefined || entity.package === (query.package ?? undefined))
      .filter(({ entity }) => entity.updated >= (query.since ?? 0) && entity.updated <= (query.upto ?? Infinity))
      .sort((a, b) => b.entity.updated - a.entity.updated);
  }

  private heads(): Revision[] {
    return [...this.revisions.values()].map((all) => written(all.at(-1)!)).filter(({ deleted }) => !deleted);
  }
}

class MemoryCode implements CodeStore {
  private readonly codes = new Map<string, string>();

  async put(sha: string, code: string): Promise<void> {
    this.codes.set(sha, code);
  }

  async get(sha: string): Promise<string | undefined> {
    return this.codes.get(sha);
  }
}

class MemoryActivations implements ActivationStore {
  private readonly records = new Map<ActivationId, Activation>();

  constructor(private readonly starts: MemoryStarts) {}

  async insert(record: Activation): Promise<boolean> {
    if (this.records.has(record.activationId)) return false;
    this.records.set(record.activationId, written(record));
    return true;
  }

  async get(namespace: string, id: ActivationId): Promise<Activation | undefined> {
    const record = this.records.get(id);
    return record?.namespace === namespace ? written(record) : undefined;
  }

  async list({ limit, skip, ...query }: ActivationQuery): Promise<Activation[]> {
    return this.matching(query).slice(skip, limit === 0 ? undefined : skip + limit);
  }

  async count(query: Omit<ActivationQuery, "limit" | "skip">): Promise<number> {
    return this.matching(query).length;
  }

  async prune(endedBefore: number): Promise<number> {
    const old = [...this.records.values()].filter(({ end }) => end < endedBefore);
    for (const { activationId } of old) {
      this.records.delete(activationId);
      this.starts.forget(activationId);
    }
    return old.length;
  }

  async purge(namespace: string, startedUpTo: number): Promise<number> {
    const found = [...this.records.values()].filter((record) => record.namespace === namespace && record.start <= startedUpTo);
    for (const { activationId } of found) {
      this.records.delete(activationId);
      this.starts.forget(activationId);
    }
    return found.length;
  }

  /** All of them, in the order of their insertion. */
  all(): Activation[] {
    return written([...this.records.values()]);
  }

  private matching({ namespace, name, since = 0, upto = Infinity }: Omit<ActivationQuery, "limit" | "skip">): Activation[] {
    return this.all()
      .filter((record) => record.namespace === namespace && record.start >= since && record.start <= upto)
      .filter((record) => name === undefined || listedName(record) === name)
      .sort((a, b) => b.start - a.start);
  }
}

class MemoryStarts implements StartStore {
  private readonly starts = new Map<string, Start>();
  private readonly ends = new Map<string, AttemptEnd>();

  async claim(start: Start): Promise<boolean> {
    const key = `${start.activationId}/${start.attempt}`;
    if (this.starts.has(key)) return false;
    this.starts.set(key, written(start));
    return true;
  }

  async get(activationId: ActivationId, attempt: number): Promise<Start | undefined> {
    return written(this.starts.get(`${activationId}/${attempt}`));
  }

  async end(end: AttemptEnd): Promise<void> {
    const key = `${end.activationId}/${end.attempt}`;
    if (!this.ends.has(key)) this.ends.set(key, written(end));
  }

  async ended(activationId: ActivationId, attempt: number): Promise<AttemptEnd | undefined> {
    return written(this.ends.get(`${activationId}/${attempt}`));
  }

  /** Removes what there is of an activation. */
  forget(activationId: ActivationId): void {
    for (const attempts of [this.starts, this.ends]) for (const key of attempts.keys()) if (key.startsWith(`${activationId}/`)) attempts.delete(key);
  }
}

class MemoryDeadLetters implements DeadLetterStore {
  private readonly letters = new Map<ActivationId, DeadLetter>();

  async put(letter: DeadLetter): Promise<void> {
    if (!this.letters.has(letter.activationId)) this.letters.set(letter.activationId, written(letter));
  }

  async get(namespace: string, activationId: ActivationId): Promise<DeadLetter | undefined> {
    const letter = this.letters.get(activationId);
    return letter?.namespace === namespace ? written(letter) : undefined;
  }

  async list(namespace: string, { limit, skip }: { limit: number; skip: number }): Promise<DeadLetter[]> {
    const letters = this.of(namespace).reverse().sort((a, b) => b.at - a.at);
    return written(letters.slice(skip, limit === 0 ? undefined : skip + limit));
  }

  async count(namespace: string): Promise<number> {
    return this.of(namespace).length;
  }

  async remove(namespace: string, activationId: ActivationId): Promise<boolean> {
    return (await this.get(namespace, activationId)) !== undefined && this.letters.delete(activationId);
  }

  async purge(namespace: string, upto = Infinity): Promise<number> {
    const letters = this.of(namespace).filter(({ at }) => at <= upto);
    for (const { activationId } of letters) this.letters.delete(activationId);
    return letters.length;
  }

  private of(namespace: string): DeadLetter[] {
    return [...this.letters.values()].filter((letter) => letter.namespace === namespace);
  }
}

class MemoryNamespaces implements NamespaceStore {
  private readonly namespaces = new Map<string, Namespace>();

  async byUuid(uuid: string): Promise<Namespace | undefined> {
    return written([...this.namespaces.values()].find((namespace) => namespace.uuid === uuid));
  }

  async byName(name: string): Promise<Namespace | undefined> {
    return written(this.namespaces.get(name));
  }

  async put(namespace: Namespace): Promise<boolean> {
    const taken = await this.byUuid(namespace.uuid);
    if (taken && taken.name !== namespace.name) throw conflict(`The uuid of namespace '${namespace.name}' belongs to namespace '${taken.name}'.`);
    const present = this.namespaces.get(namespace.name);
    if (namespace.rev === 1 ? present : !isInState(present, { ...namespace, rev: namespace.rev - 1 })) return false;
    this.namespaces.set(namespace.name, written(namespace));
    return true;
  }

  async list({ limit, skip }: { limit: number; skip: number }): Promise<Namespace[]> {
    const sorted = [...this.namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return written(sorted.slice(skip, limit === 0 ? undefined : skip + limit));
  }

  async count(): Promise<number> {
    return this.namespaces.size;
  }

  async remove(state: NamespaceState): Promise<boolean> {
    return isInState(this.namespaces.get(state.name), state) && this.namespaces.delete(state.name);
  }
}

/** Stores entities as they are, without the checks of the API. */
export async function seed(store: Store, ...entities: Revision["entity"][]): Promise<void> {
  for (const entity of entities) {
    const key = keyOf(entity);
    const head = await store.entities.head(key);
    await store.entities.append({ key, rev: (head?.rev ?? 0) + 1, deleted: false, entity });
  }
}
