import fc from "fast-check";
import { apiPath, isName, parseId, qualify, sameReference, toId, type EntityPath } from "./names";

test.each<[string, EntityPath | undefined]>([
  ["resize", { namespace: "_", name: "resize" }],
  ["images/resize", { namespace: "_", package: "images", name: "resize" }],
  ["_/resize", { namespace: "_", name: "resize" }],
  ["_/images/resize", { namespace: "_", package: "images", name: "resize" }],
  ["/guest/resize", { namespace: "guest", name: "resize" }],
  ["/whisk.system/utils/echo", { namespace: "whisk.system", package: "utils", name: "echo" }],
  ["a/b/c/d", undefined],
  ["/guest", undefined],
  ["", undefined],
  ["bad?name", undefined],
])("an action's id %s is understood", (id, path) => {
  expect(parseId(id, true)).toEqual(path);
});

test("entities other than actions are in no package", () => {
  expect(parseId("guest/rule", false)).toEqual({ namespace: "guest", name: "rule" });
  expect(parseId("_/rule", false)).toEqual({ namespace: "_", name: "rule" });
  expect(parseId("/guest/images/rule", false)).toBeUndefined();
});

test("an id is read as what it was made of", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9 .@-]{0,8}[a-z]$/);
  fc.assert(
    fc.property(name, fc.option(name, { nil: undefined }), (entity, holder) => {
      const path = holder === undefined ? { namespace: "_", name: entity } : { namespace: "_", package: holder, name: entity };
      expect(parseId(toId(path), true)).toEqual(path);
    }),
  );
});

test("names are those that the platform takes", () => {
  expect(["a", "a b", "a@b.c-d", "_x", "9", "a".repeat(256)].map(isName)).toEqual([true, true, true, true, true, true]);
  expect(["", " a", "a ", "a/b", "-a", "a?b", "a".repeat(257)].map(isName)).toEqual([false, false, false, false, false, false, false]);
});

test("paths of the API are encoded", () => {
  expect(apiPath("actions", { namespace: "_", package: "my images", name: "re@size" })).toBe("_/actions/my%20images/re%40size");
});

test("references without a namespace are in the key's own", () => {
  expect(["a", "p/a", "_/a", "/ns/p/a"].map(qualify)).toEqual(["/_/a", "/_/p/a", "/_/a", "/ns/p/a"]);
  expect(sameReference("p/a", "/guest/p/a", "guest")).toBe(true);
  expect(sameReference("a", "/other/a", "guest")).toBe(false);
});
