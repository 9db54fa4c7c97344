import type { Answer, Sent } from "../support/api";
import type { Suite } from "../support/suite";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const NOT_HTTP = "Response is not valid 'message/http'.";

/** Web actions: what becomes of an action's result. */
export function webAnswerCases(suite: Suite): void {
  const { n } = suite;
  const page = n("w-page");

  /** What is answered when the action's result is `result`. */
  const show = async (result: unknown, extension = "", sent: Sent = {}, method = "POST"): Promise<Answer> => {
    const answer = encodeURIComponent(JSON.stringify(result));
    return suite.api.call(`${method} /api/v1/web/${suite.namespace}/default/${page}${extension}?answer=${answer}`, { auth: null, ...sent });
  };
  const json = (text: string) => JSON.stringify(JSON.parse(text), null, 2);

  beforeAll(() => suite.api.putAction(page, "function main({ answer }) { return JSON.parse(answer) }", { annotations: [{ key: "web-export", value: true }] }));

  describe("an HTTP answer", () => {
    const cases: [does: string, result: unknown, status: number, text: string | RegExp, headers?: object][] = [
      ["is empty and 204 of an empty result", {}, 204, ""],
      ["is empty and 204 of an empty body", { body: "" }, 204, ""],
      ["is empty and 204 of a body of null", { body: null }, 204, ""],
      ["has the status", { statusCode: 201, body: "made" }, 201, "made"],
      ["has a status that nobody knows", { statusCode: 444 }, 444, ""],
      ["has a status given as text", { statusCode: "200", body: "x" }, 200, "x"],
      ["has no body if none is given", { statusCode: 200 }, 200, ""],
      ["has the headers", { headers: { location: "http://example.org" }, statusCode: 302 }, 302, "", { location: "http://example.org" }],
      ["has headers of numbers and truth values", { headers: { "x-n": 1, "x-t": true } }, 204, "", { "x-n": "1", "x-t": "true" }],
      ["has a header several times", { headers: { "set-cookie": ["a=b", "c=d; Path = /"] } }, 204, "", { "set-cookie": ["a=b", "c=d; Path = /"] }],
      ["has headers also without a body", { headers: { "set-cookie": "a=b", "content-type": "application/json" }, statusCode: 200 }, 200, "", { "set-cookie": "a=b" }],
      ["of text is HTML", { body: "<b>hi</b>" }, 200, "<b>hi</b>", { "content-type": "text/html; charset=UTF-8" }],
      ["of text has the type that is given", { headers: { "content-type": "text/plain" }, body: "hi" }, 200, "hi", { "content-type": "text/plain; charset=UTF-8" }],
      ["has a type whatever the case of the header's name", { headers: { "Content-Type": "text/css" }, body: "a{}" }, 200, "a{}", { "content-type": "text/css; charset=UTF-8" }],
      ["of an object is JSON", { body: { a: 1 } }, 200, /^\{\s*"a": 1\s*\}$/, { "content-type": "application/json" }],
      ["of an object may be called JSON", { headers: { "content-type": "application/json" }, body: { a: 1 } }, 200, /"a": 1/, { "content-type": "application/json" }],
      ["of an object may be of a type of JSON", { headers: { "content-type": "application/hal+json" }, body: { a: 1 } }, 200, /"a": 1/, { "content-type": expect.stringMatching(/^application\/hal\+json/) }],
      ["of an array is JSON", { body: [1, 2] }, 200, /^\[1,\s*2\]$|^\[\s*1,\s*2\s*\]$/, { "content-type": "application/json" }],
      ["of a number is JSON", { body: 3 }, 200, "3", { "content-type": "application/json" }],
      ["of a truth value is JSON", { body: true }, 200, "true", { "content-type": "application/json" }],
      ["of JSON as text is that text", { headers: { "content-type": "application/json" }, body: '{"a":1}' }, 200, '{"a":1}', { "content-type": "application/json" }],
      ["of text that is called JSON is that text", { headers: { "content-type": "application/json" }, body: "hello world" }, 200, "hello world", { "content-type": "application/json" }],
      ["of JSON in base64 is decoded", { headers: { "content-type": "application/json" }, body: Buffer.from('{"a":1}').toString("base64") }, 200, '{"a":1}'],
      ["of a type of JSON in base64 is decoded", { headers: { "content-type": "application/json-patch+json" }, body: Buffer.from('{"a":1}').toString("base64") }, 200, '{"a":1}', { "content-type": expect.stringMatching(/^application\/json-patch\+json/) }],
    ];
    test.each(cases)("%s", async (_does, result, status, text, headers = {}) => {
      const answer = await show(result);
      expect(answer.status).toBe(status);
      if (typeof text === "string") expect(answer.text).toBe(text);
      else expect(answer.text).toMatch(text);
      expect(answer.headers).toMatchObject(headers);
    });

    const refused: [does: string, result: unknown, error: string][] = [
      ["has no status that is no number", { statusCode: "xyz" }, NOT_HTTP],
      ["has no status that is not whole", { statusCode: 200.5 }, NOT_HTTP],
      ["has no status that is a list", { statusCode: [200] }, NOT_HTTP],
      ["has no headers that are text", { headers: "a: b" }, NOT_HTTP],
      ["has no header that is an object", { headers: { a: {} } }, NOT_HTTP],
      ["has no header that is null", { headers: { a: null } }, NOT_HTTP],
      ["has no type that is none", { headers: { "content-type": "xyzbar" }, body: "hello" }, "Response did not specify a known content-type."],
      ["of an object is not called HTML", { headers: { "content-type": "text/html" }, body: { a: 1 } }, "Response type in header did not match generated content type."],
      ["of an object is not called an image", { headers: { "content-type": "image/png" }, body: { a: 1 } }, "Response type in header did not match generated content type."],
      ["of an image has to be base64", { headers: { "content-type": "image/png" }, body: "%%%" }, "Response type in header did not match generated content type."],
      ["is not an array", [1, 2], NOT_HTTP],
    ];
    test.each(refused)("%s", async (_does, result, error) => {
      const { status, body } = await show(result);
      expect([status, body]).toEqual([400, { error, code: expect.any(String) as string }]);
    });

    test("of an image is its bytes", async () => {
      const { status, headers, bytes } = await show({ headers: { "content-type": "image/png" }, body: PNG });
      expect([status, headers["content-type"], bytes.toString("base64")]).toEqual([200, "image/png", PNG]);
    });
    test("has the id of the activation", async () => expect((await show({ body: "x" })).headers["x-openwhisk-activation-id"]).toMatch(/^[0-9a-f]{32}$/));
    test("of an extension .http is the same", async () => expect(await show({ statusCode: 201, body: "x" }, ".http")).toMatchObject({ status: 201, text: "x" }));
    test("is to HEAD the headers alone", async () => expect(await show({ headers: { "x-own": "1" }, body: "x" }, "", {}, "HEAD")).toMatchObject({ status: 200, text: "", headers: { "x-own": "1" } }));
  });

  describe("by its extension", () => {
    const cases: [does: string, extension: string, result: unknown, text: string, type: RegExp][] = [
      [".json is the result, printed prettily", ".json", { foobar: "foobar" }, '{\n  "foobar": "foobar"\n}', /^application\/json/],
      [".json may be an array", ".json", [1], json("[1]"), /^application\/json/],
      [".html is the body", ".html", { body: "<b>x</b>" }, "<b>x</b>", /^text\/html; charset=UTF-8$/],
      [".html is the field html", ".html", { html: "<b>x</b>" }, "<b>x</b>", /^text\/html; charset=UTF-8$/],
      [".svg is the field svg", ".svg", { svg: "<svg/>" }, "<svg/>", /^image\/svg\+xml/],
      [".svg is the body", ".svg", { body: "<svg/>" }, "<svg/>", /^image\/svg\+xml/],
      [".text is the field text", ".text", { text: "hello" }, "hello", /^text\/plain; charset=UTF-8$/],
      [".text is the body", ".text", { body: "hello" }, "hello", /^text\/plain; charset=UTF-8$/],
      [".text is an object as JSON", ".text", { body: { a: "A" } }, '{\n  "a": "A"\n}', /^text\/plain/],
      [".text is a truth value as text", ".text", { body: true }, "true", /^text\/plain/],
      [".text is a number as text", ".text", { body: 1 }, "1", /^text\/plain/],
      [".text is null as text", ".text", { body: null }, "null", /^text\/plain/],
    ];
    test.each(cases)("%s", async (_does, extension, result, text, type) => {
      const answer = await show(result, extension);
      expect([answer.status, extension === ".json" ? json(answer.text) : answer.text]).toEqual([200, text]);
      expect(answer.headers["content-type"]).toMatch(type);
    });

    test(".json begins new lines", async () => expect((await show({ foobar: "foobar" }, ".json")).text).toBe('{\n  "foobar": "foobar"\n}'));

    const refused: [does: string, extension: string, result: unknown, status: number, error: string][] = [
      [".html of what is no text", ".html", { html: 7 }, 400, "Response is not valid 'text/html'."],
      [".html without the field", ".html", { other: "x" }, 400, "Response is not valid 'text/html'."],
      [".svg without the field", ".svg", {}, 400, "Response is not valid 'image/svg+xml'."],
      [".text without the field", ".text", { other: "x" }, 404, "Response does not include requested property."],
    ];
    test.each(refused)("%s is refused", async (_does, extension, result, status, error) => {
      const answer = await show(result, extension);
      expect([answer.status, answer.body.error]).toEqual([status, error]);
    });

    test.each([".xyz", ".xyzz", ".JSON", ".xml"])("%s is part of the name, that nothing has", async (extension) => {
      expect((await show({}, extension)).status).toBe(404);
    });
  });

  describe("an error", () => {
    test("of the action is shown as its result would be", async () => expect(await show({ error: { statusCode: 418, body: "no hello for you" } })).toMatchObject({ status: 418, text: "no hello for you" }));
    test("of the action without a status is 200", async () => expect(await show({ error: { body: "no" } })).toMatchObject({ status: 200, text: "no" }));
    test("of the action that does not fit the extension is refused", async () => {
      const { status, body } = await show({ error: "text" }, ".json");
      expect([status, body.error]).toEqual([400, "Response is not valid 'application/json'."]);
    });
    test("of the action that is text is text with .text", async () => expect(await show({ error: "mine" }, ".text")).toMatchObject({ status: 200, text: "mine" }));
    test("of the action that is an object is JSON with .json", async () => expect((await show({ error: { a: 1 } }, ".json")).body).toEqual({ a: 1 }));
    test("of the code is 400 without details", async () => {
      await suite.api.putAction(n("w-exit"), "function main() { process.exit(1) }", { annotations: [{ key: "web-export", value: true }] });
      const { status, body, text } = await suite.api.call(`GET /api/v1/web/${suite.namespace}/default/${n("w-exit")}.json`, { auth: null });
      expect([status, body.error]).toEqual([400, "There was an error processing your request."]);
      expect(text.split("\n")).toHaveLength(4);
    });
  });

  describe("what the caller accepts", () => {
    const accept = (type: string) => ({ headers: { accept: type } });
    test("has to be among what there is", async () => {
      const { status, body } = await show({ body: "Plain text" }, "", accept("application/json"));
      expect([status, body.error]).toEqual([406, "Resource representation is only available with these types:\ntext/html; charset=UTF-8"]);
    });
    test("has to be among what there is by the extension, too", async () => expect((await show({ html: "<b/>" }, ".html", accept("text/xml"))).status).toBe(406));
    test.each(["text/html", "text/*", "*/*", "application/json, text/html;q=0.5"])("is met by text of HTML if it is %s", async (type) => {
      expect((await show({ body: "hi" }, "", accept(type))).status).toBe(200);
    });
    test("does not matter if there is no body", async () => {
      expect((await show({}, "", accept("image/png"))).status).toBe(204);
      expect((await show({ statusCode: 200 }, "", accept("image/png"))).status).toBe(200);
    });
    test("is met by what the action says", async () => expect((await show({ headers: { "content-type": "application/json" }, body: "{}" }, "", accept("application/json"))).status).toBe(200));
  });
}
