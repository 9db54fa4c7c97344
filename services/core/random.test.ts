import { randomBytes } from "./random";

test("random bytes are as many as asked for, and never the same, however many are taken", () => {
  const taken = Array.from({ length: 10_000 }, (_, index) => randomBytes(16 + (index % 49)).toString("hex"));
  expect(taken.map(({ length }) => length)).toEqual(taken.map((_, index) => 2 * (16 + (index % 49))));
  expect(new Set(taken.map((text) => text.slice(0, 32))).size).toBe(taken.length);
});
