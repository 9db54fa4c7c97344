import fc from "fast-check";
import type { Json } from "./parameters";
import { parseRetries, pauseAfter, retriesOf } from "./retries";

const STANDARD = { delay: 1_000, maxDelay: 60_000 };

test.each<[Json, object]>([
  [0, { max: 0, ...STANDARD }],
  [10, { max: 10, ...STANDARD }],
  [{ max: 3 }, { max: 3, ...STANDARD }],
  [{ max: 3, delay: 0 }, { max: 3, delay: 0, maxDelay: 60_000 }],
  [{ max: 3, delay: 90_000 }, { max: 3, delay: 90_000, maxDelay: 90_000 }],
  [{ max: 1, delay: 600_000, maxDelay: 600_000 }, { max: 1, delay: 600_000, maxDelay: 600_000 }],
])("%j asks for %j", (value, retries) => {
  expect(parseRetries(value)).toEqual(retries);
  expect(retriesOf([{ key: "retries", value }])).toEqual(retries);
});

const RANGE = "must be a whole number from 0 to 10, not";
test.each<[Json, string]>([
  [-1, `In the annotation 'retries' max ${RANGE} -1.`],
  [11, `In the annotation 'retries' max ${RANGE} 11.`],
  [1.5, `In the annotation 'retries' max ${RANGE} 1.5.`],
  [{ max: "3" }, `In the annotation 'retries' max ${RANGE} "3".`],
  [{ max: 3, delay: -1 }, "In the annotation 'retries' delay must be a whole number from 0 to 600000 milliseconds, not -1."],
  [{ max: 3, maxDelay: 600_001 }, "In the annotation 'retries' maxDelay must be a whole number from 0 to 600000 milliseconds, not 600001."],
  [{ max: 3, delay: 20, maxDelay: 10 }, "In the annotation 'retries' maxDelay (10 ms) is less than delay (20 ms)."],
  [{ max: 3, maxdelay: 10 }, "The annotation 'retries' has no property 'maxdelay': it may hold max, delay and maxDelay."],
  [{ delay: 10 }, "The annotation 'retries' must be an object with the property 'max', the number of attempts after the first one."],
  ["3", 'The annotation \'retries\' must be a whole number from 0 to 10, or an object {"max": number, "delay": milliseconds, "maxDelay": milliseconds}.'],
])("%j is refused, and asks for nothing where it is stored already", (value, message) => {
  expect(() => parseRetries(value)).toThrow(expect.objectContaining({ status: 400, message }));
  expect(retriesOf([{ key: "retries", value }])).toBeUndefined();
});

test("whatever JSON the annotation holds, it is read as retries or refused with 400", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        expect(parseRetries(value as Json)).toEqual({ max: expect.any(Number), delay: expect.any(Number), maxDelay: expect.any(Number) });
      } catch (error) {
        expect(error).toMatchObject({ name: "WhiskError", status: 400 });
      }
    }),
  );
});

test("the pause doubles from attempt to attempt up to its bound", () => {
  expect([0, 1, 2, 3, 9].map((attempt) => pauseAfter({ max: 10, delay: 1_000, maxDelay: 5_000 }, attempt))).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
});
