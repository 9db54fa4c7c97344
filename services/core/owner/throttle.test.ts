import { WhiskError } from "../errors";
import { Throttle, UNLIMITED } from "./throttle";

let now = 0;
let controllers = 1;
const throttle = (limits: Partial<typeof UNLIMITED>) => new Throttle({ limits: { ...UNLIMITED, ...limits }, controllers: () => controllers, now: () => now });

beforeEach(() => {
  [now, controllers] = [600_000, 1];
});

test("a namespace has no more blocking calls under way than allowed, and another has its own", () => {
  const one = throttle({ concurrentInvocations: 2 });
  const leave = one.enter("a");
  one.enter("a");
  expect(() => one.enter("a")).toThrow(new WhiskError(429, "Too many concurrent requests in flight (count: 2, allowed: 2)."));
  one.enter("b");
  leave();
  one.enter("a");
});

test("rates are counted by the minute, invocations of both kinds together, fires by themselves", () => {
  const one = throttle({ invocationsPerMinute: 2, firesPerMinute: 1 });
  one.enter("a")();
  one.invocation("a");
  expect(() => one.invocation("a")).toThrow("Too many requests in the last minute (count: 2, allowed: 2).");
  expect(() => one.enter("a")).toThrow("in the last minute");
  one.fire("a");
  expect(() => one.fire("a")).toThrow("(count: 1, allowed: 1)");
  now += 60_000;
  one.invocation("a");
  one.fire("a");
});

test("each of several controllers enforces its part, and at least one", () => {
  const one = throttle({ concurrentInvocations: 7, invocationsPerMinute: 2 });
  controllers = 3;
  one.enter("a");
  expect(() => one.enter("a")).toThrow("(count: 1, allowed: 1)");
  const other = throttle({ concurrentInvocations: 7 });
  other.enter("a");
  other.enter("a");
  expect(() => other.enter("a")).toThrow("(count: 2, allowed: 2)");
  controllers = 1;
  other.enter("a");
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
