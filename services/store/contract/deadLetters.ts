import fc from "fast-check";
import { newActivationId } from "../../core/ids";
import type { JsonObject } from "../../core/model/parameters";
import type { DeadLetter } from "../../core/ports/store";
import type { Subject } from "../contract";
import { anyJson, deadLetter, together, TRICKY_JSON } from "./samples";

const everything = { limit: 0, skip: 0 };

const idsOf = (letters: DeadLetter[]) => letters.map(({ activationId }) => activationId);

export function deadLetterCases(subject: Subject): void {
  const put = (letters: DeadLetter[]) => Promise.all(letters.map((letter) => subject.store.deadLetters.put(letter)));

  test("a dead letter comes back as it was put, and what was never put is not there", async () => {
    const letter = deadLetter();
    await subject.store.deadLetters.put(letter);
    expect(await subject.store.deadLetters.get("guest", letter.activationId)).toStrictEqual(letter);
    expect(await subject.store.deadLetters.list("guest", everything)).toStrictEqual([letter]);
    expect(await subject.store.deadLetters.count("guest")).toBe(1);
    expect(await subject.store.deadLetters.get("guest", newActivationId())).toBeUndefined();
  });

  test("the first dead letter of an activation stays, also when several are put at the same time", async () => {
    const letter = deadLetter();
    await subject.store.deadLetters.put(letter);
    await together(5, (index) => subject.store.deadLetters.put({ ...letter, attempts: 10 + index, at: 2_000 }));
    expect(await subject.store.deadLetters.get("guest", letter.activationId)).toStrictEqual(letter);
    expect(await subject.store.deadLetters.list("guest", everything)).toStrictEqual([letter]);

    const activationId = newActivationId();
    const candidates = await together(20, async (attempts) => deadLetter({ activationId, attempts }));
    await put(candidates);
    const first = await subject.store.deadLetters.get("guest", activationId);
    expect(candidates).toContainEqual(first);
    expect(await subject.store.deadLetters.count("guest")).toBe(2);
  });

  test("a list has what was given up last first, whatever the order in which it was put", async () => {
    await put([30, 10, 50, 20, 40].map((at) => deadLetter({ at })));
    const times = async (page: { limit: number; skip: number }) => (await subject.store.deadLetters.list("guest", page)).map(({ at }) => at);
    expect(await times(everything)).toEqual([50, 40, 30, 20, 10]);
    expect(await times({ limit: 2, skip: 0 })).toEqual([50, 40]);
    expect(await times({ limit: 2, skip: 3 })).toEqual([20, 10]);
    expect(await times({ limit: 0, skip: 4 })).toEqual([10]);
    expect(await times({ limit: 2, skip: 5 })).toEqual([]);
  });

  test("pages of any size show each dead letter once, in the order of the whole list, also where times are equal", async () => {
    await put(Array.from({ length: 23 }, (_, index) => deadLetter({ at: index % 3 })));
    const whole = idsOf(await subject.store.deadLetters.list("guest", everything));
    expect(new Set(whole).size).toBe(23);
    for (const limit of [1, 7, 23, 100]) {
      const pages: string[] = [];
      for (let skip = 0; skip < 23; skip += limit) pages.push(...idsOf(await subject.store.deadLetters.list("guest", { limit, skip })));
      expect(pages).toEqual(whole);
    }
  });

  test("a removed dead letter is gone, and removing it again says that there is none", async () => {
    const [gone, kept] = [deadLetter(), deadLetter()];
    await put([gone, kept]);
    expect(await subject.store.deadLetters.remove("guest", gone.activationId)).toBe(true);
    expect(await subject.store.deadLetters.get("guest", gone.activationId)).toBeUndefined();
    expect(await subject.store.deadLetters.list("guest", everything)).toStrictEqual([kept]);
    expect(await subject.store.deadLetters.count("guest")).toBe(1);
    expect(await subject.store.deadLetters.remove("guest", gone.activationId)).toBe(false);
    expect(await subject.store.deadLetters.remove("guest", newActivationId())).toBe(false);
  });

  test("of several who remove one dead letter at the same time exactly one is told that it was there", async () => {
    const letter = deadLetter();
    await subject.store.deadLetters.put(letter);
    const removed = await together(10, () => subject.store.deadLetters.remove("guest", letter.activationId));
    expect(removed.filter(Boolean)).toHaveLength(1);
  });

  test("purging removes all of a namespace, and answers how many", async () => {
    await put(Array.from({ length: 30 }, (_, at) => deadLetter({ at })));
    const foreign = deadLetter({ namespace: "other" });
    await subject.store.deadLetters.put(foreign);
    expect(await subject.store.deadLetters.purge("guest")).toBe(30);
    expect(await subject.store.deadLetters.list("guest", everything)).toEqual([]);
    expect(await subject.store.deadLetters.count("guest")).toBe(0);
    expect(await subject.store.deadLetters.purge("guest")).toBe(0);
    expect(await subject.store.deadLetters.list("other", everything)).toStrictEqual([foreign]);
  });

  test("purging up to a time leaves what was given up later", async () => {
    const letters = Array.from({ length: 3 }, (_, at) => deadLetter({ at }));
    await put(letters);
    expect(await subject.store.deadLetters.purge("guest", 1)).toBe(2);
    expect(await subject.store.deadLetters.list("guest", everything)).toStrictEqual([letters[2]]);
  });

  test("a namespace neither sees nor removes another's dead letters", async () => {
    const letter = deadLetter();
    await subject.store.deadLetters.put(letter);
    expect(await subject.store.deadLetters.get("other", letter.activationId)).toBeUndefined();
    expect(await subject.store.deadLetters.list("other", everything)).toEqual([]);
    expect(await subject.store.deadLetters.count("other")).toBe(0);
    expect(await subject.store.deadLetters.remove("other", letter.activationId)).toBe(false);
    expect(await subject.store.deadLetters.purge("other")).toBe(0);
    expect(await subject.store.deadLetters.get("guest", letter.activationId)).toStrictEqual(letter);
  });

  test("reasons and payloads come back as they were given, whatever they are", async () => {
    const roundTrip = async (value: ReturnType<typeof JSON.parse>) => {
      const letter = deadLetter({ reason: value });
      letter.message.payload = JSON.parse(JSON.stringify({ value, $set: value, "a.b": value })) as JsonObject;
      await subject.store.deadLetters.put(letter);
      expect(await subject.store.deadLetters.get("guest", letter.activationId)).toEqual(letter);
    };
    await roundTrip(TRICKY_JSON);
    await fc.assert(fc.asyncProperty(anyJson(), roundTrip), { numRuns: 30 });
  });

  test("a dead letter with a payload of the greatest size comes back as it was", async () => {
    const letter = deadLetter();
    letter.message.payload = { text: "x".repeat(1024 * 1024 - 20) };
    await subject.store.deadLetters.put(letter);
    expect(await subject.store.deadLetters.list("guest", everything)).toStrictEqual([letter]);
  });

  test("dead letters are there, and removed ones are not, after the store is opened again", async () => {
    const letters = Array.from({ length: 20 }, (_, at) => deadLetter({ at }));
    await put(letters);
    await subject.store.deadLetters.remove("guest", letters[19]!.activationId);
    await subject.reopen();
    expect(await subject.store.deadLetters.list("guest", everything)).toStrictEqual(letters.slice(0, 19).reverse());
    await subject.store.deadLetters.put({ ...letters[0]!, attempts: 99 });
    expect(await subject.store.deadLetters.get("guest", letters[0]!.activationId)).toStrictEqual(letters[0]);
  });
}
