import fc from "fast-check";
import { ACTION_LIMITS, type ActionLimits, checkActionLimits, DEFAULT_ACTION_LIMITS } from "./limits";

const names = Object.keys(ACTION_LIMITS) as (keyof ActionLimits)[];

describe("the limits of an action", () => {
  test("are the defaults when none are given, and the defaults are within their bounds", () => {
    expect(checkActionLimits(undefined)).toEqual({ timeout: 60_000, memory: 256, logs: 10, concurrency: 1 });
    expect(checkActionLimits(DEFAULT_ACTION_LIMITS)).toEqual(Object.fromEntries(names.map((name) => [name, ACTION_LIMITS[name].std])));
  });

  test("keep what an update leaves out", () => {
    const base = { timeout: 1_000, memory: 128, logs: 1, concurrency: 1 };
    expect(checkActionLimits({ memory: 512 }, base)).toEqual({ ...base, memory: 512 });
    expect(base.memory).toBe(128);
  });

  test("may ask for fewer containers, and keep that", () => {
    const limits = checkActionLimits({ instances: 3 });
    expect(limits).toEqual({ ...DEFAULT_ACTION_LIMITS, instances: 3 });
    expect(checkActionLimits({ memory: 512 }, limits)).toEqual({ ...limits, memory: 512 });
    expect(checkActionLimits({})).not.toHaveProperty("instances");
  });

  test("are taken within their bounds and refused outside, each by itself", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.integer({ min: -10, max: 400_000 }), (name, value) => {
        const { min, max } = ACTION_LIMITS[name];
        const check = () => checkActionLimits({ [name]: value });
        if (value >= min && value <= max) expect(check()).toEqual({ ...DEFAULT_ACTION_LIMITS, [name]: value });
        else expect(check).toThrow(expect.objectContaining({ status: 400 }));
      }),
    );
  });

  test.each([
    [{ timeout: 99 }, "duration 99 milliseconds below allowed threshold of 100 milliseconds"],
    [{ timeout: 300_001 }, "duration 300001 milliseconds exceeds allowed threshold of 300000 milliseconds"],
    [{ memory: 64 }, "memory size 64 MB below allowed threshold of 128 MB"],
    [{ logs: 11 }, "log size 11 MB exceeds allowed threshold of 10 MB"],
    [{ concurrency: 501 }, "concurrency 501 exceeds allowed threshold of 500"],
    [{ memory: 128.5 }, "The limit 'memory' must be a whole number of MB."],
    [{ concurrency: NaN }, "The limit 'concurrency' must be a whole number."],
    [{ instances: -1 }, "Action container concurrency must be greater than or equal to 0."],
    [{ timeout: 1, memory: 1 }, "memory size 1 MB below allowed threshold of 128 MB"],
  ])("%j is refused by name", (given, message) => {
    expect(() => checkActionLimits(given)).toThrow(message);
  });
});
