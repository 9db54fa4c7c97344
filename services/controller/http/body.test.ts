import { once } from "node:events";
import http from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { CODE, expectRefusal, Harness } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());
beforeEach(() => api.have(["actions/hello", CODE]));

const JSON_TYPE = { "content-type": "application/json" };
const put = ["actions/x", "triggers/x", "rules/x", "packages/x"];

const invoke = (text: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
  api
    .send("post", "actions/hello", undefined, { query: { blocking: true } })
    .set(headers)
    .serialize((body) => body as string)
    .send(text);
const putText = (path: string, text: string, type = "application/json") => api.send("put", path).set("content-type", type).send(text);

describe("JSON", () => {
  test.each(["{", "{]", "nul", "{\"a\":}", "\u0000", "{'a': 1}", "{\"a\": 1}}", "{\"a\": 01}", "NaN"])("%j, which is none, is answered 400", async (text) => {
    expectRefusal(await invoke(text), 400, /^The request content was malformed:\n./);
    expectRefusal(await putText("triggers/x", text), 400, /^The request content was malformed:\n./);
  });

  test.each(["[]", "[1]", "null", "5", '"text"', "true"])("%j, which is no object, is answered 400", async (text) => {
    expectRefusal(await invoke(text), 400, "The request content was malformed:\nJSON object expected");
    for (const path of put) expectRefusal(await putText(path, text), 400, "The request content was malformed:\nJSON object expected");
  });

  test("may have any keys, also those that mean something to JavaScript, and the last of equal ones counts", async () => {
    const text = '{"__proto__": {"a": 1}, "constructor": null, "toString": 1, "hasOwnProperty": 2, "": 3, "twice": 1, "twice": 2}';
    const { body } = await invoke(text);
    expect(JSON.stringify(body.response.result)).toBe(JSON.stringify(JSON.parse(text)));
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test("may hold any text: what is no character, and what is outside of the first 65536", async () => {
    const { body } = await invoke('{"lone": "\\ud800", "nul": "\\u0000", "face": "😀", "long": "\\u0065\\u0301"}');
    expect(body.response.result).toEqual({ lone: "\ud800", nul: "\0", face: "😀", long: "e\u0301" });
  });

  test("may begin with a byte order mark", async () => {
    expect((await invoke('\ufeff{"a": 1}')).body.response.result).toEqual({ a: 1 });
  });

  test("that is nested too deeply is answered 400, not by a broken stack", async () => {
    const nested = (depth: number) => `{"a": ${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect((await invoke(nested(1_000))).status).toBe(200);
    expectRefusal(await invoke(nested(1_001)), 400, /nested too deeply/);
    expectRefusal(await invoke(nested(400_000)), 400, /nested too deeply/);
    expectRefusal(await putText("actions/deep", `{"exec": {"kind": "nodejs", "code": ""}, "parameters": [{"key": "a", "value": ${nested(400_000)}}]}`), 400, /nested too deeply/);
  });
});

describe("a body of a type", () => {
  test.each(["text/plain", "text/plain; charset=UTF-8", "application/x-www-form-urlencoded", "application/jsonp", "application/json-seq-not", "multipart/form-data; boundary=x"])("%s is answered 415, empty or not", async (type) => {
    const message = `The request's Content-Type [${type}] is not supported. Expected:\napplication/json`;
    expectRefusal(await invoke("{}", { "content-type": type }), 415, message);
    expectRefusal(await invoke("", { "content-type": type, "content-length": "0" }), 415, message);
    for (const path of put) expectRefusal(await putText(path, "{}", type), 415, message);
  });

  test("that nobody tells is answered 415", async () => {
    expectRefusal(await invoke("{}", { "content-type": "" }), 415);
  });

  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8", "application/vnd.x+json"])("%s is read", async (type) => {
    expect((await invoke('{"a": "é"}', { "content-type": type })).body.response.result).toEqual({ a: "é" });
  });

  test.each(["latin-1", "utf-0"])("application/json in charset %s is answered 415", async (charset) => {
    expectRefusal(await invoke("{}", { "content-type": `application/json; charset=${charset}` }), 415);
  });
});

describe("a compressed body", () => {
  test("is read", async () => {
    for (const [encoding, bytes] of [["gzip", gzipSync('{"a": 1}')], ["br", brotliCompressSync('{"a": 1}')]] as const) {
      expect((await invoke(bytes, { ...JSON_TYPE, "content-encoding": encoding })).body.response.result).toEqual({ a: 1 });
    }
  });

  test("that is large when it is unpacked is answered 413", async () => {
    expectRefusal(await invoke(gzipSync(JSON.stringify({ a: "x".repeat(20_000_000) })), { ...JSON_TYPE, "content-encoding": "gzip" }), 413, /^Request larger than allowed: \d+ > 1048576 bytes\.$/);
  });

  test("in an unknown encoding, or in another than it says, is refused", async () => {
    expectRefusal(await invoke("{}", { ...JSON_TYPE, "content-encoding": "zstd-not" }), 415);
    expectRefusal(await invoke("{}", { ...JSON_TYPE, "content-encoding": "gzip" }), 400, /^The request content was malformed:\n/);
  });
});

describe("a body that is too large", () => {
  const text = JSON.stringify({ a: "x".repeat(1024 * 1024) });

  test("is answered 413 with its size, whatever else is wrong with it", async () => {
    const message = `Request larger than allowed: ${text.length} > 1048576 bytes.`;
    expectRefusal(await invoke(text), 413, message);
    expectRefusal(await invoke(text, { "content-type": "text/plain" }), 413, message);
    expectRefusal(await api.send("post", "triggers/absent").set(JSON_TYPE).send(text), 413, message);
  });

  test("is answered 413 also if it does not say so", async () => {
    const headers = { ...JSON_TYPE, authorization: `Basic ${Buffer.from(api.key("guest")).toString("base64")}` };
    const request = http.request({ port: api.port, method: "POST", path: "/api/v1/namespaces/_/actions/hello", headers });
    request.write(text.slice(0, 10));
    request.end(text.slice(10));
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    expect(response.statusCode).toBe(413);
    expect(JSON.parse((await response.toArray()).join(""))).toEqual({ error: expect.stringMatching(/^Request larger than allowed: \d+ > 1048576 bytes\.$/), code: expect.any(String) });
  });
});

describe("no body", () => {
  test("is an invocation without arguments", async () => {
    expect((await api.post("actions/hello", undefined, { query: { blocking: true } })).body.response.result).toEqual({});
    expect((await invoke("", { ...JSON_TYPE, "content-length": "0" })).status).toBe(200);
  });

  test.each(put)("is nothing to put to %s", async (path) => {
    expectRefusal(await api.send("put", path), 400, "Request entity expected but not supplied");
    expectRefusal(await putText(path, ""), 400, "Request entity expected but not supplied");
    expectRefusal(await api.send("put", path).set({ ...JSON_TYPE, "transfer-encoding": "chunked" }), 400, "Request entity expected but not supplied");
  });
});
