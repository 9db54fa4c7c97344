import { contentTypeOf, isJson, isText, parseMediaType } from "./media";

const read = (text: string) => parseMediaType(text)!;

test.each([
  ["text/html", { type: "text/html", parameters: "", charset: false }],
  [" Text/HTML ; Charset=utf-8 ", { type: "text/html", parameters: "", charset: true }],
  ['multipart/form-data; boundary="a; b=\\"c\\""; charset=x', { type: "multipart/form-data", parameters: '; boundary="a; b=\\"c\\""', charset: true }],
  ["application/vnd.api+json;version=1;", { type: "application/vnd.api+json", parameters: "; version=1", charset: false }],
])("%j is read", (text, expected) => {
  expect(parseMediaType(text)).toEqual(expected);
});

test.each(["", "html", "application", "text/", "/html", "text/html; a", "text/html; a=", "text/html; =b", "text/html text/plain", "a/b/c", "text/html;\r\n a=b", 'a/b; c="'])("%j is none", (text) => {
  expect(parseMediaType(text)).toBeUndefined();
});

test.each([" ", "; a=b", ";", "a/", '"', " ; a=b "])("one of many %j that ends badly is read in time", (filler) => {
  expect(parseMediaType(`text/html${filler.repeat(100_000)}\u0000`)).toBeUndefined();
});

test.each(["text/plain", "text/unknown", "text/event-stream", "application/xml", "application/atom+xml", "application/javascript", "application/x-www-form-urlencoded", "application/json-patch+json", "application/foo; charset=utf-8", "application/foo+xml; charset=utf-8"])(
  "%s is text",
  (text) => {
    expect(isText(read(text))).toBe(true);
  },
);

test.each(["application/json", "application/json; charset=utf-8", "application/hal+json", "application/octet-stream", "application/octet-stream; charset=utf-8", "application/foo+xml", "image/svg+xml", "image/png; charset=utf-8", "multipart/form-data; boundary=x", "message/rfc822", "font/woff"])(
  "%s is not",
  (text) => {
    expect(isText(read(text))).toBe(false);
  },
);

test("JSON is told by its name or by what it ends with", () => {
  expect(["application/json", "APPLICATION/JSON; charset=utf-8", "application/hal+json", "application/cloudevents+json"].map((text) => isJson(read(text)))).toEqual([true, true, true, true]);
  expect(["text/json", "application/json5", "application/xml"].map((text) => isJson(read(text)))).toEqual([false, false, false]);
});

test.each([
  ["text/html", "text/html; charset=UTF-8"],
  ["TEXT/css; charset=iso-8859-1", "text/css; charset=UTF-8"],
  ["text/html; level=1", "text/html; level=1; charset=UTF-8"],
  ["application/xml; charset=ISO-8859-1", "application/xml; charset=UTF-8"],
  ["text/event-stream", "text/event-stream"],
  ["application/json; charset=utf-8", "application/json"],
  ["application/hal+json", "application/hal+json"],
  ["image/svg+xml", "image/svg+xml"],
  ["application/pdf; name=x", "application/pdf; name=x"],
])("%s of UTF-8 is sent as %s", (text, expected) => {
  expect(contentTypeOf(read(text))).toBe(expected);
});
