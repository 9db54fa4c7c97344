import type { Subject } from "../contract";

export function namespaceCases(subject: Subject): void {
  const guest = { name: "guest", uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502", keyHash: "a".repeat(64), subject: "guest" };

  test("a namespace is found by its name and by its uuid, and by nothing else", async () => {
    await subject.store.namespaces.put(guest);
    expect(await subject.store.namespaces.byName("guest")).toStrictEqual(guest);
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toStrictEqual(guest);
    expect(await subject.store.namespaces.byName("Guest")).toBeUndefined();
    expect(await subject.store.namespaces.byName(guest.uuid)).toBeUndefined();
    expect(await subject.store.namespaces.byUuid("guest")).toBeUndefined();
  });

  test("putting a name again replaces the namespace: the uuid before finds nothing", async () => {
    await subject.store.namespaces.put(guest);
    const replaced = { ...guest, uuid: "00000000-0000-0000-0000-000000000000", keyHash: "b".repeat(64) };
    await subject.store.namespaces.put(replaced);
    expect(await subject.store.namespaces.byName("guest")).toStrictEqual(replaced);
    expect(await subject.store.namespaces.byUuid(replaced.uuid)).toStrictEqual(replaced);
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toBeUndefined();
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
    await expect(subject.store.namespaces.put({ ...other, uuid: guest.uuid })).rejects.toThrow();
    await expect(subject.store.namespaces.put({ ...guest, name: "third" })).rejects.toThrow();
    expect(await subject.store.namespaces.byUuid(guest.uuid)).toStrictEqual(guest);
    expect(await subject.store.namespaces.byName("other")).toStrictEqual(other);
    expect(await subject.store.namespaces.byName("third")).toBeUndefined();
  });
}
