import { again } from "../core/again";
import { messageOf } from "../core/errors";
import type { RunMessage } from "../core/messages";
import type { Logger } from "../core/owner/context";
import type { Store } from "../core/ports/store";
import { CodeCache } from "./codeCache";
import { named } from "./named";
import { storePauses } from "./storePauses";

/** Characters of code that are kept in memory. */
const CODE_CACHE = 128 * 1024 * 1024;
/** Reads of its code before a run fails: of accepted work over some half a minute, of a call whose caller waits half a second. */
const TRIES = { accepted: 12, blocking: 3 };

/** The code of actions, as runs need it. */
export class ActionCode {
  private readonly cache: CodeCache;

  constructor(
    store: Store["code"],
    private readonly logger: Logger,
  ) {
    this.cache = new CodeCache(store, CODE_CACHE);
  }

  /** Undefined: it cannot be had. Without `text`: the action has none. */
  async of(message: RunMessage): Promise<{ text?: string } | undefined> {
    const { codeSha } = message.action;
    if (codeSha === undefined) return {};
    const failed = (error: unknown, left: number) => {
      if (left > 0) this.logger.warn({ ...named(message), error: messageOf(error) }, "the code of an action could not be read, and is tried again");
    };
    try {
      const text = await again(() => this.cache.get(codeSha), { pause: storePauses(), tries: message.accepted ? TRIES.accepted : TRIES.blocking, failed });
      if (text !== undefined) return { text };
      this.logger.error(named(message), "the code of an action is missing in the store");
    } catch (error) {
      this.logger.error({ ...named(message), error: messageOf(error) }, "the code of an action could not be read");
    }
    return undefined;
  }
}
