import fc from "fast-check";
import { newActivationId } from "../../core/ids";
import type { Activation } from "../../core/model/activation";
import type { ActivationQuery } from "../../core/ports/store";
import type { Subject } from "../contract";
import { activation, anyJson, together, TRICKY_JSON } from "./samples";

const everything: ActivationQuery = { namespace: "guest", limit: 1_000, skip: 0 };

const idsOf = (records: Activation[]) => records.map(({ activationId }) => activationId);

export function activationCases(subject: Subject): void {
  const insert = (records: Activation[]) => Promise.all(records.map((record) => subject.store.activations.insert(record)));

  test("a record comes back as it was inserted", async () => {
    const full = activation({ cause: newActivationId() });
    const { duration: _, ...bare } = activation({ logs: [], annotations: [] });
    for (const record of [full, bare]) {
      expect(await subject.store.activations.insert(record)).toBe(true);
      expect(await subject.store.activations.get("guest", record.activationId)).toStrictEqual(record);
    }
    expect(await subject.store.activations.get("guest", newActivationId())).toBeUndefined();
  });

  test("a record is found from the moment of the insert, before that has resolved", async () => {
    const record = activation();
    const inserted = subject.store.activations.insert(record);
    expect(await subject.store.activations.get("guest", record.activationId)).toStrictEqual(record);
    expect(await inserted).toBe(true);
    expect(await subject.store.activations.get("guest", record.activationId)).toStrictEqual(record);
  });

  test("lists and counts hold what is being inserted", async () => {
    const record = activation();
    const inserted = subject.store.activations.insert(record);
    expect(await subject.store.activations.list(everything)).toStrictEqual([record]);
    expect(await subject.store.activations.count({ namespace: "guest" })).toBe(1);
    expect(await inserted).toBe(true);
  });

  test("what is changed in a record after its insert does not reach the store", async () => {
    const record = activation();
    const original = structuredClone(record);
    const inserted = subject.store.activations.insert(record);
    record.logs.push("later");
    await inserted;
    const found = (await subject.store.activations.get("guest", record.activationId))!;
    expect(found).toStrictEqual(original);
    found.logs.push("later");
    expect(await subject.store.activations.get("guest", record.activationId)).toStrictEqual(original);
  });

  test("of 50 inserts of one id at the same time exactly one is first, and its record stays", async () => {
    const activationId = newActivationId();
    const candidates = Array.from({ length: 50 }, (_, index) => activation({ activationId, end: index }));
    const won = await insert(candidates);
    expect(won.filter(Boolean)).toHaveLength(1);
    const winner = candidates[won.indexOf(true)];
    const late = activation({ activationId, end: 99 });
    const insertion = subject.store.activations.insert(late);
    expect(await subject.store.activations.get("guest", activationId)).toStrictEqual(winner);
    expect(await insertion).toBe(false);
    expect(await subject.store.activations.get("guest", activationId)).toStrictEqual(winner);
    expect(await subject.store.activations.list(everything)).toStrictEqual([winner]);
  });

  test("a namespace does not find another's record, not even while it is being inserted", async () => {
    const record = activation();
    const inserted = subject.store.activations.insert(record);
    expect(await subject.store.activations.get("other", record.activationId)).toBeUndefined();
    await inserted;
    expect(await subject.store.activations.get("other", record.activationId)).toBeUndefined();
    expect(await subject.store.activations.list({ ...everything, namespace: "other" })).toEqual([]);
    expect(await subject.store.activations.count({ namespace: "other" })).toBe(0);
  });

  test("a list has the newest start first, whatever the order of the inserts", async () => {
    const records = [30, 10, 50, 20, 40].map((start) => activation({ start, end: 100 - start }));
    await insert(records);
    expect((await subject.store.activations.list(everything)).map(({ start }) => start)).toEqual([50, 40, 30, 20, 10]);
  });

  test("the filter by name is by package and name, in whichever namespace the action is; by the binding, if it was reached through one", async () => {
    const bare = activation({ path: "guest/echo", name: "echo", start: 3 });
    const packaged = activation({ path: "guest/utils/echo", name: "echo", start: 2 });
    const system = activation({ path: "whisk.system/utils/echo", name: "echo", start: 1 });
    const bound = activation({ path: "whisk.system/utils/echo", name: "echo", start: 0, annotations: [{ key: "binding", value: "guest/mine" }] });
    await insert([bare, packaged, system, bound]);
    const named = async (name: string) => {
      const list = idsOf(await subject.store.activations.list({ ...everything, name }));
      expect(await subject.store.activations.count({ namespace: "guest", name })).toBe(list.length);
      return list;
    };
    expect(await named("echo")).toEqual([bare.activationId]);
    expect(await named("utils/echo")).toEqual(idsOf([packaged, system]));
    expect(await named("mine/echo")).toEqual([bound.activationId]);
    expect(await named("utils")).toEqual([]);
  });

  test("since and upto are inclusive, by start", async () => {
    await insert([1, 2, 3, 4, 5].map((start) => activation({ start })));
    const query = { ...everything, since: 2, upto: 4 };
    expect((await subject.store.activations.list(query)).map(({ start }) => start)).toEqual([4, 3, 2]);
    expect(await subject.store.activations.count(query)).toBe(3);
    expect(await subject.store.activations.count({ namespace: "guest", since: 5 })).toBe(1);
    expect(await subject.store.activations.count({ namespace: "guest", upto: 0 })).toBe(0);
  });

  test("pages of any size show each record once, in the order of the whole list, also where starts are equal", async () => {
    await insert(Array.from({ length: 23 }, (_, index) => activation({ start: index % 3 })));
    const whole = idsOf(await subject.store.activations.list(everything));
    expect(new Set(whole).size).toBe(23);
    for (const limit of [1, 7, 23, 100]) {
      const pages: string[] = [];
      for (let skip = 0; skip < 23; skip += limit) pages.push(...idsOf(await subject.store.activations.list({ ...everything, limit, skip })));
      expect(pages).toEqual(whole);
    }
  });

  test("pruning removes what ended before, and its starts, and answers how many", async () => {
    const old = Array.from({ length: 450 }, (_, index) => activation({ start: 0, end: 100 + (index % 100) }));
    const kept = [activation({ start: 0, end: 200 }), activation({ start: 150, end: 300 })];
    await insert([...old, ...kept]);
    const claim = { activationId: old[0]!.activationId, attempt: 0, invoker: "i", at: 1 };
    const keptClaim = { ...claim, activationId: kept[0]!.activationId };
    await subject.store.starts.claim(claim);
    await subject.store.starts.claim({ ...claim, attempt: 1 });
    await subject.store.starts.claim(keptClaim);

    expect(await subject.store.activations.prune(200)).toBe(450);
    expect(idsOf(await subject.store.activations.list(everything)).sort()).toEqual(idsOf(kept).sort());
    expect(await subject.store.activations.get("guest", old[0]!.activationId)).toBeUndefined();
    expect(await subject.store.starts.get(claim.activationId, 0)).toBeUndefined();
    expect(await subject.store.starts.get(claim.activationId, 1)).toBeUndefined();
    expect(await subject.store.starts.get(keptClaim.activationId, 0)).toEqual(keptClaim);
    expect(await subject.store.activations.prune(200)).toBe(0);
  });

  test("what one namespace has had up to a time can be removed as a whole, and what came later or others have stays", async () => {
    const mine = Array.from({ length: 210 }, () => activation({ start: 500 }));
    const [later, theirs] = [activation({ start: 501 }), activation({ namespace: "other", start: 500 })];
    await insert([...mine, later, theirs]);
    await subject.store.starts.claim({ activationId: mine[0]!.activationId, attempt: 0, invoker: "i", at: 1 });
    expect(await subject.store.activations.purge("guest", 500)).toBe(210);
    expect(await subject.store.activations.list(everything)).toEqual([later]);
    expect(await subject.store.starts.get(mine[0]!.activationId, 0)).toBeUndefined();
    expect(await subject.store.activations.get("other", theirs.activationId)).toEqual(theirs);
    expect(await subject.store.activations.purge("guest", 500)).toBe(0);
  });

  test("results and annotations come back as they were given, whatever they are", async () => {
    const roundTrip = async (value: ReturnType<typeof JSON.parse>) => {
      const record = activation({ response: { statusCode: 0, result: value }, annotations: [{ key: "__proto__", value }], logs: ["ü 😀 \0"] });
      await subject.store.activations.insert(record);
      expect(await subject.store.activations.get("guest", record.activationId)).toEqual(record);
    };
    await roundTrip(TRICKY_JSON);
    await fc.assert(fc.asyncProperty(anyJson(), roundTrip), { numRuns: 50 });
  });

  test("a record with a result and logs of the greatest sizes comes back as it was", async () => {
    const record = activation({
      response: { statusCode: 0, result: { text: "x".repeat(1024 * 1024 - 20) } },
      logs: Array.from({ length: 10 * 1024 }, () => "y".repeat(1_000)),
    });
    await subject.store.activations.insert(record);
    expect(await subject.store.activations.get("guest", record.activationId)).toStrictEqual(record);
  });

  test("what was inserted is there after the store is opened again, the last inserts included", async () => {
    const records = Array.from({ length: 700 }, (_, start) => activation({ start }));
    const inserted = insert(records);
    await subject.reopen();
    expect(await inserted).toEqual(records.map(() => true));
    expect(await subject.store.activations.list(everything)).toStrictEqual([...records].reverse());
    expect(await together(2, () => subject.store.activations.insert(records[0]!))).toEqual([false, false]);
  });
}
