import { nextVersion, parseVersion } from "./entities";

describe("a version", () => {
  test.each([
    ["0.0.1", "0.0.1"],
    ["1", "1.0.0"],
    ["1.2", "1.2.0"],
    ["01.02.003.", "1.2.3"],
    ["1.2.3.4", "1.2.3"],
  ])("%j is read as %s", (text, expected) => {
    expect(parseVersion(text)).toBe(expected);
  });

  test.each(["0", "0.0.0", "00.00.00", ".1", "-1", "0.-1.0", "xyz", "", "1..2", "1.0.x", "2147483648", " 1", "1e3"])("%j is none", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test("is followed by the one with the next patch", () => {
    expect([nextVersion("0.0.9"), nextVersion("2.0.0")]).toEqual(["0.0.10", "2.0.1"]);
  });
});
