import fc from "fast-check";
import { derivedActivationId, isActivationId, newActivationId, sha256 } from "./ids";

describe("an activation id", () => {
  test("is 32 lower-case hexadecimal digits, and never the same twice", () => {
    const ids = Array.from({ length: 1_000 }, newActivationId);
    expect(ids.every(isActivationId)).toBe(true);
    expect(new Set(ids).size).toBe(1_000);
  });

  test.each(["", "0".repeat(31), "0".repeat(33), "A".repeat(32), "g".repeat(32), `${"0".repeat(32)}\n`])("%j is none", (text) => {
    expect(isActivationId(text)).toBe(false);
  });

  test("that is derived is the same each time, and another for each parent and part", () => {
    const [a, b] = [newActivationId(), newActivationId()];
    expect(derivedActivationId(a, 3)).toBe(derivedActivationId(a, 3));
    fc.assert(
      fc.property(fc.constantFrom(a, b), fc.string(), fc.constantFrom(a, b), fc.string(), (p1, part1, p2, part2) => {
        const id = derivedActivationId(p1, part1);
        expect(isActivationId(id)).toBe(true);
        expect(id === derivedActivationId(p2, part2)).toBe(p1 === p2 && part1 === part2);
      }),
    );
  });
});

test("sha256 is the well-known one", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
