import type { AcceptedLog } from "../ports/lanes";
import type { Store } from "../ports/store";

/** What everything in a process that was killed throws: nothing that comes of it reaches anybody. */
export class Killed extends Error {}

/** A process that is killed at its n-th step; each access to what lasts has one before and one after it. */
export class Mortal {
  dead = false;

  constructor(private stepsLeft: number) {}

  step(): void {
    if (this.dead || this.stepsLeft-- <= 0) {
      this.dead = true;
      throw new Killed("the process was killed");
    }
  }

  /** The same thing as this process sees it; `free` is no access to what lasts. */
  private view<T extends object>(target: T, free?: keyof T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== "function" || name === free) return member;
        return async (...parameters: unknown[]) => {
          this.step();
          const answer: unknown = await member.apply(target, parameters);
          this.step();
          return answer;
        };
      },
    });
  }

  store(store: Store): Store {
    const { entities, code, activations, starts, namespaces, deadLetters } = store;
    return {
      entities: this.view(entities),
      code,
      activations: this.view(activations),
      starts: this.view(starts),
      namespaces,
      deadLetters: this.view(deadLetters),
      close: () => store.close(),
    };
  }

  log<L extends AcceptedLog>(log: L): L {
    return this.view<AcceptedLog>(log, "consume") as L;
  }
}
