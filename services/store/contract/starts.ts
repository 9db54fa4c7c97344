import { newActivationId } from "../../core/ids";
import type { Subject } from "../contract";
import { together } from "./samples";

export function startCases(subject: Subject): void {
  const start = () => ({ activationId: newActivationId(), attempt: 0, invoker: "invoker-1", at: 1_000 });

  test("a claimed attempt is found, another is not", async () => {
    const claim = start();
    expect(await subject.store.starts.claim(claim)).toBe(true);
    expect(await subject.store.starts.get(claim.activationId, 0)).toStrictEqual(claim);
    expect(await subject.store.starts.get(claim.activationId, 1)).toBeUndefined();
    expect(await subject.store.starts.get(newActivationId(), 0)).toBeUndefined();
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
}
