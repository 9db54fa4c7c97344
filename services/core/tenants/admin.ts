import { randomUUID } from "node:crypto";
import { badRequest, conflict, notFound } from "../errors";
import type { OwnLimits } from "../model/namespaceLimits";
import { isInState, type Namespace, type NamespaceKey, type Store } from "../ports/store";
import type { EntityRepository } from "../entities/repository";
import { contentsOf, removeContents } from "./contents";
import { keyOf, randomSecret, withKey } from "./keys";
import type { Tenants } from "./tenants";

/** What an administrator wants a namespace to be. What is left out stays as it is, or gets its default. */
export interface NamespaceWish {
  /** Can be chosen at its creation only. @default random */
  uuid?: string;
  /** @default the name */
  subject?: string;
  /** A secret that is to open it. @default a random one at its creation, afterwards none */
  key?: string;
  blocked?: boolean;
  /** All that it has of its own: what is not in it gets the platform's default. */
  limits?: OwnLimits;
}

/** When keys end. Milliseconds since 1970. */
export interface KeyTimes {
  /** @default never */
  expires?: number;
  /** When the others end, if not before. @default they stay as they are */
  othersExpire?: number;
}

export interface TenantAdminOptions {
  tenants: Tenants;
  store: Pick<Store, "entities" | "activations" | "deadLetters">;
  entities: EntityRepository;
  /** Namespaces that the platform makes itself at each start: they can be changed, and not be deleted. */
  permanent: ReadonlySet<string>;
  /** Why there can be no further namespace, with the way out; asked before one is made. @default there can */
  refuseAnother?: (present: readonly string[]) => string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Changes that come at the same time are done one after the other, so many of them. */
const ATTEMPTS = 10;

/** Makes, changes and removes namespaces. In effect in this process when it resolves, elsewhere a moment later. */
export class TenantAdmin {
  constructor(private readonly options: TenantAdminOptions) {}

  /** @throws WhiskError 404 */
  async get(name: string): Promise<Namespace> {
    const found = await this.options.tenants.stored(name);
    if (!found) throw notFound(`There is no namespace '${name}'.`);
    return found;
  }

  /**
   * Makes the namespace be there as it is wanted. Done again it changes nothing.
   *
   * @returns `secret`: one that opens it, if it was given or made now
   * @throws WhiskError 409 when it is there and `overwrite` is false, or cannot be made; 400
   */
  async put(name: string, wish: NamespaceWish, { overwrite = true } = {}): Promise<{ namespace: Namespace; created: boolean; secret?: string }> {
    let secret: string | undefined;
    let created = false;
    const namespace = await this.change(name, async (old) => {
      if (old && !overwrite) throw conflict(`The namespace '${name}' exists already.`);
      if (old && wish.uuid !== undefined && wish.uuid !== old.uuid) throw badRequest(`The namespace '${name}' has the uuid ${old.uuid}: it cannot be changed.`);
      created = !old;
      if (!old) await this.prepare(name);
      secret = wish.key ?? (old ? undefined : randomSecret());
      const now = this.options.now();
      const base = old ?? { name, uuid: wish.uuid ?? randomUUID(), subject: name, keys: [], blocked: false, limits: {}, rev: 0, created: now };
      const { subject = base.subject, blocked = base.blocked, limits = base.limits } = wish;
      return { ...base, subject, blocked, limits, keys: secret === undefined ? base.keys : withKey(base, this.freshKey(base, secret, now), now) };
    });
    return { namespace, created, secret };
  }

  /**
   * Adds a key: those that there are stay good, or stay so for a time. The same secret again changes when it ends.
   *
   * @throws WhiskError 404, 400
   */
  async addKey(name: string, secret: string, { expires, othersExpire }: KeyTimes): Promise<{ namespace: Namespace; key: NamespaceKey }> {
    const now = this.options.now();
    const key = keyOf(secret, now, expires);
    const namespace = await this.change(name, (old) => {
      if (!old) throw notFound(`There is no namespace '${name}'.`);
      return { ...old, keys: withKey(old, key, now, othersExpire) };
    });
    return { namespace, key: namespace.keys.find(({ id }) => id === key.id) ?? key };
  }

