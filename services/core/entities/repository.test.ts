import { anAction, aPackage, aTrigger } from "../testing/fixtures";
import { MemoryStore, seed } from "../testing/memoryStore";
import { EntityRepository } from "./repository";

const HELLO = { namespace: "guest", name: "hello" };
const KEY = "guest/hello";

let store: MemoryStore;
let changed: string[];
let repository: EntityRepository;
beforeEach(() => {
  store = new MemoryStore();
  changed = [];
  repository = new EntityRepository(store.entities, (key) => changed.push(key));
});

const put = (version: string, overwrite = true, into = repository) => into.put("actions", HELLO, overwrite, () => anAction("hello", { version }));

/** Counts the reads of heads; `hold` lets none of them answer until it is released. */
function watchReads() {
  const original = store.entities.head.bind(store.entities);
  const reads = { count: 0, hold: Promise.resolve() };
  jest.spyOn(store.entities, "head").mockImplementation(async (key) => {
    reads.count++;
    const [answer] = await Promise.all([original(key), reads.hold]);
    return answer;
  });
  return reads;
}

describe("a change of an entity", () => {
  test("adds a revision; the ones before stay as they were", async () => {
    expect((await put("0.0.1")).rev).toBe(1);
    expect((await put("0.0.2")).rev).toBe(2);
    expect((await repository.at({ key: KEY, rev: 1 }))?.entity).toEqual(anAction("hello", { version: "0.0.1" }));
    expect((await repository.at({ key: KEY, rev: 2 }))?.entity).toEqual(anAction("hello", { version: "0.0.2" }));
    expect(await repository.at({ key: KEY, rev: 3 })).toBeUndefined();
    expect(changed).toEqual([KEY, KEY]);
  });

  test("is refused with 409 when the entity exists and may not be overwritten", async () => {
    await put("0.0.1", false);
    await expect(put("0.0.2", false)).rejects.toMatchObject({ status: 409, message: "resource already exists" });
    expect((await repository.find(KEY))?.rev).toBe(1);
  });

  test("is refused with 409 when another change came in between, and changes nothing", async () => {
    await put("0.0.1");
    const change = repository.put("actions", HELLO, true, async (old) => {
      await seed(store, anAction("hello", { version: "9.9.9" }));
      return { ...old!, version: "0.0.2" };
    });
    await expect(change).rejects.toMatchObject({ status: 409, message: "Concurrent modification to resource detected." });
    expect((await repository.find(KEY))?.entity.version).toBe("9.9.9");
    expect(changed).toEqual([KEY]);
  });

  test("at the same time as others succeeds for one of them only", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => put(`0.0.${index}`, false)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ status: 409 });
    expect((await repository.find(KEY))?.rev).toBe(1);
  });

  test("after a change that another controller made is no conflict, even before its notice came", async () => {
    await put("0.0.1");
    await repository.find(KEY);
    await put("0.0.2", true, new EntityRepository(store.entities));
    expect((await put("0.0.3")).rev).toBe(3);
  });

  test("that creates it again after another controller has deleted it succeeds", async () => {
    await put("0.0.1");
    await repository.find(KEY);
    await new EntityRepository(store.entities).delete("actions", HELLO, 1);
    expect((await put("0.0.1", false)).rev).toBe(3);
  });

  test("forgets what is cached even if its own outcome is not known", async () => {
    await put("0.0.1");
    await repository.find(KEY);
    const append = store.entities.append.bind(store.entities);
    jest.spyOn(store.entities, "append").mockImplementationOnce(async (revision) => {
      await append(revision);
      throw new Error("the connection broke");
    });
    await expect(put("0.0.2")).rejects.toThrow("the connection broke");
    expect((await repository.find(KEY))?.entity.version).toBe("0.0.2");
  });
});

describe("a name", () => {
  test("that belongs to another collection is answered 409, for reading, changing and deleting", async () => {
    await seed(store, aTrigger("hello"));
    const refusal = { status: 409, message: "Resource by this name exists but is not in this collection." };
    await expect(repository.get("actions", HELLO)).rejects.toMatchObject(refusal);
    await expect(put("0.0.1")).rejects.toMatchObject(refusal);
    await expect(put("0.0.1", false)).rejects.toMatchObject(refusal);
    await expect(repository.delete("actions", HELLO, 1)).rejects.toMatchObject(refusal);
  });

  test("is free for another collection after a deletion", async () => {
    await seed(store, aPackage("hello"));
    await repository.delete("packages", HELLO, 1);
    expect((await put("0.0.1", false)).rev).toBe(3);
  });
});

