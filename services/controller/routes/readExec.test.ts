import type { Kinds } from "../../core/ports/kinds";
import { execSize, readExec } from "./readExec";

const kinds: Pick<Kinds, "resolve" | "names" | "needsMain"> = {
  resolve: (kind) => (kind.startsWith("nodejs:") ? "nodejs:24" : undefined),
  names: ["nodejs:24"],
  needsMain: () => false,
};
const read = (exec: object) => readExec(kinds as Kinds, exec as never, "guest");

describe("code", () => {
  test.each([
    ["SGVsbG8gT3BlbldoaXNr", true],
    [" SGVsbG8gT3BlbldoaXNr\n", true],
    ["UEs=", true],
    ["while (true)", false],
    ["cc", false],
    ["", false],
  ])("%j is taken for an archive: %j, whatever the client says of that", (code, binary) => {
    for (const claimed of [true, false]) expect(read({ kind: "nodejs:default", code, binary: claimed })).toEqual({ kind: "nodejs:24", code, binary, main: undefined });
  });

  test("may be called jar", () => {
    expect(read({ kind: "nodejs:24", jar: "UEs=", main: "go" })).toEqual({ kind: "nodejs:24", code: "UEs=", binary: true, main: "go" });
  });

  test("counts with its entry point and its image, in bytes", () => {
    expect(execSize(read({ kind: "nodejs:24", code: "é", main: "go" }))).toBe(4);
    expect(execSize(read({ kind: "blackbox", image: "me/x" }))).toBe(4);
    expect(execSize(read({ kind: "sequence", components: ["/_/a"] }))).toBe(0);
  });
});

describe("the image of a blackbox", () => {
  const DIGEST = "sha256:77af4d6b9913e693e8d0b4b294fa62ade6054e6b2f1ffb617ac955dd63fb0182";

  test.each(["i", "i:t", "ii:tt", "p/i", "pre/img:t", "hostname:1234/img", "hostname:1234/img:t", "pre1/pre2/img:t", "hostname.com:3121/pre1/pre2/img:t", `hostname.com:3121/pre1/pre2/img:t@${DIGEST}`, "a_b/c__d-e.f"])(
    "may be %s",
    (image) => {
      expect(read({ kind: "blackbox", image })).toEqual({ kind: "blackbox", binary: false, image, main: undefined });
    },
  );

  test.each(["", "ABC", "x:8080:10/abc", "p/a:x:y", "p/a:t@sha256:77af4d6b9", "a b", "/a", "a/", "a//b", "-a", "a:", `x${"y".repeat(512)}`])("may not be %j", (image) => {
    expect(() => read({ kind: "blackbox", image })).toThrow("The request content was malformed:\ncould not parse image name");
  });
});
