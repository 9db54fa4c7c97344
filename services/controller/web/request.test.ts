import { gzipSync } from "node:zlib";
import type { Json } from "../../core/model/parameters";
import { expectRefusal } from "../testing/harness";
import { type Send, WebHarness } from "../testing/web";

let web: WebHarness;
beforeEach(async () => {
  web = await WebHarness.start();
});
afterEach(() => web.close());

const NOT_ALLOWED = "Request defines parameters that are not allowed (e.g., reserved properties).";
const RAW = { "raw-http": true };
const post = (type: string, body: string | Buffer, rest = ".json") => web.given(rest, { method: "post", type, body });
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a web action learns of the request", () => {
  beforeEach(() => web.page());

  test.each(["get", "post", "put", "delete", "patch"] as const)("that its method is %s", async (method) => {
    expect((await web.given(".json", { method })).__ow_method).toBe(method);
  });

  test("that its method is head, or options if it wants those", async () => {
    await web.page(undefined, { "web-custom-options": true });
    for (const method of ["head", "options"] as const) await web.send(".json", { method });
    expect(web.api.world.invoker.ran.map(({ args }) => (args as Record<string, Json>).__ow_method)).toEqual(["head", "options"]);
  });

  test("its headers, in lower case, those of authorization too", async () => {
    const { __ow_headers } = await web.given(".json", { headers: { "X-One": "1", Cookie: "a=b", Authorization: "Bearer token", "X-Require-Whisk-Auth": "secret" } });
    expect(__ow_headers).toMatchObject({ "x-one": "1", cookie: "a=b", authorization: "Bearer token", "x-require-whisk-auth": "secret", host: expect.any(String) });
    expect(__ow_headers).not.toHaveProperty("content-type");
  });

  test("its content type, if it has one", async () => {
    expect((await post("application/json", '{"key": "value"}')).__ow_headers).toMatchObject({ "content-type": "application/json", "content-length": "16" });
  });

  test.each([["", ""], ["/", "/"], ["/a", "/a"], ["/a/", "/a/"], ["/a//b", "/a//b"], ["/a/b%20c?d=/e", "/a/b%20c"], ["/%41%C3%a9%2F", "/A%C3%A9%2F"], ["?a=/", ""]])("whose URL goes on with %j that its path is %j", async (rest, expected) => {
    expect((await web.given(`.json${rest}`)).__ow_path).toBe(expected);
  });

  test("who calls with a key of the platform, and nothing if it is none", async () => {
    expect((await web.given(".json", { as: "other" })).__ow_user).toBe("other");
    for (const authorization of ["Bearer token", `Basic ${base64("nobody:nothing")}`]) expect(await web.given(".json", { headers: { authorization } })).not.toHaveProperty("__ow_user");
    expect(await web.given()).not.toHaveProperty("__ow_user");
  });
});

describe("a query", () => {
  beforeEach(() => web.page());

  test("becomes parameters, which are text", async () => {
    expect(await web.given(".json?a=b&c=1&d=&e&f=x+y%26z&g=1&g=2&h=%C3%A9")).toMatchObject({ a: "b", c: "1", d: "", e: "", f: "x y&z", g: "2", h: "é" });
  });

  test("and a body are one; the body wins", async () => {
    expect(await post("application/json", '{"a": {"b": 1}, "q": "mine"}', ".json?q=1&q2=a%20b")).toMatchObject({ a: { b: 1 }, q: "mine", q2: "a b" });
    expect(await post("application/json", "{}", ".json?a=b&c=d")).toMatchObject({ a: "b", c: "d" });
  });

  test("without a body brings no body", async () => {
    expect(await web.given(".json?a=b", { method: "post" })).not.toHaveProperty("__ow_body");
  });
});

