import fc from "fast-check";
import type { EntityQuery, Revision } from "../../core/ports/store";
import type { Subject } from "../contract";
import { action, anyJson, packageNamed, revision, rule, together, TRICKY_JSON } from "./samples";

const everything: EntityQuery = { namespace: "guest", collection: "actions", limit: 0, skip: 0 };

const namesOf = (revisions: Revision[]) => revisions.map(({ entity }) => entity.name);

export function entityCases(subject: Subject): void {
  const append = (...revisions: Revision[]) => Promise.all(revisions.map((one) => subject.store.entities.append(one)));

  test("a key that was never used has no head and no revisions", async () => {
    expect(await subject.store.entities.head("guest/none")).toBeUndefined();
    expect(await subject.store.entities.revision("guest/none", 1)).toBeUndefined();
  });

  test("the head is the newest revision, and the earlier ones stay", async () => {
    const [first, second] = [revision(action("a")), revision(action("a", { version: "0.0.2", updated: 2_000 }), 2)];
    expect(await subject.store.entities.append(first)).toBe(true);
    expect(await subject.store.entities.append(second)).toBe(true);
    expect(await subject.store.entities.head("guest/a")).toStrictEqual(second);
    expect(await subject.store.entities.revision("guest/a", 1)).toStrictEqual(first);
    expect(await subject.store.entities.revision("guest/a", 2)).toStrictEqual(second);
    expect(await subject.store.entities.revision("guest/a", 3)).toBeUndefined();
  });

  test("of 50 appends of the same number at the same time exactly one is first, and its content stays", async () => {
    const candidates = Array.from({ length: 50 }, (_, index) => revision(action("a", { version: `0.0.${index}` })));
    const won = await append(...candidates);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await subject.store.entities.head("guest/a")).toStrictEqual(candidates[won.indexOf(true)]);
    expect(await subject.store.entities.append(revision(action("a", { version: "9.9.9" })))).toBe(false);
    expect(await subject.store.entities.head("guest/a")).toStrictEqual(candidates[won.indexOf(true)]);
  });

  test("a deleted entity keeps its head but is not listed, and its numbers go on when it comes back", async () => {
    await subject.store.entities.append(revision(action("a")));
    await subject.store.entities.append(revision(action("a"), 2, true));
    expect(await subject.store.entities.head("guest/a")).toMatchObject({ rev: 2, deleted: true });
    expect(await subject.store.entities.list(everything)).toEqual([]);
    expect(await subject.store.entities.count(everything)).toBe(0);
    expect(await subject.store.entities.append(revision(action("a")))).toBe(false);
    expect(await subject.store.entities.append(revision(packageNamed("a"), 3))).toBe(true);
    expect(await subject.store.entities.list(everything)).toEqual([]);
    expect(namesOf(await subject.store.entities.list({ ...everything, collection: "packages" }))).toEqual(["a"]);
  });

  test("a list holds one namespace and one collection, the newest revision of each, most recently updated first", async () => {
    await append(
      revision(action("old", { updated: 1_000 })),
      revision(action("new", { updated: 3_000 })),
      revision(action("changed", { updated: 500 })),
      revision(action("foreign", { namespace: "other" })),
      revision(rule("r", "guest/t")),
    );
    await append(revision(action("changed", { updated: 2_000, version: "0.0.2" }), 2));
    const list = await subject.store.entities.list(everything);
    expect(namesOf(list)).toEqual(["new", "changed", "old"]);
    expect(list[1]).toMatchObject({ rev: 2, deleted: false, entity: { version: "0.0.2" } });
    expect(await subject.store.entities.count(everything)).toBe(3);
  });

  test("a list can be of one package, of what is in none, or of both", async () => {
    await append(
      revision(action("bare", { updated: 3 })),
      revision(action("inside", { updated: 2, package: "p" })),
      revision(action("elsewhere", { updated: 1, package: "q" })),
    );
    const of = async (name: string | null | undefined) => {
      const query = { ...everything, package: name };
      const list = namesOf(await subject.store.entities.list(query));
      expect(await subject.store.entities.count(query)).toBe(list.length);
      return list;
    };
    expect(await of(undefined)).toEqual(["bare", "inside", "elsewhere"]);
    expect(await of(null)).toEqual(["bare"]);
    expect(await of("p")).toEqual(["inside"]);
    expect(await of("none")).toEqual([]);
  });

  test("since and upto are inclusive", async () => {
    await append(...[1, 2, 3, 4, 5].map((updated) => revision(action(`a${updated}`, { updated }))));
    const query = { ...everything, since: 2, upto: 4 };
    expect(namesOf(await subject.store.entities.list(query))).toEqual(["a4", "a3", "a2"]);
    expect(await subject.store.entities.count(query)).toBe(3);
    expect(namesOf(await subject.store.entities.list({ ...everything, since: 5 }))).toEqual(["a5"]);
    expect(namesOf(await subject.store.entities.list({ ...everything, upto: 1 }))).toEqual(["a1"]);
  });

  test("pages of any size show each entity once, in the order of the whole list, also where times are equal", async () => {
    await append(...Array.from({ length: 23 }, (_, index) => revision(action(`a${index}`, { updated: index % 3 }))));
    const whole = namesOf(await subject.store.entities.list(everything));
    expect(new Set(whole).size).toBe(23);
    for (const limit of [1, 7, 23, 100]) {
      const pages: string[] = [];
      for (let skip = 0; skip < 23; skip += limit) {
        pages.push(...namesOf(await subject.store.entities.list({ ...everything, limit, skip })));
      }
      expect(pages).toEqual(whole);
    }
    expect(await subject.store.entities.list({ ...everything, limit: 5, skip: 23 })).toEqual([]);
  });

  test("the rules of a trigger are found in any status and namespace until they are deleted or point elsewhere", async () => {
    await append(
      revision(rule("on", "guest/t")),
      revision(rule("off", "guest/t", { status: "inactive" })),
      revision(rule("foreign", "guest/t", { namespace: "other" })),
      revision(rule("gone", "guest/t")),
      revision(rule("moved", "guest/t")),
      revision(rule("unrelated", "guest/u")),
    );
    await append(revision(rule("gone", "guest/t"), 2, true), revision(rule("moved", "guest/u"), 2));
    const rulesOf = async (trigger: string) => namesOf(await subject.store.entities.rulesOf(trigger)).sort();
    expect(await rulesOf("guest/t")).toEqual(["foreign", "off", "on"]);
    expect(await rulesOf("guest/u")).toEqual(["moved", "unrelated"]);
    expect(await rulesOf("guest/none")).toEqual([]);
  });

  test("names differ by case, and blanks and signs in them stay", async () => {
    const names = ["Name", "name", "a b", "a.b", "a@b & c-d", "_", "%", "ü"];
    await append(...names.map((name) => revision(action(name))));
    for (const name of names) expect((await subject.store.entities.head(`guest/${name}`))?.entity.name).toBe(name);
    expect(await subject.store.entities.count(everything)).toBe(names.length);
  });

  test("values of parameters and annotations come back as they were given, whatever they are", async () => {
    let number = 0;
    const roundTrip = async (value: ReturnType<typeof JSON.parse>) => {
      const given = revision(action("a", { parameters: [{ key: "__proto__", value }], annotations: [{ key: "$x.y", value }] }), ++number);
      expect(await subject.store.entities.append(given)).toBe(true);
      expect(await subject.store.entities.head("guest/a")).toEqual(given);
    };
    await roundTrip(TRICKY_JSON);
    await fc.assert(fc.asyncProperty(anyJson(), roundTrip), { numRuns: 50 });
  });

  test("what was appended is there after the store is opened again", async () => {
    const revisions = await together(100, async (index) => revision(action(`a${index}`, { updated: index })));
    await append(...revisions);
    const before = await subject.store.entities.list(everything);
    await subject.reopen();
    expect(await subject.store.entities.list(everything)).toStrictEqual(before);
    expect(before).toHaveLength(100);
    expect(await subject.store.entities.append(revisions[0]!)).toBe(false);
  });
}
