import type { Store } from "../core/ports/store";
import { activationCases } from "./contract/activations";
import { codeCases } from "./contract/code";
import { deadLetterCases } from "./contract/deadLetters";
import { entityCases } from "./contract/entities";
import { namespaceCases } from "./contract/namespaces";
import { startCases } from "./contract/starts";

/** A store under test. */
export interface OpenedStore {
  store: Store;
  /** Closes what was opened last and opens the same state again, as a new process would. */
  reopen(): Promise<Store>;
  /** Closes, and removes the state. */
  cleanup(): Promise<void>;
}

/** The store that the present case works on. */
export interface Subject {
  readonly store: Store;
  reopen(): Promise<Store>;
}

/**
 * Every promise of the port, for each adapter to be held to.
 *
 * @param open gives an empty store; called once for each case
 */
export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} as a store`, () => {
    let opened: OpenedStore;
    let current: Store;
    beforeEach(async () => {
      opened = await open();
      current = opened.store;
    });
    afterEach(() => opened.cleanup());

    const subject: Subject = {
      get store() {
        return current;
      },
      reopen: async () => (current = await opened.reopen()),
    };
    describe("entities", () => entityCases(subject));
    describe("code", () => codeCases(subject));
    describe("activations", () => activationCases(subject));
    describe("starts", () => startCases(subject));
    describe("namespaces", () => namespaceCases(subject));
    describe("dead letters", () => deadLetterCases(subject));
  });
}