describe("a deletion", () => {
  test("leaves a tombstone: the entity is not found, its revisions are", async () => {
    await put("0.0.1");
    await repository.delete("actions", HELLO, 7);
    expect(await repository.find(KEY)).toBeUndefined();
    await expect(repository.get("actions", HELLO)).rejects.toMatchObject({ status: 404 });
    await expect(repository.delete("actions", HELLO, 8)).rejects.toMatchObject({ status: 404 });
    expect(await repository.at({ key: KEY, rev: 1 })).toMatchObject({ deleted: false, entity: { version: "0.0.1" } });
    expect(await repository.at({ key: KEY, rev: 2 })).toMatchObject({ deleted: true, entity: { updated: 7 } });
    expect(changed).toEqual([KEY, KEY]);
  });

  test("gives the next creation an empty past, under the next number", async () => {
    await put("0.0.1");
    await repository.delete("actions", HELLO, 7);
    const seen: unknown[] = [];
    const again = await repository.put("actions", HELLO, false, (old) => {
      seen.push(old);
      return anAction("hello");
    });
    expect([seen, again.rev]).toEqual([[undefined], 3]);
  });
});

describe("the cache", () => {
  test("answers without the store until a notice comes", async () => {
    await put("0.0.1");
    const reads = watchReads();
    await repository.find(KEY);
    await repository.find(KEY);
    expect(reads.count).toBe(1);
    await seed(store, anAction("hello", { version: "0.0.2" }));
    reads.count = 0;
    expect((await repository.find(KEY))?.entity.version).toBe("0.0.1");
    expect(reads.count).toBe(0);
    repository.invalidate(KEY);
    expect((await repository.find(KEY))?.entity.version).toBe("0.0.2");
  });

  test("does not keep what was read before a notice and came after it", async () => {
    await put("0.0.1");
    const reads = watchReads();
    let release!: () => void;
    reads.hold = new Promise((resolve) => (release = resolve));
    const early = repository.find(KEY);
    await store.entities.append({ key: KEY, rev: 2, deleted: false, entity: anAction("hello", { version: "0.0.2" }) });
    repository.invalidate(KEY);
    release();
    expect((await early)?.entity.version).toBe("0.0.1");
    expect((await repository.find(KEY))?.entity.version).toBe("0.0.2");
  });

  test("does not keep what was read while a change of its own was under way", async () => {
    await put("0.0.1");
    const append = store.entities.append.bind(store.entities);
    const reads = watchReads();
    let release!: () => void;
    let early: Promise<unknown> | undefined;
    jest.spyOn(store.entities, "append").mockImplementationOnce(async (revision) => {
      reads.hold = new Promise((resolve) => (release = resolve));
      repository.invalidate(KEY);
      early = repository.find(KEY);
      return append(revision);
    });
    await put("0.0.2");
    release();
    await early;
    expect((await repository.find(KEY))?.entity.version).toBe("0.0.2");
  });

  test("what was read is good no longer than its bound, whether a notice comes or not", async () => {
    let now = 0;
    const elsewhere = new EntityRepository(store.entities, () => {}, { maxAge: 1_500, now: () => now });
    await put("0.0.1");
    expect((await elsewhere.find(KEY))?.entity.version).toBe("0.0.1");
    await put("0.0.2");
    now = 1_499;
    expect((await elsewhere.find(KEY))?.entity.version).toBe("0.0.1");
    now = 1_500;
    expect((await elsewhere.find(KEY))?.entity.version).toBe("0.0.2");
  });

  test("all that is kept can be forgotten at once", async () => {
    const elsewhere = new EntityRepository(store.entities);
    await put("0.0.1");
    await elsewhere.find(KEY);
    await put("0.0.2");
    elsewhere.invalidateAll();
    expect((await elsewhere.find(KEY))?.entity.version).toBe("0.0.2");
  });

  test("does not keep a failure", async () => {
    await put("0.0.1");
    jest.spyOn(store.entities, "head").mockRejectedValueOnce(new Error("no store"));
    await expect(repository.find(KEY)).rejects.toThrow("no store");
    expect((await repository.find(KEY))?.rev).toBe(1);
  });

  test("asks the store once for readers at the same time", async () => {
    await put("0.0.1");
    const reads = watchReads();
    await Promise.all(Array.from({ length: 20 }, () => repository.find(KEY)));
    expect(reads.count).toBe(1);
  });
});
