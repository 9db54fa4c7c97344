import request from "supertest";
import type { Json } from "../../core/model/parameters";
import { expectRefusal } from "../testing/harness";
import { WebHarness } from "../testing/web";

let web: WebHarness;
beforeEach(async () => {
  web = await WebHarness.start();
});
afterEach(() => web.close());

const METHODS = ["get", "post", "put", "delete", "patch", "head"] as const;
const ran = () => web.api.world.invoker.ran.length;

describe("an action with require-whisk-auth", () => {
  const REFUSED = "Authentication is possible but has failed or not yet been provided.";
  const secret = (value: string) => ({ headers: { "X-Require-Whisk-Auth": value } });
  const page = (required: Json) => web.page({ body: "in" }, { "require-whisk-auth": required });

  test.each<[Json, string]>([["s3cret", "s3cret"], [4711, "4711"]])("%j wants it in a header", async (required, value) => {
    await page(required);
    expect((await web.send("", secret(value))).text).toBe("in");
    for (const options of [{}, secret("wrong"), secret(""), secret(`${value}S`), { as: "guest" }]) expectRefusal(await web.send("", options), 401, REFUSED);
    expect(ran()).toBe(1);
  });

  test("true wants a key of the platform, anybody's", async () => {
    await page(true);
    expect((await web.send("", { as: "other" })).text).toBe("in");
    for (const options of [{}, secret("true"), { headers: { authorization: "Bearer x" } }, { headers: { authorization: `Basic ${Buffer.from("a:b").toString("base64")}` } }]) expectRefusal(await web.send("", options), 401, REFUSED);
  });

  test.each<[Json]>([[null], [{}], [[]]])("%j lets nobody in", async (required) => {
    await page(required);
    for (const options of [secret(String(required)), { as: "guest" }]) expectRefusal(await web.send("", options), 401, REFUSED);
  });

  test("false lets everybody in", async () => {
    await page(false);
    expect((await web.send()).text).toBe("in");
  });

  test("lets nobody in by any method, and still answers where browsers may call from", async () => {
    await page("s3cret");
    for (const method of METHODS) {
      const response = await web.send("", { method });
      expect([response.status, response.headers["access-control-allow-origin"]]).toEqual([401, "*"]);
    }
    expect((await web.send("", { method: "options" })).status).toBe(200);
    expect(ran()).toBe(0);
  });
});

describe("browsers", () => {
  const CORS_METHODS = "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH";
  const CORS_HEADERS = "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent";
  const cors = (headers: Record<string, string>) => ["origin", "methods", "headers"].map((name) => headers[`access-control-allow-${name}`]);

  test("may call from any origin, and are told so without running the action", async () => {
    await web.page({ body: "x", headers: { location: "/x" } });
    const plain = await web.send(".http", { method: "options" });
    expect([plain.status, plain.text, plain.headers["content-type"], plain.headers.location]).toEqual([200, "", undefined, undefined]);
    expect(cors(plain.headers)).toEqual(["*", CORS_METHODS, CORS_HEADERS]);
    const asked = await web.send(".http", { method: "options", headers: { "access-control-request-headers": "x-mine, x-other" } });
    expect(cors(asked.headers)).toEqual(["*", CORS_METHODS, "x-mine, x-other"]);
    expect(ran()).toBe(0);
  });

  test.each(METHODS)("are told so with the answer to %s, too", async (method) => {
    await web.page({ body: "x" });
    expect(cors((await web.send("", { method })).headers)).toEqual(["*", CORS_METHODS, CORS_HEADERS]);
    expect(cors((await web.send("", { method, headers: { "access-control-request-headers": "x-mine" } })).headers)).toEqual(["*", CORS_METHODS, "x-mine"]);
  });

  test("are told so with refusals, too", async () => {
    await web.page([1]);
    expect(cors((await web.send()).headers)).toEqual(["*", CORS_METHODS, CORS_HEADERS]);
    expect(cors((await web.send("?__ow_path=x")).headers)).toEqual(["*", CORS_METHODS, CORS_HEADERS]);
  });

  test.each([".http", ".json"])("are told by the action itself alone if it asks for that, at %s", async (extension) => {
    await web.page({ headers: { "Access-Control-Allow-Methods": "OPTIONS, GET, PATCH" } }, { "web-custom-options": true });
    for (const method of ["options", "get"] as const) {
      const response = await web.send(extension, { method, headers: { "access-control-request-headers": "x-mine" } });
      expect(cors(response.headers)).toEqual([undefined, extension === ".http" ? "OPTIONS, GET, PATCH" : undefined, undefined]);
    }
    expect(ran()).toBe(2);
  });

  test.each<Json>([true, "s3cret"])("are told by the action itself though it requires %j, and get nothing else", async (required) => {
    await web.page({ headers: { "access-control-allow-origin": "https://mine" }, statusCode: 200 }, { "web-custom-options": true, "require-whisk-auth": required });
    const asked = await web.send("", { method: "options" });
    expect([asked.status, cors(asked.headers)]).toEqual([200, ["https://mine", undefined, undefined]]);
    expectRefusal(await web.send(), 401);
  });

  test("get the action's own word instead of the default, not both", async () => {
    await web.page({ headers: { "Access-Control-Allow-Origin": "https://mine" }, body: "x" });
    expect((await web.send()).headers["access-control-allow-origin"]).toBe("https://mine");
  });
});

