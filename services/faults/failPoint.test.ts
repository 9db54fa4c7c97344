import { MemoryStore } from "../core/testing/memoryStore";
import { FAIL_AT, FailPoint } from "./failPoint";
import { mortal } from "./ports";

test("a process dies when it comes to its point for the n-th time, and at no other", () => {
  const die = jest.fn();
  const fail = new FailPoint("send", 3, die);
  for (let time = 0; time < 2; time++) fail.reached("send");
  fail.reached("ack");
  expect(die).not.toHaveBeenCalled();
  fail.reached("send");
  expect(die).toHaveBeenCalledTimes(1);
});

test("without the variable there is no fail point, and the ports are what they were", () => {
  expect(FailPoint.of({})).toBeUndefined();
  const store = new MemoryStore();
  expect(mortal.store(store, undefined)).toBe(store);
});

test.each(["send", "send:0", "nowhere:1", "toString:1", "send:x"])("the fail point %j is refused, and the message names those that there are", (text) => {
  expect(() => FailPoint.of({ [FAIL_AT]: text })).toThrow(/append, send, start, run, record, ack/);
});

test("an outcome that is stored is behind the point 'run' and before the point 'record'", async () => {
  const store = new MemoryStore();
  const seen: string[] = [];
  const end = { activationId: "a".repeat(32), attempt: 0, at: 1, response: { statusCode: 1, result: {} } } as never;
  const stored = async () => (await store.starts.ended("a".repeat(32), 0)) !== undefined;
  const probe = { reached: (point: string) => void seen.push(point) } as unknown as FailPoint;
  await mortal.store(store, probe).starts.end(end);
  expect(await stored()).toBe(true);
  expect(seen).toEqual(["run", "record"]);
});
