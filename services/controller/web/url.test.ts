import { decodedParts, normalPath, normalQuery } from "./url";

test("parts of a query are decoded, of several with one name the last counts, and names stay names", () => {
  expect(decodedParts("a=1&b=x+y%20z&a=2&c&d=&e=%C3%A9&f=a=b&%3F=g")).toEqual({ a: "2", b: "x y z", c: "", d: "", e: "é", f: "a=b", "?": "g" });
  expect(Object.entries(decodedParts("__proto__=1&constructor=2"))).toEqual([["__proto__", "1"], ["constructor", "2"]]);
  expect(decodedParts("?a=1")).toEqual({ "?a": "1" });
  expect(decodedParts("")).toEqual({});
});

test.each([
  ["/a/b", "/a/b"],
  ["/b%20c", "/b%20c"],
  ["/%41%c3%a9", "/A%C3%A9"],
  ["/a%2Fb/", "/a%2Fb/"],
  ["/%40%3A%24%2B%2C%3B%3D%26%21", "/@:$+,;=&!"],
  ["/%25", "/%25"],
])("the path %s is told as %s", (path, expected) => {
  expect(normalPath(path)).toBe(expected);
});

test.each(["/%", "/%zz", "/%ff"])("the path %s is refused", (path) => {
  expect(() => normalPath(path)).toThrow("The request's path is not encoded UTF-8.");
});

test.each([
  ["", ""],
  ["key1=value1&key2=value2", "key1=value1&key2=value2"],
  ["a=b%20c&d=e+f", "a=b+c&d=e+f"],
  ["flag&empty=&a=b=c", "flag&empty=&a=b%3Dc"],
  ["a=%41%c3%a9&b=x@y:z/?,$", "a=A%C3%A9&b=x@y:z/?,$"],
  ["a=%26%3D%2B%23&&b", "a=%26%3D%2B%23&&b"],
  ["a=%zz", "a=%25zz"],
])("the query %j is told as %j", (query, expected) => {
  expect(normalQuery(query)).toBe(expected);
});
