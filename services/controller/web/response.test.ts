import type { Json, JsonObject } from "../../core/model/parameters";
import { expectRefusal } from "../testing/harness";
import { type Send, WebHarness } from "../testing/web";

let web: WebHarness;
beforeEach(async () => {
  web = await WebHarness.start();
});
afterEach(() => web.close());

const answer = async (result: Json, rest = "", options: Send = {}) => {
  await web.page(result);
  return web.send(rest, options);
};

const PNG = Buffer.from([137, 80, 78, 71]);
const MISMATCH = "Response type in header did not match generated content type.";
const PROPERTY = "Response does not include requested property.";
const invalid = (type: string) => `Response is not valid '${type}'.`;

describe("an answer by extension", () => {
  test.each<[string, Json, string, string]>([
    [".json", { foobar: "foobar" }, "application/json", '{\n  "foobar": "foobar"\n}'],
    [".json", [1, { a: 1 }], "application/json", '[1, {\n  "a": 1\n}]'],
    [".json", { statusCode: 404, body: "x" }, "application/json", '{\n  "statusCode": 404,\n  "body": "x"\n}'],
    [".html", { body: "<b>hi</b>", html: "other" }, "text/html; charset=UTF-8", "<b>hi</b>"],
    [".html", { html: "<b>hällo</b>" }, "text/html; charset=UTF-8", "<b>hällo</b>"],
    [".html", { html: "" }, "text/html; charset=UTF-8", ""],
    [".html", { html: '<?xml version="1.0"?><note/>' }, "text/html; charset=UTF-8", '<?xml version="1.0"?><note/>'],
    [".text", { text: "default text" }, "text/plain; charset=UTF-8", "default text"],
    [".text", { body: "body", text: "text" }, "text/plain; charset=UTF-8", "body"],
    [".text", { body: { a: "A" } }, "text/plain; charset=UTF-8", '{\n  "a": "A"\n}'],
    [".text", { body: ["a", 1] }, "text/plain; charset=UTF-8", '["a", 1]'],
    [".text", { body: 1 }, "text/plain; charset=UTF-8", "1"],
    [".text", { body: true }, "text/plain; charset=UTF-8", "true"],
    [".text", { body: null }, "text/plain; charset=UTF-8", "null"],
    [".text", [1], "text/plain; charset=UTF-8", "[1]"],
  ])("%s of %j is %s %j", async (extension, result, type, text) => {
    const response = await answer(result, extension);
    expect([response.status, response.headers["content-type"], response.text]).toEqual([200, type, text]);
  });

  test.each<JsonObject>([{ svg: "<svg/>" }, { body: "<svg/>" }])(".svg of %j is an image", async (result) => {
    const response = await answer(result, ".svg");
    expect([response.headers["content-type"], (response.body as Buffer).toString()]).toEqual(["image/svg+xml", "<svg/>"]);
  });

  test.each<[string, Json, number, string]>([
    [".html", { other: 1 }, 400, invalid("text/html")],
    [".html", { body: 5 }, 400, invalid("text/html")],
    [".html", { body: null, html: "x" }, 400, invalid("text/html")],
    [".html", [1], 400, invalid("text/html")],
    [".svg", {}, 400, invalid("image/svg+xml")],
    [".svg", { html: "x" }, 400, invalid("image/svg+xml")],
    [".text", { other: 1 }, 404, PROPERTY],
    [".http", [1], 400, invalid("message/http")],
    ["", [1], 400, invalid("message/http")],
  ])("%s of %j is refused with %d", async (extension, result, status, message) => {
    const response = await answer(result, extension);
    expectRefusal(response, status, message);
    expect(response.headers["x-openwhisk-activation-id"]).toBe(web.api.world.invoker.ran[0]!.activationId);
  });

  test("may be nested deeper than can be written: that is an error of the action", async () => {
    let deep: Json = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expectRefusal(await answer({ deep }, ".json"), 400, "There was an error processing your request.");
  });
});

