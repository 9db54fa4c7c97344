import { isAtLeast, parseVersion } from "./version";

test.each([
  ["v3.246.0", [3, 246, 0]],
  ["go1.26.8", [1, 26, 8]],
  ["go1.25rc1", [1, 25, 0]],
  ["v3.300.1-alpha.x8c22ed7 (dev)", [3, 300, 1]],
])("the version in %j is read", (text, numbers) => {
  expect(parseVersion(text)).toEqual(numbers);
});

test.each([
  ["3.200.0", "3.200.0", true],
  ["v3.199.9", "3.200.0", false],
  ["v3.1000.0", "3.200.0", true],
  ["v4.0.0", "3.200.0", true],
  ["go1.9.7", "1.25.8", false],
  ["go1.25.9", "1.25.8", true],
  ["", "3.200.0", false],
  ["command not found", "3.200.0", false],
])("%j is at least %j: %p", (text, minimum, expected) => {
  expect(isAtLeast(text, minimum)).toBe(expected);
});