describe("a request", () => {
  test("with another method is refused with those that there are", async () => {
    await web.page();
    const response = await request(web.api.server).trace(web.url());
    expectRefusal(response, 405, "HTTP method not allowed, supported methods: GET, DELETE, POST, PUT, HEAD, OPTIONS, PATCH");
    expect(response.headers.allow).toBe("GET, DELETE, POST, PUT, HEAD, OPTIONS, PATCH");
  });

  test("whose first line is longer than 8 KB is refused, and up to that it is not", async () => {
    await web.page();
    const room = 8 * 1024 - `GET ${web.url(".json/a?a=")} HTTP/1.1\r\n`.length;
    expect((await web.given(`.json/a?a=${"A".repeat(room)}`)).a).toHaveLength(room);
    expectRefusal(await web.send(`.json/a?a=${"A".repeat(room + 1)}`), 414, /^414 Request-URI Too Large/);
  });

  test("with a body of more than a megabyte is refused before it is asked who calls", async () => {
    await web.page({ body: "in" }, { "require-whisk-auth": "s3cret" });
    const body = `{"a":"${"a".repeat(1024 * 1024)}"}`;
    const response = await web.send("", { method: "post", type: "application/json", body });
    expectRefusal(response, 413, `Request larger than allowed: ${body.length} > 1048576 bytes.`);
  });

  test("that does not say how large it is, and is too large, is refused", async () => {
    await web.page();
    const body = new Blob([new Uint8Array(1024 * 1024 + 1)]).stream();
    const response = await fetch(`http://127.0.0.1:${web.api.port}${web.url()}`, { method: "POST", body, duplex: "half" } as RequestInit);
    expect([response.status, await response.json()]).toEqual([413, { error: expect.stringMatching(/^Request larger than allowed: \d+ > 1048576 bytes\.$/) as string, code: response.headers.get("x-request-id") }]);
  });

  test("is held to the limits of the namespace that owns the action", async () => {
    await web.page();
    await web.api.limit("guest", { maxPayloadSize: 100, invocationsPerMinute: 2 });
    const send = (bytes: number) => web.send(".json", { as: "other", method: "post", type: "text/plain", body: "x".repeat(bytes) });
    expect((await send(100)).status).toBe(200);
    expectRefusal(await send(101), 413, "Request larger than allowed: 101 > 100 bytes.");
    expectRefusal(await send(1), 429, "Too many requests in the last minute (count: 3, allowed: 2).");
    expectRefusal(await web.send(".json", { method: "options" }), 429);
    expect(ran()).toBe(1);
  });

  test("of somebody with too many of his own is no matter of theirs", async () => {
    await web.page();
    await web.api.limit("other", { invocationsPerMinute: 0, concurrentInvocations: 0 });
    expect((await web.send(".json", { as: "other" })).status).toBe(200);
  });

  test("has the id that it brings", async () => {
    const response = await web.send("", { headers: { "x-request-id": "mine" } });
    expect([response.headers["x-request-id"], (response.body as { code: string }).code]).toEqual(["mine", "mine"]);
  });
});
