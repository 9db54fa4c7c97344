import { LruMap } from "../../core/entities/lru";
import type { Namespace, NamespaceStore } from "../../core/ports/store";

/** How long a namespace is remembered: a change takes effect within this time. Milliseconds. */
const REMEMBERED = 1_000;
const CAPACITY = 10_000;

/** Namespaces as they were a moment ago: they are looked for with each request. */
export class RememberedNamespaces implements Pick<NamespaceStore, "byUuid" | "byName"> {
  private readonly known = new LruMap<string, { until: number; namespace: Promise<Namespace | undefined> }>(CAPACITY);

  constructor(
    private readonly namespaces: Pick<NamespaceStore, "byUuid" | "byName">,
    private readonly now: () => number,
  ) {}

  byUuid(uuid: string): Promise<Namespace | undefined> {
    return this.remembered(`uuid/${uuid}`, () => this.namespaces.byUuid(uuid));
  }

  byName(name: string): Promise<Namespace | undefined> {
    return this.remembered(`name/${name}`, () => this.namespaces.byName(name));
  }

  private remembered(key: string, find: () => Promise<Namespace | undefined>): Promise<Namespace | undefined> {
    const now = this.now();
    const known = this.known.get(key);
    if (known && known.until > now) return known.namespace;
    const namespace = find();
    this.known.set(key, { until: now + REMEMBERED, namespace });
    namespace.catch(() => this.known.delete(key));
    return namespace;
  }
}
