import { megabytes, milliseconds } from "./units";

test.each([["256 MB", 256], ["512MB", 512], ["1 GB", 1024], ["128 m", 128]])("the size %s is so many MB", (size, expected) => expect(megabytes(size)).toBe(expected));

test.each([["2 minutes", 120_000], ["1 minute", 60_000], ["30s", 30_000], ["30 seconds", 30_000], ["500 ms", 500], ["1 h", 3_600_000]])("the time %s is so many milliseconds", (time, expected) =>
  expect(milliseconds(time)).toBe(expected));

test.each(["", "256", "many MB", "2 fortnights", "2 minutess"])("%j is neither, and the message says what was expected", (text) => {
  expect(() => megabytes(text)).toThrow('expected one such as "256 MB"');
  expect(() => milliseconds(text)).toThrow('expected one such as "2 minutes"');
});
