import { fullName, qualifiedName } from "./names";

test.each([
  ["hello", "_", "", "hello", "hello"],
  ["pkg/hello", "_", "pkg", "pkg/hello", "hello"],
  ["/ns/hello", "ns", "", "hello", "hello"],
  ["/ns/pkg/hello", "ns", "pkg", "pkg/hello", "hello"],
  ["ns/pkg/hello", "ns", "pkg", "pkg/hello", "hello"],
  ["/ns", "ns", "", "", "ns"],
])("%s is understood", (written, namespace, packageName, entityName, entity) => {
  expect(qualifiedName(written, "_")).toEqual({ namespace, packageName, entityName, entity });
});

test.each(["", "/", "pkg/", "/ns//hello", "/a/b/c/d", "."])("%j is no name", (written) => {
  expect(() => qualifiedName(written, "_")).toThrow(
    `'${written}' is not a valid qualified name: A valid qualified name must be specified.`,
  );
});

test("a full name begins with the namespace", () => {
  expect([fullName("hello", "_"), fullName("/ns/pkg/hello", "_"), fullName("pkg/hello", "guest")]).toEqual([
    "/_/hello",
    "/ns/pkg/hello",
    "/guest/pkg/hello",
  ]);
});
