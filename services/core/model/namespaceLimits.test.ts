import { checkKind, checkOwnActionLimits, effectiveLimits, limitsView, UNLIMITED } from "./namespaceLimits";

const defaults = { concurrentInvocations: 100, invocationsPerMinute: 120, firesPerMinute: 60 };

test("what a namespace has of its own goes before the platform's, and cannot be wider than that of actions", () => {
  expect(effectiveLimits(defaults, { firesPerMinute: 0, maxActionMemory: 200, minActionTimeout: 10, maxActionLogs: 99, maxParameterSize: 5 })).toMatchObject({
    ...defaults,
    firesPerMinute: 0,
    maxActionMemory: 200,
    minActionTimeout: 100,
    maxActionLogs: 10,
    maxParameterSize: 5,
    maxPayloadSize: 1_048_576,
  });
});

test("they are shown with OpenWhisk's names and units", () => {
  expect(limitsView(effectiveLimits(defaults))).toEqual({
    ...defaults,
    minActionMemory: 128,
    maxActionMemory: 512,
    minActionTimeout: 100,
    maxActionTimeout: 300_000,
    minActionLogs: 0,
    maxActionLogs: 10,
    minActionConcurrency: 1,
    maxActionConcurrency: expect.any(Number) as number,
    maxParameterSize: "1048576 B",
    maxActionInstances: 100,
  });
  expect(limitsView(effectiveLimits(defaults, { allowedKinds: ["python:3"], storeActivations: false, concurrentInvocations: 7 }))).toMatchObject({
    allowedKinds: ["python:3"],
    storeActivations: false,
    maxActionInstances: 7,
  });
});

test("no limit is the largest number that clients can read", () => {
  expect(limitsView(effectiveLimits(UNLIMITED))).toMatchObject({ concurrentInvocations: 2_147_483_647, invocationsPerMinute: 2_147_483_647, firesPerMinute: 2_147_483_647 });
});

test.each([
  [{ memory: 256 }, "memory size 256 MB exceeds allowed threshold of 200 MB"],
  [{ memory: 140 }, "memory size 140 MB below allowed threshold of 150 MB"],
  [{ timeout: 21_000 }, "duration 21000 milliseconds exceeds allowed threshold of 20000 milliseconds"],
  [{ logs: 7 }, "log size 7 MB exceeds allowed threshold of 6 MB"],
  [{ instances: 201 }, "Max action instance concurrency must not exceed your namespace concurrency of 200."],
])("%j is refused where the namespace may have less", (given, message) => {
  const limits = effectiveLimits(defaults, { minActionMemory: 150, maxActionMemory: 200, maxActionTimeout: 20_000, maxActionLogs: 6, concurrentInvocations: 200 });
  expect(() => checkOwnActionLimits(limits, given)).toThrow(message);
  expect(() => checkOwnActionLimits(limits, { memory: 180, timeout: 10_000 })).not.toThrow();
});

test("kinds are allowed if none or this one is named", () => {
  const allowed = (allowedKinds?: string[]) => effectiveLimits(defaults, allowedKinds && { allowedKinds });
  for (const limits of [allowed(), allowed([]), allowed(["nodejs:24"])]) expect(() => checkKind(limits, "nodejs:24")).not.toThrow();
  expect(() => checkKind(allowed(["python:3"]), "nodejs:24")).toThrow("The supplied authentication is not authorized to access actions of kind 'nodejs:24'.");
});
