import { toMegabytes } from "./size";

describe("a size", () => {
  test.each([
    ["2048 MB", 2048],
    ["2 GB", 2048],
    ["1.5 gb", 1536],
    ["512", 512],
    [256, 256],
  ])("%j is %d MB", (written, megabytes) => expect(toMegabytes(written)).toBe(megabytes));

  test.each([["lots"], ["2 TB"], [""], [true], [Number.NaN], [null]])("%j is refused with examples of what is right", (written) =>
    expect(() => toMegabytes(written)).toThrow(/expected an amount of memory such as "2048 MB"/),
  );

  test.each([[0], [-1], [1.5], ["0 MB"], ["0.3 GB"]])("%j is not a positive whole number of MB", (written) =>
    expect(() => toMegabytes(written)).toThrow(/positive whole number of MB/),
  );
});
