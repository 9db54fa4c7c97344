import { BuildProgress, duration, goProblem } from "./goBuild";

test.each([
  ["go1.26.8", "local", undefined],
  ["go1.25.8", "local", undefined],
  ["go1.22.1", "auto", undefined],
  ["go1.22.1", "local", "Go 1.22.1 is too old (1.25.8 or newer is needed)"],
  ["go1.19.8", "", "Go 1.19.8 is too old (1.25.8 or newer is needed)"],
  ["", "", "Go of an unknown version is too old (1.25.8 or newer is needed)"],
])("Go %j with the toolchain setting %j: %j", (version, toolchain, expected) => {
  expect(goProblem(version, toolchain, "1.25.8")).toBe(expected);
});

test("the progress counts modules and packages, and nothing else that Go prints", () => {
  const progress = new BuildProgress("pulumi", 1_800);
  expect(progress.line(5_000)).toBe("  pulumi: 5s, looking up what is needed");
  for (const line of ["go: downloading github.com/a/b v1.0.0", "go: downloading c.org/d v2.0.0", "internal/cpu", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "fmt", "a/b.go:3:4: undefined: x", "# a comment"]) progress.see(line);
  expect(progress.line(65_000)).toBe("  pulumi: 1m05s, 2 modules downloaded, 3 packages compiled (up to 1800)");
});

test("a duration is read at a glance", () => {
  expect([400, 59_400, 60_000, 182_090].map(duration)).toEqual(["0s", "59s", "1m00s", "3m02s"]);
});
