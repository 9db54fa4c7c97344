import type { Filter } from "mongodb";
import { MongoClient } from "mongodb";
import { describeWithMongo } from "../../../test/support/mongodb";
import type { Revision } from "../../core/ports/store";
import { action, revision } from "../contract/samples";
import type { Documents } from "./documents";
import { Heads } from "./heads";
import type { HeadDocument } from "./schema";
import { openMongoStore } from "./store";
import { openedStore } from "./testing/opened";

const everything = { namespace: "guest", collection: "actions", limit: 0, skip: 0 } as const;

const numbered = (rev: number) => revision(action("a", { version: `0.0.${rev}`, updated: rev }), rev);

describe("a server that updates by a read and a later write", () => {
  /** @param between what others do between the read and the write of the first update */
  function heads(revisions: Revision[], between: (set: (rev: number) => void) => void) {
    let at = 0;
    let first = true;
    const documents = {
      put: async ({ rev }: HeadDocument, condition: Filter<HeadDocument>) => {
        const { $lt } = condition.rev as { $lt: number };
        const matches = at < $lt;
        if (first) between((other) => (at = other));
        first = false;
        if (matches) at = rev;
        return matches;
      },
    } as unknown as Documents<HeadDocument>;
    const next = async (_key: string, rev: number) => revisions.find((one) => one.rev === rev + 1);
    return { made: new Heads(documents, next), at: () => at };
  }

  test("a head that was set back is moved on to the newest revision", async () => {
    const revisions = [numbered(1), numbered(2)];
    const { made, at } = heads(revisions, (set) => {
      revisions.push(numbered(3), numbered(4));
      set(4);
    });
    await made.moveTo(revisions[1]!);
    expect(at()).toBe(4);
  });

  test("a newer head stays", async () => {
    const { made, at } = heads([numbered(1), numbered(2)], (set) => set(2));
    await made.moveTo(numbered(1));
    expect(at()).toBe(2);
  });
});

test("a move that fails does not keep later moves of its key from their turn", async () => {
  let failures = 1;
  const moved: number[] = [];
  const put = async ({ rev }: HeadDocument) => {
    if (failures-- > 0) throw new Error("gone");
    return moved.push(rev) > 0;
  };
  const made = new Heads({ put } as unknown as Documents<HeadDocument>, async () => undefined);
  const moves = await Promise.allSettled([made.moveTo(numbered(1)), made.moveTo(numbered(2)), made.moveTo(numbered(3))]);
  expect(moves.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(moved).toEqual([2, 3]);
});

describeWithMongo("heads in a database", () => {
  let opened: Awaited<ReturnType<typeof openedStore>>;
  let client: MongoClient;
  beforeEach(async () => {
    opened = await openedStore();
    client = new MongoClient(opened.url);
  });
  afterEach(async () => {
    await client.close();
    await opened.cleanup();
  });

  /** What a process leaves that died between the insert of a revision and the move of its head. */
  const leaveBehind = async (left: Revision) => {
    const { key, rev, deleted, entity } = left;
    const revisions = client.db(opened.database).collection<{ _id: string }>("revisions");
    await revisions.insertOne({ _id: `${key}#${rev}`, key, rev, deleted, body: JSON.stringify(entity) } as { _id: string });
  };
  const storedHead = () => client.db(opened.database).collection<{ _id: string }>("heads").findOne({ _id: "guest/a" });

  test("a revision whose head was not moved is the head, and is listed from then on", async () => {
    const { entities } = opened.store;
    await entities.append(numbered(1));
    await leaveBehind(numbered(2));
    await leaveBehind(numbered(3));
    expect(await entities.head("guest/a")).toStrictEqual(numbered(3));
    expect(await entities.list(everything)).toStrictEqual([numbered(3)]);
    expect(await entities.append(numbered(3))).toBe(false);
    expect(await entities.append(numbered(4))).toBe(true);
    expect(await entities.head("guest/a")).toStrictEqual(numbered(4));
  });

  test("a first revision that was left without a head is the head, and is listed from then on", async () => {
    await leaveBehind(numbered(1));
    expect(await opened.store.entities.head("guest/a")).toStrictEqual(numbered(1));
    expect(await opened.store.entities.list(everything)).toStrictEqual([numbered(1)]);
  });

  test("an append moves the head over what others left behind", async () => {
    await opened.store.entities.append(numbered(1));
    await leaveBehind(numbered(3));
    await opened.store.entities.append(numbered(2));
    expect(await storedHead()).toMatchObject({ rev: 3 });
  });

  test("when several processes change one entity at the same time, each number is used once and the head ends at the last", async () => {
    const { url, database } = opened;
    const others = await Promise.all([1, 2].map(() => openMongoStore({ url, database })));
    const won: number[] = [];
    const changeTenTimes = async ({ entities }: typeof opened.store) => {
      for (let done = 0; done < 10; ) {
        const rev = ((await entities.head("guest/a"))?.rev ?? 0) + 1;
        if (!(await entities.append(numbered(rev)))) continue;
        won.push(rev);
        done++;
      }
    };
    await Promise.all([opened.store, ...others].map(changeTenTimes));
    await Promise.all(others.map((other) => other.close()));
    expect(won.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(await storedHead()).toMatchObject({ rev: 30, updated: 30 });
    expect(await opened.store.entities.list(everything)).toStrictEqual([numbered(30)]);
  });
});
