import { newActivationId } from "../../core/ids";
import type { Subject } from "../contract";
import { activation, attemptEnd, together, TRICKY_JSON } from "./samples";

export function startCases(subject: Subject): void {
  const start = () => ({ activationId: newActivationId(), attempt: 0, invoker: "invoker-1", at: 1_000 });

  test("a claimed attempt is found, another is not", async () => {
    const claim = start();
    expect(await subject.store.starts.claim(claim)).toBe(true);
    expect(await subject.store.starts.get(claim.activationId, 0)).toStrictEqual(claim);
    expect(await subject.store.starts.get(claim.activationId, 1)).toBeUndefined();
    expect(await subject.store.starts.get(newActivationId(), 0)).toBeUndefined();
  });

  test("the revisions with which it was begun come back, after the store is opened again too", async () => {
    const action = { action: { key: "guest/tools/hello", rev: 3 }, packages: [{ key: "guest/tools", rev: 1 }, { key: "guest/mine", rev: 2 }] };
    const claim = { ...start(), action };
    expect(await subject.store.starts.claim(claim)).toBe(true);
    await subject.reopen();
    expect(await subject.store.starts.get(claim.activationId, 0)).toStrictEqual(claim);
  });

  test("of 50 claims of one attempt at the same time exactly one is first, and it stays", async () => {
    const claim = start();
    const won = await together(50, (index) => subject.store.starts.claim({ ...claim, invoker: `invoker-${index}` }));
    expect(won.filter(Boolean)).toHaveLength(1);
    const winner = { ...claim, invoker: `invoker-${won.indexOf(true)}` };
    expect(await subject.store.starts.claim({ ...claim, invoker: "late" })).toBe(false);
    expect(await subject.store.starts.get(claim.activationId, 0)).toStrictEqual(winner);
  });

  test("each attempt is claimed by itself, and stays claimed after the store is opened again", async () => {
    const claim = start();
    expect(await together(5, (attempt) => subject.store.starts.claim({ ...claim, attempt }))).toEqual([true, true, true, true, true]);
    await subject.reopen();
    expect(await together(6, (attempt) => subject.store.starts.claim({ ...claim, attempt }))).toEqual([false, false, false, false, false, true]);
    expect(await subject.store.starts.get(claim.activationId, 4)).toStrictEqual({ ...claim, attempt: 4 });
  });

  test("how an attempt ended is found once that was said, and of that attempt only", async () => {
    const end = attemptEnd({ attempt: 1 });
    await subject.store.starts.claim({ ...start(), activationId: end.activationId, attempt: 1 });
    expect(await subject.store.starts.ended(end.activationId, 1)).toBeUndefined();
    await subject.store.starts.end(end);
    expect(await subject.store.starts.ended(end.activationId, 1)).toStrictEqual(end);
    expect(await subject.store.starts.ended(end.activationId, 0)).toBeUndefined();
    expect(await subject.store.starts.ended(newActivationId(), 1)).toBeUndefined();
  });

  test("the end of an attempt leaves its start as it is, and claims no attempt", async () => {
    const claim = start();
    await subject.store.starts.claim(claim);
    await subject.store.starts.end(attemptEnd({ activationId: claim.activationId }));
    expect(await subject.store.starts.get(claim.activationId, 0)).toStrictEqual(claim);
    expect(await subject.store.starts.claim({ ...claim, invoker: "late" })).toBe(false);
    expect(await subject.store.starts.get(claim.activationId, 1)).toBeUndefined();
    expect(await subject.store.starts.claim({ ...claim, attempt: 1 })).toBe(true);
  });

  test("the first end of an attempt stays, also when several are said at the same time", async () => {
    const end = attemptEnd();
    await subject.store.starts.end(end);
    await together(5, (index) => subject.store.starts.end({ ...end, at: 2_000 + index }));
    expect(await subject.store.starts.ended(end.activationId, 0)).toStrictEqual(end);

    const activationId = newActivationId();
    const candidates = await together(20, async (at) => attemptEnd({ activationId, at }));
    await Promise.all(candidates.map((candidate) => subject.store.starts.end(candidate)));
    const first = await subject.store.starts.ended(activationId, 0);
    expect(candidates).toContainEqual(first);
    await subject.store.starts.end({ ...end, activationId, at: 99 });
    expect(await subject.store.starts.ended(activationId, 0)).toStrictEqual(first);
  });

  test("the response of an ended attempt comes back as it was given, after the store is opened again too", async () => {
    const ends = await together(5, async (attempt) => attemptEnd({ attempt, response: { statusCode: 1, result: TRICKY_JSON } }));
    await Promise.all(ends.map((end) => subject.store.starts.end(end)));
    await subject.reopen();
    for (const end of ends) expect(await subject.store.starts.ended(end.activationId, end.attempt)).toEqual(end);
  });

  test("the ends of attempts go when their record is pruned, and not before", async () => {
    const old = activation({ end: 100 });
    const kept = activation({ end: 200 });
    await Promise.all([old, kept].map((record) => subject.store.activations.insert(record)));
    const ends = [old, kept].flatMap(({ activationId }) => [0, 1].map((attempt) => attemptEnd({ activationId, attempt })));
    await Promise.all(ends.map((end) => subject.store.starts.end(end)));
    const found = () => together(ends.length, (index) => subject.store.starts.ended(ends[index]!.activationId, ends[index]!.attempt));
    expect(await found()).toStrictEqual(ends);
    expect(await subject.store.activations.prune(200)).toBe(1);
    expect(await found()).toStrictEqual([undefined, undefined, ends[2], ends[3]]);
  });
}
