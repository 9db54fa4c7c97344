import type { Namespace } from "../../core/ports/store";
import type { Subject } from "../contract";
import { together } from "./samples";

export function namespaceCases(subject: Subject): void {
  const guest: Namespace = {
    name: "guest",
    uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502",
    subject: "guest",
    keys: [
      { id: "aaaaaaaaaaaa", hash: "a".repeat(64), created: 1_000 },
      { id: "bbbbbbbbbbbb", hash: "b".repeat(64), created: 2_000, expires: 3_000 },
    ],
    blocked: false,
    limits: { invocationsPerMinute: 60, allowedKinds: ["nodejs:24"], storeActivations: true },
    rev: 1,
    created: 500,
  };

  test("a namespace is found by its name and by its uuid, and by nothing else", async () => {
    expect(await subject.store.namespaces.put(guest)).toBe(true);
    expect(await subject.store.namespaces.byName("guest")).toStrictEqual(guest);
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toStrictEqual(guest);
    expect(await subject.store.namespaces.byName("Guest")).toBeUndefined();
    expect(await subject.store.namespaces.byName(guest.uuid)).toBeUndefined();
    expect(await subject.store.namespaces.byUuid("guest")).toBeUndefined();
  });

  test("a change replaces all of it: the uuid before finds nothing", async () => {
    await subject.store.namespaces.put(guest);
    const changed: Namespace = { ...guest, uuid: "00000000-0000-0000-0000-000000000000", keys: [], blocked: true, limits: {}, rev: 2 };
    expect(await subject.store.namespaces.put(changed)).toBe(true);
    expect(await subject.store.namespaces.byName("guest")).toStrictEqual(changed);
    expect(await subject.store.namespaces.byUuid(changed.uuid)).toStrictEqual(changed);
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toBeUndefined();
  });

  test("a change of what has changed meanwhile, is there already or is not there is refused, and nothing changes", async () => {
    expect(await subject.store.namespaces.put({ ...guest, rev: 2 })).toBe(false);
    expect(await subject.store.namespaces.byName("guest")).toBeUndefined();
    await subject.store.namespaces.put(guest);
    await subject.store.namespaces.put({ ...guest, rev: 2 });
    for (const rev of [1, 2, 4]) expect(await subject.store.namespaces.put({ ...guest, blocked: true, rev })).toBe(false);
    expect(await subject.store.namespaces.byName("guest")).toStrictEqual({ ...guest, rev: 2 });
  });

  test("a change of one that was deleted does not touch the one that was made anew under its name", async () => {
    const { created: _, ...unknown } = guest;
    await subject.store.namespaces.put(guest);
    for (const former of [{ ...guest, created: 499, rev: 2 }, { ...unknown, rev: 2 }]) expect(await subject.store.namespaces.put(former)).toBe(false);
    expect(await subject.store.namespaces.byName("guest")).toStrictEqual(guest);
    const older = { ...unknown, name: "older", uuid: "u-2" };
    await subject.store.namespaces.put(older);
    expect(await subject.store.namespaces.put({ ...older, created: 1, rev: 2 })).toBe(false);
    expect(await subject.store.namespaces.put({ ...older, rev: 2 })).toBe(true);
  });

  test("of many that create the same namespace at the same time one does", async () => {
    const made = await together(20, (index) => subject.store.namespaces.put({ ...guest, subject: `s-${index}` }));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect((await subject.store.namespaces.byName("guest"))?.subject).toBe(`s-${made.indexOf(true)}`);
  });

  test("namespaces are there after the store is opened again", async () => {
    await subject.store.namespaces.put(guest);
    await subject.store.namespaces.put({ ...guest, name: "_odd @ name.", uuid: "u-2" });
    await subject.reopen();
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toStrictEqual(guest);
    expect((await subject.store.namespaces.byName("_odd @ name."))?.uuid).toBe("u-2");
  });

  test("a uuid that belongs to another namespace is refused, for a new name and for one that is there, and nothing changes", async () => {
    const other = { ...guest, name: "other", uuid: "u-2" };
    await subject.store.namespaces.put(guest);
    await subject.store.namespaces.put(other);
    await expect(subject.store.namespaces.put({ ...other, uuid: guest.uuid, rev: 2 })).rejects.toMatchObject({ status: 409 });
    await expect(subject.store.namespaces.put({ ...guest, name: "third" })).rejects.toMatchObject({ status: 409 });
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toStrictEqual(guest);
    expect(await subject.store.namespaces.byName("other")).toStrictEqual(other);
    expect(await subject.store.namespaces.byName("third")).toBeUndefined();
  });

  test("a deletion of what has changed meanwhile, or was made anew, is refused, and nothing changes", async () => {
    await subject.store.namespaces.put(guest);
    await subject.store.namespaces.put({ ...guest, rev: 2 });
    const others = [{ ...guest, created: 501, rev: 2 }, { ...guest, created: undefined, rev: 2 }, { ...guest, name: "other", rev: 2 }];
    for (const state of [guest, { ...guest, rev: 3 }, ...others]) expect(await subject.store.namespaces.remove(state)).toBe(false);
    expect(await subject.store.namespaces.byName("guest")).toStrictEqual({ ...guest, rev: 2 });
    const removed = await together(10, () => subject.store.namespaces.remove({ ...guest, rev: 2 }));
    expect(removed.filter(Boolean)).toHaveLength(1);
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toBeUndefined();
  });

  test("a list is by name, in pages; removed ones are not in it, and can be made anew", async () => {
    const names = ["b", "a", "d", "c"];
    for (const name of names) await subject.store.namespaces.put({ ...guest, name, uuid: `uuid of ${name}` });
    const listed = async (limit: number, skip: number) => (await subject.store.namespaces.list({ limit, skip })).map(({ name }) => name);
    expect(await listed(0, 0)).toEqual(["a", "b", "c", "d"]);
    expect(await listed(2, 1)).toEqual(["b", "c"]);
    expect(await listed(2, 4)).toEqual([]);
    const b = { name: "b", created: guest.created, rev: 1 };
    expect(await subject.store.namespaces.remove(b)).toBe(true);
    expect(await subject.store.namespaces.remove(b)).toBe(false);
    expect([await listed(0, 0), await subject.store.namespaces.count()]).toEqual([["a", "c", "d"], 3]);
    expect(await subject.store.namespaces.byUuid("uuid of b")).toBeUndefined();
    expect(await subject.store.namespaces.put({ ...guest, name: "b", uuid: "another uuid" })).toBe(true);
  });
}