describe("an answer with status, headers and body", () => {
  test("is given as it is, with the id of the activation", async () => {
    const response = await answer({ statusCode: 418, headers: { "X-One": 1, "x-flag": true, "x-half": 0.5, "x-none": [], "set-cookie": ["a=b", "c=d; Path = /"], "x-nested": [1, [true, "x"]] }, body: "hi" });
    expect(response.status).toBe(418);
    expect(response.headers).toMatchObject({ "x-one": "1", "x-flag": "true", "x-half": "0.5", "set-cookie": ["a=b", "c=d; Path = /"], "x-nested": "1, true, x", "content-type": "text/html; charset=UTF-8", "content-length": "2" });
    expect(response.headers).not.toHaveProperty("x-none");
    expect(response.headers["x-openwhisk-activation-id"]).toBe(web.api.world.invoker.ran[0]!.activationId);
    expect(response.text).toBe("hi");
  });

  test.each<[Json, number, string | undefined]>([
    [{}, 204, undefined],
    [{ body: "" }, 204, undefined],
    [{ body: null }, 204, undefined],
    [{ foobar: "foobar" }, 204, undefined],
    [{ statusCode: 200 }, 200, undefined],
    [{ statusCode: 201, headers: { "content-type": "application/json" } }, 201, undefined],
    [{ body: null, statusCode: 202 }, 202, undefined],
    [{ statusCode: 444 }, 444, undefined],
    [{ statusCode: "444" }, 444, undefined],
    [{ statusCode: 302, headers: { location: "/x", "content-type": "text/html" } }, 302, undefined],
    [{ body: "x", statusCode: "404" }, 404, "text/html; charset=UTF-8"],
    [{ body: "x", statusCode: 204 }, 204, undefined],
    [{ body: { a: 1 }, statusCode: 304 }, 304, undefined],
    [{ body: { a: 1 } }, 200, "application/json"],
    [{ body: [1] }, 200, "application/json"],
    [{ body: 3 }, 200, "application/json"],
    [{ body: false }, 200, "application/json"],
    [{ body: { a: 1 }, headers: { "Content-Type": "application/json; charset=utf-8" } }, 200, "application/json"],
    [{ body: { a: 1 }, headers: { "Content-Type": "application/hal+json" } }, 200, "application/hal+json"],
    [{ body: { a: 1 }, headers: { "content-type": "application/json-patch+json" } }, 200, "application/json-patch+json"],
    [{ body: "a{}", headers: { "content-type": "text/css" } }, 200, "text/css; charset=UTF-8"],
    [{ body: "x", headers: { "content-type": ["text/css", "text/plain"] } }, 200, "text/css; charset=UTF-8"],
    [{ body: "x", headers: { "CONTENT-TYPE": "text/html" } }, 200, "text/html; charset=UTF-8"],
    [{ body: "<a/>", headers: { "content-type": "application/xml; charset=ISO-8859-1" } }, 200, "application/xml; charset=UTF-8"],
  ])("%j has the status %d and the type %s", async (result, status, type) => {
    const response = await answer(result);
    expect([response.status, response.headers["content-type"]]).toEqual([status, type]);
  });

  test("may say of text that it is JSON", async () => {
    await web.page({ body: "hello world", headers: { "content-type": "application/json" } });
    const response = await fetch(`http://127.0.0.1:${web.api.port}${web.url()}`);
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([200, "application/json", "hello world"]);
  });

  test("of nothing has no type and no length but nought", async () => {
    const response = await answer({ statusCode: 201, headers: { "Set-Cookie": "a=b", "content-type": "application/json" } });
    expect([response.status, response.headers["set-cookie"], response.headers["content-type"], response.text]).toEqual([201, ["a=b"], undefined, ""]);
  });

  test("redirects", async () => {
    const response = await answer({ headers: { location: "http://openwhisk.org" }, statusCode: 302 }, ".http", { method: "post" });
    expect([response.status, response.headers.location]).toEqual([302, "http://openwhisk.org"]);
  });

  test("that is an object is printed for people", async () => {
    expect((await answer({ body: { field: "välue" } })).text).toBe('{\n  "field": "välue"\n}');
  });

  test.each(["image/png", "application/octet-stream", "application/zip", "font/woff2", "image/svg+xml"])("of the binary type %s is decoded", async (type) => {
    await web.page({ headers: { "content-type": type }, body: PNG.toString("base64") });
    const response = await fetch(`http://127.0.0.1:${web.api.port}${web.url()}`);
    expect([response.status, response.headers.get("content-type"), Buffer.from(await response.arrayBuffer())]).toEqual([200, type, PNG]);
  });

  test("of a binary type may be broken into lines, and miss its end", async () => {
    const headers = { "content-type": "image/png" };
    for (const body of ["iVBO\nRw==\n", "iVBORw"]) expect((await answer({ headers, body })).body).toEqual(PNG);
  });

  test.each(["application/json", "application/json-patch+json", "application/hal+json"])("of the type %s is text, or JSON in base64", async (type) => {
    const headers = { "content-type": type };
    expect((await answer({ headers, body: '{"a": 1}' })).text).toBe('{"a": 1}');
    const text = JSON.stringify({ field: "value" });
    expect((await answer({ headers, body: Buffer.from(text).toString("base64") })).text).toBe(text);
  });

  test.each<[string, Json, string]>([
    ["a status that is none", { statusCode: 99, body: "x" }, invalid("message/http")],
    ["a status that ends no exchange", { statusCode: 101, body: "x" }, invalid("message/http")],
    ["a status beyond all", { statusCode: 600, body: "x" }, invalid("message/http")],
    ["a status that is no whole number", { statusCode: 200.5 }, invalid("message/http")],
    ["a status that is no number", { statusCode: "xyz" }, invalid("message/http")],
    ["a status of true", { statusCode: true }, invalid("message/http")],
    ["a status of null", { statusCode: null }, invalid("message/http")],
    ["headers that are none", { headers: [] }, invalid("message/http")],
    ["headers of null", { headers: null }, invalid("message/http")],
    ["a header that is an object", { headers: { a: {} } }, invalid("message/http")],
    ["a header of null", { headers: { a: null } }, invalid("message/http")],
    ["a list with null as header", { headers: { a: ["b", null] } }, invalid("message/http")],
    ["a header name with a line break", { headers: { "a\r\nb": "1" } }, invalid("message/http")],
    ["a header value with a line break", { headers: { first: "1", a: "1\r\nset-cookie: x=1" } }, invalid("message/http")],
    ["a type with a line break", { headers: { first: "1", "content-type": "text/html; a=\r\nset-cookie: x=1" }, body: "x" }, invalid("message/http")],
    ["a type that is none", { headers: { first: "1", "content-type": "xyzbar" }, body: "hello world" }, "Response did not specify a known content-type."],
    ["a type that is a number", { headers: { "content-type": 5 }, body: "x" }, "Response did not specify a known content-type."],
    ["an object as text", { headers: { first: "1", "content-type": "text/html" }, body: { field: "value" } }, MISMATCH],
    ["an object as an image", { headers: { "content-type": "image/png" }, body: { field: "value" } }, MISMATCH],
    ["a binary body that is not base64", { headers: { first: "1", "content-type": "image/png" }, body: "!!!" }, MISMATCH],
  ])("with %s is refused with 400, and nothing of it is sent", async (_, result, message) => {
    const response = await answer(result);
    expectRefusal(response, 400, message);
    expect(response.headers).not.toHaveProperty("first");
    expect(response.headers).not.toHaveProperty("set-cookie");
  });

  test("does not say how its bytes travel: a client would wait for what never comes", async () => {
    const response = await answer({ headers: { "Content-Length": 1_000, "transfer-encoding": "chunked", connection: "upgrade", "x-kept": "1" }, body: "short" });
    expect([response.status, response.text, response.headers["content-length"], response.headers["x-kept"]]).toEqual([200, "short", "5", "1"]);
  });

  test("of a megabyte arrives whole", async () => {
    const body = "ü".repeat(500_000);
    expect((await answer({ body })).text).toBe(body);
  });

  test("to head is all but the body", async () => {
    const response = await answer({ statusCode: 201, headers: { "Request-type": "head" }, body: "text" }, "", { method: "head" });
    expect([response.status, response.headers["request-type"], response.headers["content-length"], response.text]).toEqual([201, "head", "4", undefined]);
  });
});
