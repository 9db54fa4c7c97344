import { WhiskError } from "../errors";
import { UNLIMITED } from "../model/namespaceLimits";
import { Throttle } from "./throttle";

let now = 0;
let controllers = 1;
const throttle = (limits: Partial<typeof UNLIMITED>) => new Throttle({ limits: () => ({ ...UNLIMITED, ...limits }), controllers: () => controllers, now: () => now });

beforeEach(() => {
  [now, controllers] = [600_000, 1];
});

test("a namespace has no more invocations under way than allowed, and another has its own", () => {
  const one = throttle({ concurrentInvocations: 2 });
  const leave = one.enter("a");
  one.enter("a");
  const refusal = new WhiskError(429, "Too many concurrent requests in flight (count: 2, allowed: 2).");
  expect(() => one.enter("a")).toThrow(refusal);
  expect(() => one.invocation("a")).toThrow(refusal);
  one.enter("b");
  leave();
  one.invocation("a");
  one.enter("a");
});

test("what was promised counts as under way, and is not refused", () => {
  const one = throttle({ concurrentInvocations: 1 });
  const leave = [one.count("a"), one.count("a")];
  expect(() => one.enter("a")).toThrow("(count: 2, allowed: 1)");
  leave.forEach((end) => end());
  one.enter("a");
});

test("rates are counted by the minute, fires by themselves; what is refused counts too", () => {
  const one = throttle({ invocationsPerMinute: 2, firesPerMinute: 1 });
  one.invocation("a");
  one.invocation("a");
  expect(() => one.invocation("a")).toThrow(new WhiskError(429, "Too many requests in the last minute (count: 3, allowed: 2)."));
  expect(() => one.invocation("a")).toThrow("(count: 4, allowed: 2)");
  one.fire("a");
  expect(() => one.fire("a")).toThrow("(count: 2, allowed: 1)");
  now += 60_000;
  one.invocation("a");
  one.fire("a");
});

test("the rate is told before what is under way", () => {
  const one = throttle({ invocationsPerMinute: 0, concurrentInvocations: 0 });
  expect(() => one.invocation("a")).toThrow("Too many requests in the last minute (count: 1, allowed: 0).");
});

test("each of several controllers enforces its part, and at least one", () => {
  controllers = 3;
  const one = throttle({ invocationsPerMinute: 2 });
  one.invocation("a");
  expect(() => one.invocation("a")).toThrow("(count: 2, allowed: 1)");
  const other = throttle({ concurrentInvocations: 7 });
  other.enter("a");
  other.enter("a");
  expect(() => other.enter("a")).toThrow("(count: 2, allowed: 2)");
  controllers = 1;
  other.enter("a");
});

test("a limit of 0 allows nothing, however many controllers there are", () => {
  controllers = 3;
  const none = throttle({ concurrentInvocations: 0, firesPerMinute: 0 });
  expect(() => none.invocation("a")).toThrow("Too many concurrent requests in flight (count: 0, allowed: 0).");
  expect(() => none.fire("a")).toThrow("(count: 1, allowed: 0)");
});

test("limits may change while they are in use", () => {
  let invocationsPerMinute = 1;
  const one = new Throttle({ limits: () => ({ ...UNLIMITED, invocationsPerMinute }), now: () => now });
  one.invocation("a");
  expect(() => one.invocation("a")).toThrow("allowed: 1");
  invocationsPerMinute = 3;
  one.invocation("a");
});

test("calls that go over the turn of a minute still count as under way", () => {
  const one = throttle({ concurrentInvocations: 1 });
  const leave = one.enter("a");
  now += 60_000;
  expect(() => one.enter("a")).toThrow("in flight");
  leave();
  now += 60_000;
  one.enter("a");
});