describe("a body", () => {
  beforeEach(() => web.page());

  test.each(["application/json", "application/json; charset=utf-8", "application/cloudevents+json", "application/vnd.api+json"])("of type %s that is an object becomes parameters", async (type) => {
    const given = await post(type, '{"field1": "value1", "n": [1, {"m": null}]}');
    expect(given).toMatchObject({ field1: "value1", n: [1, { m: null }] });
    expect(given).not.toHaveProperty("__ow_body");
  });

  test.each(['"this is a string"', '[1,"str str",false]', "[]", "true", "99", "null"])("that is the JSON %s is passed on as it is", async (text) => {
    expect(await post("application/json", text)).toHaveProperty("__ow_body", JSON.parse(text));
  });

  test("in JSON that is empty is none", async () => {
    expect(await post("application/json", "")).not.toHaveProperty("__ow_body");
    expect(await web.given(".json", { type: "application/json" })).not.toHaveProperty("__ow_body");
  });

  test("of a form becomes parameters, which are text", async () => {
    const given = await post("application/x-www-form-urlencoded", "field1=value1&field2=x+y%26&n=1&n=2&flag");
    expect(given).toMatchObject({ field1: "value1", field2: "x y&", n: "2", flag: "" });
    expect(given).not.toHaveProperty("__ow_body");
  });

  test.each(["text/plain", "text/html; charset=UTF-8", "text/xml", "application/xml", "application/javascript", "text/csv", "application/foo; charset=utf-8"])("of type %s is passed on as text", async (type) => {
    expect(await post(type, "1,2,3 hällo")).toHaveProperty("__ow_body", "1,2,3 hällo");
  });

  test.each(["image/png", "image/svg+xml", "application/octet-stream", "application/pdf", "multipart/form-data; boundary=x", "application/foo", "application"])("of type %s is passed on in base64", async (type) => {
    expect(await post(type, Buffer.from([137, 80, 255, 0]))).toHaveProperty("__ow_body", "iVD/AA==");
  });

  test("without a type is binary", async () => {
    // Supertest always gives one.
    const response = await fetch(`http://127.0.0.1:${web.api.port}${web.url(".json")}`, { method: "POST", body: new Uint8Array([1, 2, 255]) });
    expect(await response.json()).toMatchObject({ __ow_body: "AQL/" });
  });

  test("of text that is empty is the empty text", async () => {
    expect(await post("text/plain", "")).toHaveProperty("__ow_body", "");
  });

  test("that comes compressed is decompressed, and not said to be compressed", async () => {
    const body = gzipSync('{"a": 1}');
    const { status, body: args } = await web.send(".json", { method: "post", type: "application/json", body, headers: { "content-encoding": "gzip" } });
    expect([status, args]).toEqual([200, expect.objectContaining({ a: 1 })]);
    expect((args as { __ow_headers: object }).__ow_headers).not.toHaveProperty("content-encoding");
    expectRefusal(await web.send(".json", { method: "post", type: "text/plain", body, headers: { "content-encoding": "zip" } }), 415);
  });

  test("that comes in pieces, without a length, is read", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of ['{"a":', " 1}"]) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    });
    const response = await fetch(`http://127.0.0.1:${web.api.port}${web.url(".json")}`, { method: "PUT", body, duplex: "half", headers: { "content-type": "application/json" } } as RequestInit);
    expect(await response.json()).toMatchObject({ a: 1 });
  });

  test.each<[string, RegExp]>([
    ["{", /^The request content was malformed:\n/],
    ['{"a": }', /^The request content was malformed:\n/],
    [`{"a": ${"[".repeat(300_000)}${"]".repeat(300_000)}}`, /nested too deeply/],
  ])("that is no JSON, or too deep, is refused: %#", async (body, message) => {
    expectRefusal(await web.send(".json", { method: "post", type: "application/json", body }), 400, message);
  });
});

describe("a raw action", () => {
  beforeEach(() => web.page(undefined, RAW));

  test.each(["1,2,3", '{\n  "a": "A"\n}', '{"a":"A","__ow_method":1}', "{"])("gets the JSON body %j in base64, and the query as it is", async (body) => {
    const given = await post("application/json", body, ".json?key1=value1&key2=value2");
    expect(given).toMatchObject({ __ow_body: base64(body), __ow_query: "key1=value1&key2=value2", __ow_method: "post" });
    expect(given).not.toHaveProperty("key1");
  });

  test.each<[string, string]>([
    ["text/plain", "Jane"],
    ["application/x-www-form-urlencoded", "a=1&b=x+y"],
  ])("gets a body of type %s as it is", async (type, body) => {
    expect(await post(type, body)).toMatchObject({ __ow_body: body, __ow_query: "" });
  });

  test("gets a binary body in base64", async () => {
    expect(await post("application/octet-stream", Buffer.from([1, 2, 255]))).toMatchObject({ __ow_body: "AQL/" });
  });

  test("gets empty texts when there is no query and no body", async () => {
    expect(await web.given(".json", { method: "post" })).toMatchObject({ __ow_body: "", __ow_query: "" });
  });

  test("gets a query that is encoded in one way", async () => {
    expect((await web.given(".json?a=b%20c&flag&d=x@y/z")).__ow_query).toBe("a=b+c&flag&d=x@y/z");
  });

  test("is not refused what would be refused others", async () => {
    await web.page(undefined, { ...RAW, final: true }, { parameters: [{ key: "x", value: "X" }] });
    const given = await post("application/json", '{"x": "overridden"}', ".json?x=overridden&__ow_user=me");
    expect(given).toMatchObject({ x: "X", __ow_query: "x=overridden&__ow_user=me" });
  });

  test("is one by true only", async () => {
    await web.page(undefined, { "raw-http": "true" });
    expect(await web.given(".json?a=1")).toMatchObject({ a: "1" });
  });
});

describe("parameters that a caller must not set", () => {
  const refused = async (rest: string, options: Send = {}) => expectRefusal(await web.send(rest, options), 400, NOT_ALLOWED);

  test.each(["__ow_method", "__ow_headers", "__ow_path", "__ow_user", "__ow_query", "__ow_body"])("are reserved ones as %s", async (name) => {
    await web.page();
    for (const method of ["get", "post", "put", "delete", "patch"] as const) await refused(`.json?${name}=YYY`, { method });
    await refused(".json", { method: "post", type: "application/json", body: JSON.stringify({ [name]: "YYY" }) });
    await refused(".json", { method: "post", type: "application/x-www-form-urlencoded", body: `${name}=YYY` });
    expect(web.api.world.invoker.ran).toEqual([]);
  });

  test("are those that have a value, if the action is final", async () => {
    const parameters = [{ key: "y", value: "Y" }, { key: "no", value: false }, { key: "empty", value: null }];
    await web.page(undefined, { final: true }, { parameters });
    for (const name of ["y", "no"]) {
      await refused(`.json?${name}=overridden`);
      await refused("", { method: "post", type: "application/json", body: JSON.stringify({ [name]: 1 }) });
    }
    expect(await web.given(".json?empty=overridden")).toMatchObject({ y: "Y", no: false, empty: "overridden" });
    await web.page(undefined, {}, { parameters });
    expect(await web.given(".json?y=overridden")).toMatchObject({ y: "overridden" });
  });
});
