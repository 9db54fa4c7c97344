import { within } from "./within";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("what comes in time is the answer, and no timer is left", async () => {
  expect(await within(Promise.resolve("done"), 1_000)).toBe("done");
  await expect(within(Promise.reject(new Error("failed")), 1_000)).rejects.toThrow("failed");
  expect(jest.getTimerCount()).toBe(0);
});

test("what takes longer is not waited for, and may fail later", async () => {
  let fail!: (error: Error) => void;
  const waited = within(new Promise((_, reject) => (fail = reject)), 1_000);
  jest.advanceTimersByTime(1_000);
  expect(await waited).toBeUndefined();
  fail(new Error("late"));
});
