import fc from "fast-check";
import { WhiskError } from "../errors";
import { checkEntityName, checkNamespaceName, containerOf, type EntityPath, isEntityName, keyOf, parseEntityPath, parseFullName, pathOfKey } from "./names";

const ENDS = "abcXYZ019_";
const INNER = `${ENDS}@ .&-`;
const chars = (alphabet: string) => fc.constantFrom(...alphabet);
const name = fc
  .tuple(chars(ENDS), fc.string({ unit: chars(INNER), maxLength: 20 }), chars(`${ENDS}@.&-`))
  .map((parts) => parts.join(""))
  .filter((text) => text !== "_");
const path: fc.Arbitrary<EntityPath> = fc.oneof(
  fc.record({ namespace: name, name }),
  fc.record({ namespace: name, package: name, name }),
);

describe("the name of an entity", () => {
  test("is legal if it starts with a word character, goes on with those, blanks and @ . & -, and does not end in a blank", () => {
    fc.assert(fc.property(name, (text) => isEntityName(text) && checkEntityName(text) === text));
  });

  test.each(["", " ", " a", "a ", ".", "..", ".a", "-a", "@a", "a/b", "../a", "a/..", "a\\b", "a%2Fb", "a\nb", "a\n", "a\0", "é", "aé", "日本", "😀", "a\u00a0b", "ａ", "a\u202eb", "a:b", "a?b", "a#b", "a'b", 'a"b', "a*", "a+b"])(
    "%j is refused",
    (text) => {
      expect(isEntityName(text)).toBe(false);
      expect(() => checkEntityName(text)).toThrow(WhiskError);
    },
  );

  test("of 256 characters is legal, of 257 it is refused with the limit", () => {
    expect(isEntityName("a".repeat(256))).toBe(true);
    expect(() => checkEntityName("a".repeat(257))).toThrow("Name segement longer than allowed: 257 > 256.");
    expect(() => checkNamespaceName("a".repeat(257))).toThrow("Namespace longer than allowed: 257 > 256.");
  });

  test("that is none is refused in OpenWhisk's words", () => {
    expect(() => checkEntityName("a/b")).toThrow("The name of the entity contains illegal characters.");
    expect(() => checkNamespaceName(" a")).toThrow("The namespace contains illegal characters.");
  });

  test("never lets a slash, a control character or anything outside ASCII pass", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (isEntityName(text)) expect(text).toMatch(/^[^/\u0000-\u001f\u007f-\uffff]+$/);
      }),
    );
  });
});

describe("the key of an entity", () => {
  test("tells its path again", () => {
    fc.assert(fc.property(path, (one) => expect(pathOfKey(keyOf(one))).toEqual(one)));
  });

  test("belongs to one path only", () => {
    fc.assert(fc.property(path, path, (a, b) => expect(keyOf(a) === keyOf(b)).toBe(JSON.stringify({ ...b, ...a }) === JSON.stringify({ ...a, ...b }) && a.package === b.package)));
  });

  test("begins with that of its container", () => {
    fc.assert(fc.property(path, (one) => expect(keyOf(one)).toBe(`${containerOf(one)}/${one.name}`)));
  });
});

describe("a reference to an entity", () => {
  test("with a leading slash means its key, wherever it is read", () => {
    fc.assert(fc.property(path, name, (one, elsewhere) => expect(parseEntityPath(`/${keyOf(one)}`, elsewhere)).toEqual(one)));
  });

  test.each([
    ["hello", { namespace: "guest", name: "hello" }],
    ["tools/hello", { namespace: "guest", package: "tools", name: "hello" }],
    ["/_/hello", { namespace: "guest", name: "hello" }],
    ["/_/tools/hello", { namespace: "guest", package: "tools", name: "hello" }],
    ["_/tools/hello", { namespace: "guest", package: "tools", name: "hello" }],
    ["/whisk.system/utils/echo", { namespace: "whisk.system", package: "utils", name: "echo" }],
    ["a b/c d", { namespace: "guest", package: "a b", name: "c d" }],
  ])("%j is understood", (text, expected) => {
    expect(parseEntityPath(text, "guest")).toEqual(expected);
  });

  test.each(["", "/", "/hello", "//hello", "a//b", "a/", "/a/b/c/d", "a/b/c/d", "../../x", "/_/../x", "/guest/%2e%2e/x", "/guest/é"])("%j is refused with 400", (text) => {
    expect(() => parseEntityPath(text, "guest")).toThrow(expect.objectContaining({ status: 400 }));
  });

  test("is read or refused with 400, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          expect(keyOf(parseEntityPath(text, "guest")).split("/").every(isEntityName)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
    );
  });
});

describe("a full name in a body", () => {
  test.each([
    ["/_/hello", { namespace: "guest", name: "hello" }],
    ["_/hello", { namespace: "guest", name: "hello" }],
    ["/_/tools/hello", { namespace: "guest", package: "tools", name: "hello" }],
    ["other/hello", { namespace: "other", name: "hello" }],
    ["//whisk.system//utils/echo/", { namespace: "whisk.system", package: "utils", name: "echo" }],
    [{ path: "_", name: "hello" }, { namespace: "guest", name: "hello" }],
    [{ path: "other/tools", name: "hello", version: "0.0.1" }, { namespace: "other", package: "tools", name: "hello" }],
  ])("%j is understood", (given, expected) => {
    expect(parseFullName(given, "guest")).toEqual(expected);
  });

  test.each([["hello"], ["/hello"], [""], ["/"]])("%j lacks its namespace", (given) => {
    expect(() => parseFullName(given, "guest")).toThrow("The request content was malformed:\nrequirement failed: The fully qualified name of the entity must contain at least the namespace and the name of the entity.");
  });

  test.each<[unknown]>([[5], [null], [["a", "b"]], [{ path: "a" }], [{ name: "a" }], ["a/b/c/d"], ["a/é"], ["/a/ b"], [{ path: "a", name: "b/c" }]])("%j is refused with 400", (given) => {
    expect(() => parseFullName(given, "guest")).toThrow(expect.objectContaining({ status: 400, message: expect.stringMatching(/^The request content was malformed:\n/) as string }));
  });
});
