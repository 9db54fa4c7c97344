import { LruMap } from "../entities/lru";
import { effectiveLimits, type NamespaceLimits, type RateLimits } from "../model/namespaceLimits";
import type { Identity } from "../model/entities";
import type { Namespace, NamespaceStore } from "../ports/store";
import { type Reading, Readings } from "./readings";

export interface TenantsOptions {
  /** Limits of namespaces that have none of their own. */
  defaults: RateLimits;
  /** Told after each change made here, so that other controllers forget what they remember. @default there are none */
  onChange?(name: string): void;
  /** Where others make changes too: what was read is good for so long, for their notices may be lost. Milliseconds. @default for ever */
  maxAge?: number;
  /** Milliseconds. */
  now(): number;
}

/** Namespaces whose limits are remembered. */
const LIMITS = 10_000;

/** The namespaces of the platform. They are asked for with each request, so they are remembered until they change. */
export class Tenants {
  private readings = new Readings();
  /** By name. They stay when the rest is forgotten: who was identified is held to the limits that were known then. */
  private readonly latest = new LruMap<string, NamespaceLimits>(LIMITS);
  /** Those of a namespace that has none of its own. */
  readonly standard: NamespaceLimits;

  constructor(
    private readonly store: NamespaceStore,
    private readonly options: TenantsOptions,
  ) {
    this.standard = effectiveLimits(options.defaults);
  }

  /** By the user part of its keys. */
  byUuid(uuid: string): Promise<Namespace | undefined> {
    return this.recall(`uuid/${uuid}`, () => this.store.byUuid(uuid)).reading;
  }

  byName(name: string): Promise<Namespace | undefined> {
    return this.recall(`name/${name}`, () => this.store.byName(name)).reading;
  }

  /** The limits of a namespace that was found a moment ago. */
  limits(name: string): NamespaceLimits {
    return this.latest.get(name) ?? this.standard;
  }

  /** The limits that hold for a namespace in this state. */
  limitsOf(namespace: Namespace): NamespaceLimits {
    return effectiveLimits(this.options.defaults, namespace.limits);
  }

  /**
   * Nothing is to be started for it: it is blocked, or was deleted. A promise only where that has to be read. What is refused
   * is refused for ever: where others make changes too, the store is asked whether it still holds.
   */
  isSuspended({ uuid }: Pick<Identity, "uuid">): boolean | Promise<boolean> {
    const { read, reading } = this.recall(`uuid/${uuid}`, () => this.store.byUuid(uuid));
    const suspended = (namespace: Namespace | undefined) => namespace?.blocked !== false;
    if (!read) return reading.then(suspended);
    if (!suspended(read.namespace) || this.options.maxAge === undefined) return suspended(read.namespace);
    // Where that cannot be asked, what was read stands.
    return this.store.byUuid(uuid).then(suspended, () => true);
  }

  /** It was deleted. As the store has it: of one that came after it under its name nothing may be mixed up. */
  async isGone({ uuid }: Pick<Identity, "uuid">): Promise<boolean> {
    return (await this.store.byUuid(uuid)) === undefined;
  }

  /** As it is in the store: a change starts from that. */
  stored(name: string): Promise<Namespace | undefined> {
    return this.store.byName(name);
  }

  list(page: { limit: number; skip: number }): Promise<Namespace[]> {
    return this.store.list(page);
  }

  count(): Promise<number> {
    return this.store.count();
  }

  /** As {@link NamespaceStore.put}, in effect here at once. */
  async put(namespace: Namespace): Promise<boolean> {
    const first = await this.store.put(namespace).finally(() => this.forget());
    if (first) this.options.onChange?.(namespace.name);
    return first;
  }

  /** As {@link NamespaceStore.remove}, in effect here at once. */
  async remove(state: Namespace): Promise<boolean> {
    const removed = await this.store.remove(state).finally(() => this.forget());
    if (removed) this.options.onChange?.(state.name);
    return removed;
  }

  /** Somebody else has changed one, or may have: also what was not there may be there now. */
  forget(): void {
    this.readings = new Readings();
  }

  private recall(key: string, find: () => Promise<Namespace | undefined>): Reading {
    const now = this.options.now();
    const { readings } = this;
    const known = readings.get(key);
    const { maxAge = Infinity } = this.options;
    if (known && now - known.since < maxAge) {
      // Who calls often never waits for the store.
      if (known.read && now - known.since >= maxAge / 2) this.renew(key, known, find, now);
      return known;
    }
    const found: Reading = { since: now, reading: find() };
    readings.set(key, found);
    found.reading.then(
      (namespace) => {
        this.note(found, namespace);
        // Forgotten meanwhile, these are no longer the readings that anybody looks at.
        if (namespace) readings.set(key, found);
      },
      () => readings.get(key) === found && readings.delete(key),
    );
    return found;
  }

  private renew(key: string, known: Reading, find: () => Promise<Namespace | undefined>, now: number): void {
    if (known.renewing) return;
    known.renewing = true;
    const fresh: Reading = { since: now, reading: find() };
    fresh.reading.then(
      (namespace) => {
        // Forgotten meanwhile: what was read may be from before the change.
        if (this.readings.get(key) !== known) return;
        this.note(fresh, namespace);
        this.readings.set(key, fresh);
      },
      () => (known.renewing = false),
    );
  }

  private note(found: Reading, namespace: Namespace | undefined): void {
    found.read = { namespace };
    if (namespace) this.latest.set(namespace.name, this.limitsOf(namespace));
  }
}
