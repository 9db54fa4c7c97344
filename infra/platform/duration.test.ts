import { toSeconds } from "./duration";

describe("a duration", () => {
  test.each([
    ["1 second", 1],
    ["30 seconds", 30],
    ["10 minutes", 600],
    ["1.5 hours", 5400],
    ["7 days", 604_800],
    ["45", 45],
    [600, 600],
  ])("%j is %d seconds", (written, seconds) => expect(toSeconds(written)).toBe(seconds));

  test.each([["soon"], ["3 weeks"], [""], [false], [Infinity], [undefined]])("%j is refused with examples of what is right", (written) =>
    expect(() => toSeconds(written)).toThrow(/expected a length of time such as "30 seconds"/),
  );

  test.each([[0], [-5], [0.5], ["0 seconds"]])("%j is not a positive whole number of seconds", (written) =>
    expect(() => toSeconds(written)).toThrow(/positive whole number of seconds/),
  );
});
