import type { Filter, Sort } from "mongodb";
import type { Revision } from "../../core/ports/store";
import type { Documents, Page } from "./documents";
import type { HeadDocument } from "./schema";

/** Where the newest revision of each key is, for lists. */
export class Heads {
  /** The last move of each key that is under way in this process. */
  private readonly moves = new Map<string, Promise<void>>();

  constructor(
    private readonly documents: Documents<HeadDocument>,
    /** The next revision after that, if there is one. */
    private readonly next: (key: string, rev: number) => Promise<Revision | undefined>,
  ) {}

  /** The number at which the head stands, 0 for none. There may be newer revisions: see {@link moveTo}. */
  async at(key: string): Promise<number> {
    return (await this.documents.get(key))?.rev ?? 0;
  }

  /** Ids of revisions. */
  async list(filter: Filter<HeadDocument>, sort: Sort, page: Page): Promise<string[]> {
    const found = await this.documents.columns(filter, sort, ["_id", "rev"], page);
    return found.map(({ _id, rev }) => revisionId(_id, rev));
  }

  count(filter: Filter<HeadDocument>): Promise<number> {
    return this.documents.count(filter);
  }

  /** Moves the head of the key to this revision, or to a newer one. Moves of one key in this process are one after the other. */
  moveTo(revision: Revision): Promise<void> {
    const { key } = revision;
    const before = this.moves.get(key) ?? Promise.resolve();
    const move = before.then(() => this.advance(revision));
    const settled = move.catch(() => {}).finally(() => {
      if (this.moves.get(key) === settled) this.moves.delete(key);
    });
    this.moves.set(key, settled);
    return move;
  }

  /**
   * A server may do an update as a read and a later write, so that another process's head, moved meanwhile, is set back
   * to this one. Therefore each that has written looks for a newer revision afterwards and goes on to it: a revision is
   * inserted before its head is moved, so whoever writes last either finds none newer, or leaves the head at the newest.
   */
  private async advance(revision: Revision): Promise<void> {
    for (let newest: Revision | undefined = revision; newest; newest = await this.next(newest.key, newest.rev)) {
      await this.documents.put(headOf(newest), { rev: { $lt: newest.rev } });
    }
  }
}

export const revisionId = (key: string, rev: number): string => `${key}#${rev}`;

function headOf({ key, rev, deleted, entity }: Revision): HeadDocument {
  const { namespace, collection, package: inPackage = "", updated } = entity;
  const trigger = entity.collection === "rules" ? entity.trigger : "";
  return { _id: key, rev, deleted, namespace, collection, package: inPackage, updated, trigger };
}
