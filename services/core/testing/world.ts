import { setImmediate } from "node:timers/promises";
import { EntityRepository } from "../entities/repository";
import { resolveAction } from "../entities/resolve";
import { parseEntityPath } from "../model/names";
import type { Identity } from "../model/entities";
import type { JsonObject } from "../model/parameters";
import type { OwnerContext } from "../owner/context";
import { type InvocationRequest, Owner } from "../owner/owner";
import { UNLIMITED } from "../model/namespaceLimits";
import { Throttle } from "../owner/throttle";
import type { Store } from "../ports/store";
import { FakeInvoker } from "./fakeInvoker";
import { Tenants } from "../tenants/tenants";
import { GUEST } from "./fixtures";
import { MemoryLog } from "./memoryLog";
import { MemoryStore } from "./memoryStore";

/** One process of a platform in memory: an owner with an invoker of its own. For unit tests. */
export class World<S extends Store = MemoryStore> {
  readonly invoker: FakeInvoker;
  readonly entities: EntityRepository;
  readonly tenants: Tenants;
  readonly context: OwnerContext;
  readonly owner: Owner;
  readonly logged: string[] = [];
  /** Pauses that were asked for, in milliseconds. Time goes on by as much. */
  readonly slept: number[] = [];
  /** Milliseconds since 1970. */
  time = 1_000_000;
  /** Called in each pause. */
  whilePausing: () => void | Promise<void> = () => {};

  constructor(
    readonly store: S,
    readonly log: MemoryLog = new MemoryLog(),
    readonly instance = "instance-1",
    readonly alive = new Set([instance]),
  ) {
    const now = () => this.time;
    this.invoker = new FakeInvoker(store, instance, now);
    this.entities = new EntityRepository(store.entities);
    this.tenants = new Tenants(store.namespaces, { defaults: UNLIMITED, maxAge: 1_000, now });
    const write = (_fields: object, message: string) => void this.logged.push(message);
    this.context = {
      store,
      lane: this.invoker,
      log,
      liveness: { isAlive: async (other) => this.alive.has(other) },
      throttle: new Throttle({ limits: (namespace) => this.tenants.limits(namespace), now }),
      // Most tests have no namespaces: those are not gone.
      isSuspended: async ({ uuid }) => (await this.tenants.byUuid(uuid))?.blocked ?? false,
      entities: this.entities,
      instance,
      logger: { info: write, warn: write, error: write },
      apiKey: ({ uuid }, activationId, expires) => `${uuid}:${activationId}:${expires}`,
      now,
      sleep: async (milliseconds) => {
        this.slept.push(milliseconds);
        this.time += milliseconds;
        await this.whilePausing();
        await setImmediate();
      },
    };
    this.owner = new Owner(this.context);
    void log.consume((message, delivery) => this.owner.handle(message, delivery));
  }

  static inMemory(): World {
    return new World(new MemoryStore());
  }

  async request(name: string, payload: JsonObject = {}, identity: Identity = GUEST): Promise<InvocationRequest> {
    return { identity, action: await resolveAction(this.entities, parseEntityPath(name, "guest")), payload, transactionId: "transaction" };
  }
}
