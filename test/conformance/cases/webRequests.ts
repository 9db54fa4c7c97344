import type { Answer, Sent } from "../support/api";
import { describeWithOther } from "../support/needs";
import { annotation, type Suite } from "../support/suite";

const ECHO = "function main(args) { return args }";
const NOT_ALLOWED = "Request defines parameters that are not allowed (e.g., reserved properties).";
const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"];
const DEFAULT_METHODS = "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH";
const DEFAULT_HEADERS = "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent";

/** Web actions: what an action gets of a request, and who may call it. */
export function webRequestCases(suite: Suite): void {
  const { n } = suite;
  const [plain, raw, strict] = [n("q-plain"), n("q-raw"), n("q-strict")];
  const web = (more: { key: string; value: unknown }[] = []) => ({ annotations: [{ key: "web-export", value: true }, ...more] });
  const call = async (line: string, sent: Sent = {}): Promise<Answer> => {
    const [method, path] = line.split(" ") as [string, string];
    return suite.api.call(`${method} /api/v1/web/${suite.namespace}/${path}`, { auth: null, ...sent });
  };
  const given = async (line: string, sent?: Sent) => (await call(line, sent)).body as Record<string, unknown> & { __ow_headers: Record<string, string> };

  beforeAll(async () => {
    await suite.api.putAction(plain, ECHO, web());
    await suite.api.putAction(raw, ECHO, web([{ key: "raw-http", value: true }]));
    await suite.api.putAction(strict, ECHO, { ...web([{ key: "final", value: true }]), parameters: [{ key: "x", value: "X" }, { key: "empty", value: null }] });
    await suite.api.putAction(n("q-private"), ECHO);
    await suite.api.putAction(n("q-off"), ECHO, { annotations: [{ key: "web-export", value: false }] });
  });

  describe("a request gives the action", () => {
    test("all of a long query", async () => expect((await given(`GET default/${plain}.json?a=${"A".repeat(8000)}`)).a).toBe("A".repeat(8000)));
    test.each(METHODS)("its method, %s, in small letters", async (method) => expect((await given(`${method} default/${plain}.json`)).__ow_method).toBe(method.toLowerCase()));
    test("its headers, with names in small letters", async () => expect((await given(`GET default/${plain}.json`, { headers: { "X-Mine": "Yes" } })).__ow_headers).toMatchObject({ "x-mine": "Yes", host: expect.any(String) as string }));
    test("its content type among the headers", async () => expect((await given(`POST default/${plain}.json`, { body: {} })).__ow_headers["content-type"]).toBe("application/json"));
    test("no content type if there is none", async () => expect((await given(`GET default/${plain}.json`)).__ow_headers).not.toHaveProperty("content-type"));
    test("an empty path", async () => expect((await given(`GET default/${plain}.json`)).__ow_path).toBe(""));
    test("the path after the extension", async () => expect((await given(`GET default/${plain}.json/a/b`)).__ow_path).toBe("/a/b"));
    test("a slash after the extension", async () => expect((await given(`GET default/${plain}.json/`)).__ow_path).toBe("/"));
    test("its query as arguments", async () => expect(await given(`GET default/${plain}.json?a=b&c=d`)).toMatchObject({ a: "b", c: "d" }));
    test("its query decoded", async () => expect((await given(`GET default/${plain}.json?a=b%20c%26+d`)).a).toBe("b c& d"));
    test("nobody as user", async () => expect(await given(`GET default/${plain}.json`)).not.toHaveProperty("__ow_user"));
    test("the user who has authenticated", async () => expect((await given(`GET default/${plain}.json`, { auth: suite.api.auth })).__ow_user).toBe(suite.namespace));
    test("nobody if the key is wrong", async () => expect(await given(`GET default/${plain}.json`, { auth: "23bc46b1-0000-4ed5-8c54-816aa4f8c502:no" })).not.toHaveProperty("__ow_user"));
    test("the fields of a JSON object as arguments", async () => expect(await given(`POST default/${plain}.json`, { body: { extra: "read", yummy: true } })).toMatchObject({ extra: "read", yummy: true }));
    test("the fields of an object of a type of JSON as arguments", async () => expect((await given(`POST default/${plain}.json`, { raw: { type: "application/cloudevents+json", text: '{"a":1}' } })).a).toBe(1));
    test("those of the body above those of the query", async () => expect(await given(`POST default/${plain}.json?a=query&b=query`, { body: { a: "body" } })).toMatchObject({ a: "body", b: "query" }));
    test("the fields of a form as arguments", async () => expect(await given(`POST default/${plain}.json`, { raw: { type: "application/x-www-form-urlencoded", text: "field1=value1&field2=a+b%26" } })).toMatchObject({ field1: "value1", field2: "a b&" }));
    test.each([["text", "this is text"], ["list", [1, "str str", false]], ["truth", true], ["number", 99], ["null", null]])("a JSON %s as the body", async (_what, value) => {
      expect((await given(`POST default/${plain}.json`, { raw: { type: "application/json", text: JSON.stringify(value) } })).__ow_body).toEqual(value);
    });
    test("no body if it is empty", async () => expect(await given(`POST default/${plain}.json`, { raw: { type: "application/json", text: "" } })).not.toHaveProperty("__ow_body"));
    test("other text as the body", async () => expect((await given(`POST default/${plain}.json`, { raw: { type: "text/html", text: "1,2,3" } })).__ow_body).toBe("1,2,3"));
    test("text that has no known type as the body in base64 if it may be binary", async () => expect((await given(`POST default/${plain}.json`, { raw: { type: "application/octet-stream", text: "1,2,3" } })).__ow_body).toBe(Buffer.from("1,2,3").toString("base64")));
    test.each(["text/plain", "text/xml", "application/xml", "application/javascript", "application/x-unknown; charset=utf-8"])("the body as it is if it is %s", async (type) => expect((await given(`POST default/${plain}.json`, { raw: { type, text: "<a/>" } })).__ow_body).toBe("<a/>"));
    test.each(["application/octet-stream", "application/pdf", "application/zip", "image/svg+xml", "application/x-unknown", "multipart/form-data; boundary=x"])("the body in base64 if it is %s", async (type) => expect((await given(`POST default/${plain}.json`, { raw: { type, text: "<a/>" } })).__ow_body).toBe("PGEvPg=="));
    test("an image as the body in base64", async () => expect((await given(`POST default/${plain}.json`, { raw: { type: "image/png", text: Buffer.from([1, 2, 255]) } })).__ow_body).toBe(Buffer.from([1, 2, 255]).toString("base64")));
    test("its parameters below those of the request", async () => {
      await suite.api.putAction(n("q-defaults"), ECHO, { ...web(), parameters: [{ key: "a", value: "A" }, { key: "b", value: "B" }] });
      expect(await given(`GET default/${n("q-defaults")}.json?a=query`)).toMatchObject({ a: "query", b: "B" });
    });
    test("no query and no body of their own", async () => {
      const args = await given(`POST default/${plain}.json?a=b`, { body: {} });
      expect(["__ow_query" in args, "__ow_body" in args]).toEqual([false, false]);
    });
  });

  describe("a raw request gives the action", () => {
    test("its query as it is", async () => expect((await given(`GET default/${raw}.json?key1=value1&key2=value2`)).__ow_query).toBe("key1=value1&key2=value2"));
    test("nothing of its query as arguments", async () => expect(await given(`GET default/${raw}.json?key1=value1`)).not.toHaveProperty("key1"));
    test("an empty query and an empty body", async () => expect(await given(`POST default/${raw}.json`)).toMatchObject({ __ow_query: "", __ow_body: "" }));
    test("a JSON body in base64", async () => expect((await given(`POST default/${raw}.json`, { raw: { type: "application/json", text: '{ "a": 1 }' } })).__ow_body).toBe(Buffer.from('{ "a": 1 }').toString("base64")));
    test("text as it is", async () => expect((await given(`POST default/${raw}.json`, { raw: { type: "text/plain", text: "hello" } })).__ow_body).toBe("hello"));
    test("a form as it is", async () => expect((await given(`POST default/${raw}.json`, { raw: { type: "application/x-www-form-urlencoded", text: "a=b" } })).__ow_body).toBe("a=b"));
    test("an image in base64", async () => expect((await given(`POST default/${raw}.json`, { raw: { type: "image/png", text: Buffer.from([9, 8]) } })).__ow_body).toBe(Buffer.from([9, 8]).toString("base64")));
    test("method, headers and path as always", async () => expect(await given(`PUT default/${raw}.json/x`, { headers: { "x-a": "b" } })).toMatchObject({ __ow_method: "put", __ow_path: "/x", __ow_headers: { "x-a": "b" } }));
  });

  describe("a request may not", () => {
    const refused = [400, NOT_ALLOWED];
    const answer = async (line: string, sent?: Sent) => {
      const { status, body } = await call(line, sent);
      return [status, body.error as string];
    };
    test.each(["__ow_method", "__ow_headers", "__ow_path", "__ow_user", "__ow_query", "__ow_body"])("give %s", async (name) => {
      expect(await answer(`POST default/${plain}.json?${name}=x`)).toEqual(refused);
      expect(await answer(`POST default/${plain}.json`, { body: { [name]: "x" } })).toEqual(refused);
    });
    test("override final parameters", async () => {
      expect(await answer(`GET default/${strict}.json?x=1`)).toEqual(refused);
      expect(await answer(`POST default/${strict}.json`, { body: { x: 1 } })).toEqual(refused);
    });
    test("be refused for a final parameter without a value", async () => expect(await given(`GET default/${strict}.json?empty=mine`)).toMatchObject({ x: "X", empty: "mine" }));
    test("have a path of more than 8192 characters", async () => expect((await call(`GET default/${plain}.json?a=${"A".repeat(8192)}`)).status).toBe(414));
    test("have more than 1 MB", async () => {
      const { status, body } = await call(`POST default/${plain}.json`, { body: { a: "a".repeat(1_048_576) } });
      expect([status, body.error]).toEqual([413, "Request larger than allowed: 1048584 > 1048576 bytes."]);
    });
    test("have a body that is not the JSON that it says", async () => expect((await call(`POST default/${plain}.json`, { raw: { type: "application/json", text: "{nope" } })).status).toBe(400));
    test("be refused its own values if it is raw", async () => {
      await suite.api.putAction(n("q-raw-final"), ECHO, { ...web([{ key: "raw-http", value: true }, { key: "final", value: true }]), parameters: [{ key: "x", value: "X" }] });
      expect(await given(`POST default/${n("q-raw-final")}.json?x=1`, { body: { x: 2 } })).toMatchObject({ x: "X", __ow_query: "x=1" });
    });
  });

  describe("a path is found", () => {
    const missing = "The requested resource does not exist.";
    test.each([[n("q-private"), "is no web action"], [n("q-off"), "is none any more"], [n("none"), "does not exist"]])("not, if %s %s", async (name) => {
      const { status, body } = await call(`GET default/${name}.json`);
      expect([status, body.error]).toEqual([404, missing]);
    });
    test.each(["a", "a/b", "{ns}/c", `{ns}/${plain}`])("not, if it is /web/%s", async (path) => expect((await suite.api.call(`GET /api/v1/web/${suite.fill(path)}`)).status).toBe(404));
    test("not in a namespace that does not exist", async () => expect((await suite.api.call(`GET /api/v1/web/not-mine/default/${plain}.json`, { auth: null })).status).toBe(404));
    test("not in a package that does not exist", async () => expect((await call(`GET ${n("none")}/act.json`)).status).toBe(404));
    test("not, if what exports it is no truth value", async () => {
      for (const [index, value] of ["true", 1, "yes"].entries()) {
        await suite.api.putAction(n(`q-truthy-${index}`), ECHO, { annotations: [{ key: "web-export", value }] });
        expect((await call(`GET default/${n(`q-truthy-${index}`)}.json`)).status).toBe(404);
      }
    });
    test("and is not raw, nor final, by what is no truth value", async () => {
      await suite.api.putAction(n("q-lax"), ECHO, { ...web([{ key: "raw-http", value: "true" }, { key: "final", value: "true" }]), parameters: [{ key: "x", value: "X" }] });
      expect((await given(`GET default/${n("q-lax")}.json?x=1`)).x).toBe("1");
    });
    test("in a package, with the package's parameters", async () => {
      await suite.api.must(`PUT packages/${n("q-box")}`, { body: { parameters: [{ key: "p", value: "P" }] } });
      await suite.api.putAction(`${n("q-box")}/act`, ECHO, web());
      expect((await given(`GET ${n("q-box")}/act.json`)).p).toBe("P");
    });
    test("through a binding, of a private package too, with the parameters of both", async () => {
      await suite.api.must(`PUT packages/${n("q-tie")}`, { body: { binding: { namespace: "_", name: n("q-box") }, parameters: [{ key: "t", value: "T" }], annotations: [{ key: "web-export", value: false }] } });
      expect(await given(`GET ${n("q-tie")}/act.json`)).toMatchObject({ p: "P", t: "T" });
    });
    test("without an extension", async () => expect((await call(`GET ${n("q-box")}/act`)).status).toBe(204));
    test("for a sequence", async () => {
      await suite.api.must(`PUT actions/${n("q-seq")}`, { body: { exec: { kind: "sequence", components: [`/_/${plain}`] }, ...web() } });
      expect(await given(`GET default/${n("q-seq")}.json?a=b`)).toMatchObject({ a: "b", __ow_method: "get" });
    });
    test("and its run is recorded for its owner", async () => {
      const { headers } = await call(`GET default/${plain}.json`);
      const record = await suite.record(headers["x-openwhisk-activation-id"] as string);
      expect([record.namespace, annotation(record, "path")]).toEqual([suite.namespace, `${suite.namespace}/${plain}`]);
    });
  });

  describe("an action that asks for", () => {
    const guarded = async (name: string, value: unknown) => suite.api.putAction(n(name), ECHO, web([{ key: "require-whisk-auth", value }]));
    const status = async (name: string, sent?: Sent) => (await call(`GET default/${n(name)}.json`, sent)).status;
    const header = (value: string) => ({ headers: { "X-Require-Whisk-Auth": value } });

    test("a user is not for anybody", async () => {
      await guarded("q-user", true);
      const { status: refused, body } = await call(`GET default/${n("q-user")}.json`);
      expect([refused, Object.keys(body as object).sort()]).toEqual([401, ["code", "error"]]);
      expect(await status("q-user", { auth: suite.api.auth })).toBe(200);
    });
    test("a secret is for whoever knows it", async () => {
      await guarded("q-secret", "sesame");
      expect([await status("q-secret"), await status("q-secret", header("wrong")), await status("q-secret", header("sesame"))]).toEqual([401, 401, 200]);
    });
    test("a secret is not for a user who does not know it", async () => expect(await status("q-secret", { auth: suite.api.auth })).toBe(401));
    test("a number as secret is for whoever knows it", async () => {
      await guarded("q-number", 12345);
      expect([await status("q-number", header("1")), await status("q-number", header("12345"))]).toEqual([401, 200]);
    });
    test("nothing is for anybody", async () => {
      await guarded("q-nothing", false);
      expect(await status("q-nothing")).toBe(200);
    });
    test("what cannot be met is for nobody", async () => {
      await guarded("q-odd", { a: 1 });
      expect(await status("q-odd", { auth: suite.api.auth })).toBe(401);
    });
  });

  describe("OPTIONS", () => {
    const cors = { "access-control-allow-origin": "*", "access-control-allow-methods": DEFAULT_METHODS, "access-control-allow-headers": DEFAULT_HEADERS };
    test("is answered for the action", async () => {
      const { status, headers, text } = await call(`OPTIONS default/${plain}.json`);
      expect([status, text, headers["x-openwhisk-activation-id"]]).toEqual([200, "", undefined]);
      expect(headers).toMatchObject(cors);
    });
    test("allows the headers that are asked for", async () => {
      expect((await call(`OPTIONS default/${plain}.json`, { headers: { "access-control-request-headers": "x-custom-header" } })).headers["access-control-allow-headers"]).toBe("x-custom-header");
    });
    test("is answered also if the action asks for a user", async () => expect((await call(`OPTIONS default/${n("q-user")}.json`)).status).toBe(200));
    test("of an action that does not exist is not found", async () => expect((await call(`OPTIONS default/${n("none")}.json`)).status).toBe(404));
    test("is the same in the headers of other answers", async () => expect((await call(`GET default/${plain}.json`)).headers).toMatchObject(cors));
    test("is the action's own if it wants to answer", async () => {
      await suite.api.putAction(n("q-options"), 'function main() { return { headers: { "Access-Control-Allow-Methods": "OPTIONS, GET, PATCH", "X-Own": "1" } } }', web([{ key: "web-custom-options", value: true }, { key: "require-whisk-auth", value: true }]));
      const { headers } = await call(`OPTIONS default/${n("q-options")}.http`);
      expect(headers).toMatchObject({ "access-control-allow-methods": "OPTIONS, GET, PATCH", "x-own": "1" });
      expect(headers).not.toHaveProperty("access-control-allow-origin");
      expect((await call(`GET default/${n("q-options")}.http`)).status).toBe(401);
    });
  });

  describeWithOther(suite.target, "another namespace's key", () => {
    test("is a user, too, whom the action is told", async () => {
      expect((await given(`GET default/${n("q-user")}.json`, { auth: suite.other.auth })).__ow_user).toBe(suite.otherNamespace);
    });
    test("reaches through its binding of a public package", async () => {
      await suite.api.must(`PUT packages/${n("q-open")}`, { body: { publish: true } });
      await suite.api.putAction(`${n("q-open")}/act`, ECHO, web());
      await suite.other.must(`PUT packages/${n("q-bound")}`, { body: { binding: { namespace: suite.namespace, name: n("q-open") }, parameters: [{ key: "b", value: "B" }] } });
      expect((await suite.api.call(`GET /api/v1/web/${suite.otherNamespace}/${n("q-bound")}/act.json`, { auth: null })).body).toMatchObject({ b: "B" });
    });
  });
}