  /** @throws WhiskError 404 */
  removeKey(name: string, id: string): Promise<Namespace> {
    return this.change(name, (old) => {
      if (!old) throw notFound(`There is no namespace '${name}'.`);
      const keys = old.keys.filter((key) => key.id !== id);
      if (keys.length === old.keys.length) throw notFound(`The namespace '${name}' has no key '${id}'.`);
      return { ...old, keys };
    });
  }

  /**
   * Removes the namespace with its activations and dead letters.
   *
   * @param force with its entities too; otherwise it must have none
   * @throws WhiskError 404, 409
   */
  async remove(name: string, force: boolean): Promise<Namespace> {
    const { permanent, tenants } = this.options;
    let found = await this.get(name);
    const { created } = found;
    if (permanent.has(name)) throw conflict(`The namespace '${name}' is one that the platform makes at each start: it can be blocked, and not be deleted.`);
    let blockedHere = false;
    const keep = async (refusal: unknown) => {
      if (blockedHere) await this.unblock(name, created, refusal);
      throw refusal;
    };
    // Another one of the name is not what was to be deleted.
    for (let attempt = 0; attempt < ATTEMPTS && found.created === created; attempt++, found = await this.get(name)) {
      if (!force) await this.requireEmpty(name).catch(keep);
      // Its keys open nothing from here on, so nothing comes into it any more. Interrupted, it can be done again.
      const blocked = found.blocked ? found : { ...found, blocked: true, rev: found.rev + 1 };
      if (blocked !== found) {
        if (!(await tenants.put(blocked))) continue;
        blockedHere = true;
      }
      // What was made before the block is not lost.
      if (!force) await this.requireEmpty(name).catch(keep);
      const isStill = async () => isInState(await tenants.stored(name), blocked);
      if ((await this.empty(name, isStill)) && (await tenants.remove(blocked))) return found;
    }
    throw beingChanged(name);
  }

  /** It is not deleted after all; what others have changed meanwhile stays. @throws the refusal, when it is gone or another one has its name */
  private async unblock(name: string, created: number | undefined, refusal: unknown): Promise<void> {
    await this.change(name, (old) => {
      if (!old || old.created !== created) throw refusal;
      return { ...old, blocked: false };
    });
  }

  /** @throws WhiskError 409 */
  private async requireEmpty(name: string): Promise<void> {
    const contents = await contentsOf(this.options.store.entities, name);
    if (contents.total === 0) return;
    throw conflict(`The namespace '${name}' is not empty (${contents.text}): delete what is in it first, or all of it with 'force=true'.`);
  }

  private empty(name: string, isStill: () => Promise<boolean>): Promise<boolean> {
    const { entities, store, now } = this.options;
    return removeContents({ entities, store, isStill, now }, name);
  }

  /** A key that it has keeps its end; a new one has none. */
  private freshKey({ keys }: Namespace, secret: string, now: number): NamespaceKey {
    const key = keyOf(secret, now);
    return keys.find(({ id, expires = Infinity }) => id === key.id && expires > now) ?? key;
  }

  /** Before a namespace of that name is made. What a deleted one of the same name has left is not to be seen in it. */
  private async prepare(name: string): Promise<void> {
    const { tenants, refuseAnother } = this.options;
    const problem = refuseAnother?.((await tenants.list({ limit: 0, skip: 0 })).map((present) => present.name));
    if (problem) throw conflict(problem);
    await this.empty(name, async () => (await tenants.stored(name)) === undefined);
  }

  private async change(name: string, change: (old: Namespace | undefined) => Namespace | Promise<Namespace>): Promise<Namespace> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const old = await this.options.tenants.stored(name);
      const next = { ...(await change(old)), rev: (old?.rev ?? 0) + 1 };
      if (old && JSON.stringify({ ...next, rev: old.rev }) === JSON.stringify(old)) return old;
      if (await this.options.tenants.put(next)) return next;
    }
    throw beingChanged(name);
  }
}

const beingChanged = (name: string) => conflict(`The namespace '${name}' is being changed by others; try again.`);
