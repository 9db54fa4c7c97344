import type { ActivationId } from "../../core/ids";
import type { DeadLetter, DeadLetterStore } from "../../core/ports/store";
import { pack, unpack } from "./body";
import type { Documents, Page } from "./documents";
import { between } from "./queries";
import type { Collections, DeadLetterDocument } from "./schema";

export class MongoDeadLetters implements DeadLetterStore {
  private readonly letters: Documents<DeadLetterDocument>;

  constructor({ deadLetters }: Pick<Collections, "deadLetters">) {
    this.letters = deadLetters;
  }

  async put(letter: DeadLetter): Promise<void> {
    const { namespace, activationId, at } = letter;
    const body = await pack(JSON.stringify(letter));
    await this.letters.insert({ _id: letterId(namespace, activationId), namespace, at, body });
  }

  async get(namespace: string, activationId: ActivationId): Promise<DeadLetter | undefined> {
    const found = await this.letters.get(letterId(namespace, activationId));
    return found && unpack<DeadLetter>(found.body);
  }

  async list(namespace: string, page: Page): Promise<DeadLetter[]> {
    const found = await this.letters.page({ namespace }, { at: -1, _id: -1 }, page);
    return Promise.all(found.map(({ body }) => unpack<DeadLetter>(body)));
  }

  count(namespace: string): Promise<number> {
    return this.letters.count({ namespace });
  }

  remove(namespace: string, activationId: ActivationId): Promise<boolean> {
    return this.letters.removeOne(letterId(namespace, activationId));
  }

  purge(namespace: string, upto?: number): Promise<number> {
    return this.letters.remove({ namespace, ...between("at", undefined, upto) });
  }
}

const letterId = (namespace: string, activationId: ActivationId): string => `${namespace}/${activationId}`;
