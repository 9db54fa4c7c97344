import { type Dispatcher, request } from "undici";
import type { Client } from "../../support/client";
import type { StartPlatform, TestedPlatform } from "./platform";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const ECHO = "function main(args) { return args }";
const OPEN = { "web-export": true };

type Sent = Omit<Dispatcher.RequestOptions, "origin" | "path" | "method"> & { method?: Dispatcher.HttpMethod };

/** What anyone may expect of web actions, whatever the platform is made of: real code, real HTTP. */
export function webCases(start: StartPlatform): void {
  let platform: TestedPlatform;
  let client: Client;

  beforeAll(async () => {
    platform = await start();
    client = platform.client();
  });

  afterAll(() => platform.dispose());

  const put = (name: string, code: string, annotations: object = OPEN, more: object = {}) =>
    client.putAction(name, code, { annotations: Object.entries(annotations).map(([key, value]) => ({ key, value: value as unknown })), ...more });

  const call = async (path: string, sent: Sent = {}) => {
    const { statusCode, headers, body } = await request(`${platform.apiHost}/api/v1/web/guest/${path}`, { method: "GET", ...sent });
    return { status: statusCode, headers, bytes: Buffer.from(await body.arrayBuffer()) };
  };
  const given = async (path: string, sent?: Sent) => JSON.parse((await call(path, sent)).bytes.toString()) as Record<string, unknown>;

  describe("a web action in JavaScript", () => {
    test("is a page, an image, a redirection, and sets cookies", async () => {
      await put("site", `function main({ __ow_path }) {
        switch (__ow_path) {
          case "/image": return { headers: { "Content-Type": "image/png" }, statusCode: 200, body: "${PNG.toString("base64")}" };
          case "/old": return { headers: { location: "/new" }, statusCode: 302 };
          case "/login": return { headers: { "Set-Cookie": ["UserID=Jane; Max-Age=3600; Version=", "SessionID=asdfgh123456; Path = /"], "Content-Type": "text/html" }, body: "<h3>hello</h3>" };
          default: return { statusCode: 404, body: "<h3>nothing hëre</h3>" };
        }
      }`);
      expect(await call("default/site/image")).toMatchObject({ status: 200, headers: { "content-type": "image/png", "content-length": String(PNG.length) }, bytes: PNG });
      expect(await call("default/site/old")).toMatchObject({ status: 302, headers: { location: "/new" } });
      expect((await call("default/site/login")).headers["set-cookie"]).toEqual(["UserID=Jane; Max-Age=3600; Version=", "SessionID=asdfgh123456; Path = /"]);
      const { status, headers, bytes } = await call("default/site.http");
      expect([status, headers["content-type"], bytes.toString()]).toEqual([404, "text/html; charset=UTF-8", "<h3>nothing hëre</h3>"]);
    });

    test("reads an upload of a browser: a multipart body, in base64", async () => {
      await put("upload", `async function main({ __ow_body, __ow_headers }) {
        const form = await new Response(Buffer.from(__ow_body, "base64"), { headers: { "content-type": __ow_headers["content-type"] } }).formData();
        const file = form.get("picture");
        return { name: form.get("name"), file: file.name, size: file.size, type: file.type };
      }`);
      const form = new FormData();
      form.set("name", "Jäne");
      form.set("picture", new Blob([PNG], { type: "image/png" }), "dot.png");
      const sent = new Response(form);
      const body = Buffer.from(await sent.arrayBuffer());
      expect(await given("default/upload.json", { method: "POST", body, headers: { "content-type": sent.headers.get("content-type")! } })).toEqual({ name: "Jäne", file: "dot.png", size: PNG.length, type: "image/png" });
    });

    test("that wants it raw gets the query and the body as they are", async () => {
      await put("decode", "function main({ __ow_body, __ow_query }) { return { body: Buffer.from(__ow_body, 'base64').toString(), query: __ow_query } }", { ...OPEN, "raw-http": true });
      expect(await given("default/decode.json?name=Jane&flag", { method: "POST", body: '{"name":"Jane"}', headers: { "content-type": "application/json" } })).toEqual({ body: '{"name":"Jane"}', query: "name=Jane&flag" });
    });

    test("gets a query, a form and JSON as arguments, and answers with unicode as it came", async () => {
      await put("echo", ECHO);
      expect(await given("default/echo.json/%F0%9F%90%99/b?q=%F0%9F%90%99+x")).toMatchObject({ q: "🐙 x", __ow_path: "/%F0%9F%90%99/b", __ow_method: "get" });
      expect(await given("default/echo.json", { method: "PUT", body: "name=J%C3%A4ne&a=b+c", headers: { "content-type": "application/x-www-form-urlencoded" } })).toMatchObject({ name: "Jäne", a: "b c", __ow_method: "put" });
      expect(await given("default/echo.json?a=query&b=query", { method: "PATCH", body: '{"a":{"ü":[1,null]}}', headers: { "content-type": "application/json" } })).toMatchObject({ a: { ü: [1, null] }, b: "query" });
    });

    test("answers with up to a megabyte; more is an error of the action", async () => {
      await put("much", "function main({ n }) { return { body: 'x'.repeat(n) } }");
      expect((await call("default/much?n=1000000")).bytes).toHaveLength(1_000_000);
      const { status, bytes } = await call("default/much?n=1100000");
      expect([status, (JSON.parse(bytes.toString()) as { error: string }).error]).toEqual([400, "Response is not valid 'message/http'."]);
      expect((await call("default/much.text?n=1100000")).bytes.toString()).toMatch(/^The action produced a response that exceeded the allowed length: \d+ > 1048576 bytes\./);
    });

    test("that fails tells its own error, and nothing of what was thrown", async () => {
      await put("fail", "function main({ how }) { if (how === 'throw') throw new Error('details'); if (how === 'exit') process.exit(1); return Promise.reject({ statusCode: 403, body: 'not you' }) }");
      const refused = await call("default/fail");
      expect([refused.status, refused.bytes.toString()]).toEqual([403, "not you"]);
      const gone = await call("default/fail?how=exit");
      expect([gone.status, (JSON.parse(gone.bytes.toString()) as { error: string }).error]).toEqual([400, "There was an error processing your request."]);
      expect((await call("default/fail?how=throw")).bytes.toString()).not.toContain("at main");
    });

    test("is recorded for its owner, under the id that the caller is told", async () => {
      const { headers } = await call("default/echo");
      const record = await client.activation(headers["x-openwhisk-activation-id"] as string);
      expect(record).toMatchObject({ namespace: "guest", name: "echo", response: { success: true } });
    });
  });

  test("a web action in Python is one as any other", async () => {
    await put("snake", "def main(args):\n    return {'statusCode': 201, 'headers': {'x-count': 3}, 'body': {'hello': args.get('name', 'nobody')}}\n", OPEN, { kind: "python:default" });
    const { status, headers, bytes } = await call("default/snake?name=Ada");
    expect([status, headers["x-count"], headers["content-type"], bytes.toString()]).toEqual([201, "3", "application/json", '{\n  "hello": "Ada"\n}']);
  });

  test("a web action may be a sequence, and be called through a binding", async () => {
    await client.must("PUT", "packages/tools?overwrite=true", {});
    await put("tools/upper", "function main({ name }) { return { name: name.toUpperCase() } }", {});
    await put("greet", "function main({ name }) { return { body: `Hi ${name}` } }", {});
    await client.must("PUT", "actions/tools/hello?overwrite=true", { exec: { kind: "sequence", components: ["/_/tools/upper", "/_/greet"] }, annotations: [{ key: "web-export", value: true }] });
    await client.must("PUT", "packages/mine?overwrite=true", { binding: { namespace: "_", name: "tools" } });
    for (const pack of ["tools", "mine"]) expect((await call(`${pack}/hello?name=Ada`)).bytes.toString()).toBe("Hi ADA");
    expect((await call("tools/upper?name=Ada")).status).toBe(404);
  });

  describe("a browser", () => {
    /** Fetch keeps to what a browser does but for asking before it sends: that is done here. */
    const preflight = (path: string, method: string, headers: string) =>
      fetch(`${platform.apiHost}/api/v1/web/guest/${path}`, { method: "OPTIONS", headers: { origin: "https://example.org", "access-control-request-method": method, "access-control-request-headers": headers } });

    test("of any origin may call with any method and the headers that it asks for", async () => {
      await put("api", "function main({ x }) { return { body: { x } } }");
      const asked = await preflight("default/api", "PUT", "content-type,x-mine");
      expect([asked.status, await asked.text()]).toEqual([200, ""]);
      expect([asked.headers.get("access-control-allow-origin"), asked.headers.get("access-control-allow-headers")]).toEqual(["*", "content-type,x-mine"]);
      expect(asked.headers.get("access-control-allow-methods")!.split(", ")).toContain("PUT");
      const answer = await fetch(`${platform.apiHost}/api/v1/web/guest/default/api`, { method: "PUT", body: '{"x":1}', headers: { origin: "https://example.org", "content-type": "application/json", "x-mine": "1" } });
      expect([answer.headers.get("access-control-allow-origin"), await answer.json()]).toEqual(["*", { x: 1 }]);
    });

    test("is told by an action itself who may call it, if that wants to", async () => {
      await put("own", "function main({ __ow_method }) { return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://example.org', 'Access-Control-Allow-Methods': 'OPTIONS, GET' }, body: __ow_method } }", { ...OPEN, "web-custom-options": true });
      const asked = await preflight("default/own", "GET", "x-mine");
      expect([asked.status, asked.headers.get("access-control-allow-origin"), asked.headers.get("access-control-allow-methods"), asked.headers.get("access-control-allow-headers")]).toEqual([200, "https://example.org", "OPTIONS, GET", null]);
    });
  });

  test("an action that requires it is called with a secret, or with a key of the platform", async () => {
    await put("guarded", ECHO, { ...OPEN, "require-whisk-auth": "sesame" });
    await put("known", ECHO, { ...OPEN, "require-whisk-auth": true });
    const [authorization, wrong] = [platform.auth, `${platform.auth}x`].map((key) => `Basic ${Buffer.from(key).toString("base64")}`) as [string, string];
    const status = async (name: string, headers: Record<string, string>) => (await call(`default/${name}.json`, { headers })).status;
    expect(await Promise.all([status("guarded", {}), status("guarded", { authorization }), status("guarded", { "x-require-whisk-auth": "sesame" })])).toEqual([401, 401, 200]);
    expect(await Promise.all([status("known", {}), status("known", { authorization: wrong }), status("known", { authorization })])).toEqual([401, 401, 200]);
    expect(await given("default/known.json", { headers: { authorization } })).toMatchObject({ __ow_user: "guest" });
  });

  test("an action that is changed is open, closed and guarded from that moment on", async () => {
    const statuses: number[] = [];
    for (const annotations of [OPEN, {}, { "web-export": false }, { ...OPEN, "require-whisk-auth": true }, OPEN]) {
      await put("door", ECHO, { "web-export": false, "require-whisk-auth": false, ...annotations });
      statuses.push((await call("default/door.json")).status);
    }
    expect(statuses).toEqual([200, 404, 404, 401, 200]);
  });
}
