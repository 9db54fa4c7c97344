import type { Action } from "../../core/model/entities";
import { applicationError, developerError, internalError, success } from "../../core/model/activation";
import type { Json, JsonObject } from "../../core/model/parameters";
import { anAction, aPackage } from "../../core/testing/fixtures";
import { seed } from "../../core/testing/memoryStore";
import { expectRefusal, Harness, type Options } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const NOBODY: Options = { as: null };
const exported = (...more: [key: string, value: Json][]) => [{ key: "web-export", value: true as Json }, ...more.map(([key, value]) => ({ key, value }))];

/** A web action that answers with a value; without one, with its arguments. */
async function web(answer?: Json, annotations = exported(), change: Partial<Action> = {}): Promise<void> {
  await seed(api.world.store, anAction("page", { annotations, ...change }));
  api.world.entities.invalidate("guest/page");
  api.world.invoker.code.set("guest/page", ({ args }) => success(answer === undefined ? args : answer));
}

const url = (rest: string) => `/api/v1/web/guest/default/page${rest}`;
const get = (rest = "", options: Options = {}) => api.get(url(rest), { ...NOBODY, ...options });

describe("an action that is not exported", () => {
  test.each([[[]], [[{ key: "web-export", value: false }]], [[{ key: "web-export", value: "yes" }]], [[{ key: "web-export", value: 1 }]]])("by %j is answered 404, as if it were not there", async (annotations) => {
    await web("secret", annotations as never);
    expectRefusal(await get(), 404, "The requested resource does not exist.");
  });

  test.each(["guest/default/absent", "guest/absent/page", "absent/default/page", "guest/default/..%2Fpage", "g%00/default/page", "guest/default/.http"])("%s is answered 404", async (path) => {
    await web();
    expectRefusal(await api.get(`/api/v1/web/${path}`, NOBODY), 404, "The requested resource does not exist.");
  });
});

describe("a web action", () => {
  test("is run for its owner, whoever calls", async () => {
    await web();
    await get();
    await get("", { as: "other" });
    expect(api.world.invoker.ran).toMatchObject([{ invoker: { namespace: "guest" } }, { invoker: { namespace: "guest" } }]);
  });

  test("learns what the request was", async () => {
    await web();
    const response = await api.send("post", url(".json/a/b%20c"), undefined, { ...NOBODY, query: { x: "1", y: "2?3" }, headers: { "x-one": "1", "content-type": "application/json" } }).send('{"x": 2, "z": [1]}');
    expect(response.body).toMatchObject({ x: 2, y: "2?3", z: [1], __ow_method: "post", __ow_path: "/a/b%20c", __ow_headers: { "x-one": "1", "content-type": "application/json" } });
    expect(response.body).not.toHaveProperty("__ow_user");
    expect(response.headers["x-openwhisk-activation-id"]).toBe(api.world.invoker.ran[0]!.activationId);
  });

  test.each([["", ""], ["/", "/"], ["/a", "/a"], ["/a/", "/a/"]])("whose URL goes on with %j has the path %j", async (rest, expected) => {
    await web();
    expect((await get(`.json${rest}`)).body.__ow_path).toBe(expected);
  });

  test("learns who calls with a key of the platform, and takes any other authorization as it is", async () => {
    await web();
    expect((await get(".json", { as: "other" })).body.__ow_user).toBe("other");
    const bearer = await get(".json", { headers: { authorization: "Bearer token" } });
    expect([bearer.body.__ow_user, bearer.body.__ow_headers.authorization]).toEqual([undefined, "Bearer token"]);
  });

  test("of a package, or of an own binding to a public one, inherits parameters", async () => {
    await seed(
      api.world.store,
      aPackage("/other/shared", { publish: true, parameters: [{ key: "a", value: 1 }] }),
      anAction("/other/shared/page", { annotations: exported() }),
      aPackage("mine", { binding: { namespace: "other", name: "shared" }, parameters: [{ key: "b", value: 2 }] }),
      aPackage("/other/private"),
      aPackage("useless", { binding: { namespace: "other", name: "private" } }),
      anAction("/other/private/page", { annotations: exported() }),
    );
    expect((await api.get("/api/v1/web/other/shared/page.json", NOBODY)).body).toMatchObject({ a: 1 });
    expect((await api.get("/api/v1/web/guest/mine/page.json", NOBODY)).body).toMatchObject({ a: 1, b: 2 });
    expect((await api.get("/api/v1/web/other/private/page.json", NOBODY)).status).toBe(200);
    expectRefusal(await api.get("/api/v1/web/guest/useless/page.json", NOBODY), 404);
  });
});

describe("the body of a call", () => {
  const post = async (type: string, body: string | Buffer, annotations = exported()) => {
    await web(undefined, annotations);
    return (await api.send("post", url(".json?q=1&q2=a b"), undefined, NOBODY).set("content-type", type).serialize((value) => value as never).send(body as never)).body as JsonObject;
  };

  test("in JSON or as a form becomes parameters", async () => {
    expect(await post("application/json", '{"a": {"b": 1}, "q": "mine"}')).toMatchObject({ a: { b: 1 }, q: "mine", q2: "a b" });
    expect(await post("application/vnd.api+json", '{"a": 1}')).toMatchObject({ a: 1 });
    expect(await post("application/x-www-form-urlencoded", "a=1&b=x+y")).toMatchObject({ a: "1", b: "x y", q: "1" });
  });

  test("that is another JSON value, text or binary is passed on whole", async () => {
    expect(await post("application/json", "[1, 2]")).toMatchObject({ __ow_body: [1, 2] });
    expect(await post("text/plain", "hällo")).toMatchObject({ __ow_body: "hällo" });
    expect(await post("application/octet-stream", Buffer.from([1, 2, 255]))).toMatchObject({ __ow_body: "AQL/" });
    expect(await post("image/png", Buffer.from([1, 2, 255]))).toMatchObject({ __ow_body: "AQL/" });
  });

  test("of a raw action is passed on as it is, with the query beside it", async () => {
    const raw = exported(["raw-http", true]);
    expect(await post("text/plain", "text", raw)).toMatchObject({ __ow_body: "text", __ow_query: "q=1&q2=a+b" });
    expect(await post("application/json", '{"__ow_method": 1}', raw)).toMatchObject({ __ow_body: Buffer.from('{"__ow_method": 1}').toString("base64"), __ow_method: "post" });
    expect((await get(".json?q=1")).body).toMatchObject({ __ow_body: "", __ow_query: "q=1" });
  });

  test("that cannot be read is refused", async () => {
    expect(await post("application/json", "{")).toMatchObject({ error: expect.stringContaining("malformed"), code: expect.any(String) });
    expect(await post("application/json", `{"a": ${"[".repeat(300_000)}${"]".repeat(300_000)}}`)).toMatchObject({ error: expect.stringContaining("nested too deeply") });
    const big = await api.send("post", url(""), undefined, NOBODY).set("content-type", "text/plain").send("x".repeat(1024 * 1024 + 1));
    expectRefusal(big, 413);
  });

  test.each(["__ow_method", "__ow_headers", "__ow_path", "__ow_user", "__ow_query", "__ow_body"])("or query that sets %s is refused", async (name) => {
    await web();
    expectRefusal(await get(`?${name}=1`), 400, "Request defines parameters that are not allowed (e.g., reserved properties).");
    expectRefusal(await api.post(url(""), { [name]: 1 }, NOBODY), 400);
  });

  test("or query that overrides a final parameter is refused", async () => {
    await web(undefined, exported(["final", true]), { parameters: [{ key: "closed", value: false }] });
    expectRefusal(await get("?closed=1"), 400);
    expectRefusal(await api.post(url(""), { closed: 1 }, NOBODY), 400);
  });
});

describe("an answer by extension", () => {
  test.each<[string, Json, string, string]>([
    [".json", { a: 1 }, "application/json; charset=utf-8", '{"a":1}'],
    [".json", [1], "application/json; charset=utf-8", "[1]"],
    [".html", { body: "<b>hi</b>" }, "text/html; charset=UTF-8", "<b>hi</b>"],
    [".html", { html: "<b>hi</b>" }, "text/html; charset=UTF-8", "<b>hi</b>"],
    [".html", "<b>hi</b>", "text/html; charset=UTF-8", "<b>hi</b>"],
    [".text", { text: "hi" }, "text/plain; charset=UTF-8", "hi"],
    [".text", { body: { a: 1 } }, "text/plain; charset=UTF-8", '{\n  "a": 1\n}'],
    [".text", { body: 5 }, "text/plain; charset=UTF-8", "5"],
    [".text", { body: null }, "text/plain; charset=UTF-8", "null"],
    [".text", "plain", "text/plain; charset=UTF-8", "plain"],
  ])("%s of %j is %s %j", async (extension, result, type, text) => {
    await web(result);
    const response = await get(extension);
    expect([response.status, response.headers["content-type"], response.text]).toEqual([200, type, text]);
  });

  test(".svg is an image", async () => {
    await web({ svg: "<svg/>" });
    const response = await get(".svg");
    expect([response.headers["content-type"], (response.body as Buffer).toString()]).toEqual(["image/svg+xml", "<svg/>"]);
  });

  test.each<[string, Json, number, string]>([
    [".json", "text", 400, "Response is not valid 'application/json'."],
    [".html", { other: 1 }, 400, "Response is not valid 'text/html'."],
    [".html", { body: 5 }, 400, "Response is not valid 'text/html'."],
    [".svg", {}, 400, "Response is not valid 'image/svg+xml'."],
    [".text", { other: 1 }, 404, "Response does not include requested property."],
    [".http", "text", 400, "Response is not valid 'message/http'."],
  ])("%s of %j is refused with %d", async (extension, result, status, message) => {
    await web(result);
    expectRefusal(await get(extension), status, message);
  });

  test("that is none belongs to the name", async () => {
    await web({ body: "x" });
    expectRefusal(await get(".xml"), 404);
  });
});

describe("an answer with status, headers and body", () => {
  const answer = async (result: Json, rest = "") => {
    await web(result);
    return get(rest);
  };

  test("is given as it is", async () => {
    const response = await answer({ statusCode: 418, headers: { "X-One": 1, "x-flag": true, "set-cookie": ["a=1", "b=2"] }, body: "hi" });
    expect(response.status).toBe(418);
    expect(response.headers).toMatchObject({ "x-one": "1", "x-flag": "true", "set-cookie": ["a=1", "b=2"], "content-type": "text/html; charset=UTF-8" });
    expect(response.text).toBe("hi");
  });

  test.each<[Json, number, string | undefined]>([
    [{}, 204, undefined],
    [{ body: "" }, 204, undefined],
    [{ body: null, statusCode: 202 }, 202, undefined],
    [{ statusCode: "302", headers: { location: "/x", "content-type": "text/html" } }, 302, undefined],
    [{ body: "x", statusCode: "404" }, 404, "text/html; charset=UTF-8"],
    [{ body: { a: 1 } }, 200, "application/json"],
    [{ body: 5 }, 200, "application/json"],
    [{ body: { a: 1 }, headers: { "Content-Type": "application/hal+json" } }, 200, "application/hal+json"],
    [{ body: "a{}", headers: { "content-type": "text/css" } }, 200, "text/css; charset=UTF-8"],
    [{ body: "<a/>", headers: { "content-type": "application/xml; charset=ISO-8859-1" } }, 200, "application/xml; charset=ISO-8859-1"],
  ])("%j has the status %d and the type %s", async (result, status, type) => {
    const response = await answer(result);
    expect([response.status, response.headers["content-type"]]).toEqual([status, type]);
  });

  test("of a binary type is decoded", async () => {
    const response = await answer({ headers: { "content-type": "image/png" }, body: Buffer.from([137, 80, 78, 71]).toString("base64") });
    expect(response.body).toEqual(Buffer.from([137, 80, 78, 71]));
  });

  test("of a JSON type is text, or JSON in base64", async () => {
    const headers = { "content-type": "application/json" };
    expect((await answer({ headers, body: '{"a": 1}' })).text).toBe('{"a": 1}');
    expect((await answer({ headers, body: Buffer.from('{"a": 1000}').toString("base64") })).body).toEqual({ a: 1000 });
  });

  test.each<[string, Json, string]>([
    ["a status that is none", { statusCode: 99, body: "x" }, "Response is not valid 'message/http'."],
    ["a status that is no whole number", { statusCode: 200.5 }, "Response is not valid 'message/http'."],
    ["a status that is no number", { statusCode: "OK" }, "Response is not valid 'message/http'."],
    ["a status of null", { statusCode: null }, "Response is not valid 'message/http'."],
    ["headers that are none", { headers: [] }, "Response is not valid 'message/http'."],
    ["a header that is an object", { headers: { a: {} } }, "Response is not valid 'message/http'."],
    ["a header of null", { headers: { a: null } }, "Response is not valid 'message/http'."],
    ["a header name with a line break", { headers: { "a\r\nb": "1" } }, "Response is not valid 'message/http'."],
    ["a header value with a line break", { headers: { first: "1", a: "1\r\nset-cookie: x=1" } }, "Response is not valid 'message/http'."],
    ["a type with a line break", { headers: { first: "1", "content-type": "text/html; a=\r\nset-cookie: x=1" }, body: "x" }, "Response is not valid 'message/http'."],
    ["a type that is none", { headers: { first: "1", "content-type": "html" }, body: "x" }, "Response did not specify a known content-type."],
    ["an object as text", { headers: { first: "1", "content-type": "text/html" }, body: { a: 1 } }, "Response type in header did not match generated content type."],
    ["a binary body that is not base64", { headers: { first: "1", "content-type": "image/png" }, body: "!!!" }, "Response type in header did not match generated content type."],
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
});

describe("an action that fails", () => {
  test("by itself answers with its error, as any result", async () => {
    await web();
    api.world.invoker.code.set("guest/page", () => applicationError({ statusCode: 403, body: "not for you" }));
    const response = await get();
    expect([response.status, response.text]).toEqual([403, "not for you"]);
    expect((await get(".json")).body).toEqual({ statusCode: 403, body: "not for you" });
    api.world.invoker.code.set("guest/page", () => ({ statusCode: 1, result: {} }));
    expectRefusal(await get(), 404, "Response does not include requested property.");
  });

  test.each([developerError("details"), internalError("details")])("otherwise is answered 400 without details: %j", async (outcome) => {
    await web();
    api.world.invoker.code.set("guest/page", () => outcome);
    expectRefusal(await get(), 400, "There was an error processing your request.");
  });
});

describe("an action with require-whisk-auth", () => {
  const secret = (value: string) => ({ headers: { "x-require-whisk-auth": value } });

  test.each<[Json, string]>([["s3cret", "s3cret"], [4711, "4711"]])("%j wants it in a header", async (required, value) => {
    await web({ body: "in" }, exported(["require-whisk-auth", required]));
    expect((await get("", secret(value))).text).toBe("in");
    for (const options of [{}, secret("wrong"), secret(""), { as: "guest" }]) expectRefusal(await get("", options), 401);
    expect(api.world.invoker.ran).toHaveLength(1);
  });

  test("true wants a key of the platform, anybody's", async () => {
    await web({ body: "in" }, exported(["require-whisk-auth", true]));
    expect((await get("", { as: "other" })).text).toBe("in");
    expectRefusal(await get(), 401);
    expectRefusal(await get("", { headers: { authorization: "Bearer x" } }), 401);
  });

  test.each<[Json]>([[null], [{}], [[]]])("%j lets nobody in", async (required) => {
    await web({ body: "in" }, exported(["require-whisk-auth", required]));
    expectRefusal(await get("", secret(String(required))), 401);
  });

  test("false lets everybody in", async () => {
    await web({ body: "in" }, exported(["require-whisk-auth", false]));
    expect((await get()).text).toBe("in");
  });
});

describe("browsers", () => {
  const METHODS = "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH";

  test("may call from any origin, and are told so without running the action", async () => {
    await web({ body: "x" }, exported(["require-whisk-auth", "s3cret"]));
    const asked = await api.send("options", url(""), undefined, { ...NOBODY, headers: { "access-control-request-headers": "x-mine" } });
    expect([asked.status, asked.text]).toEqual([200, ""]);
    expect(asked.headers).toMatchObject({ "access-control-allow-origin": "*", "access-control-allow-methods": METHODS, "access-control-allow-headers": "x-mine" });
    expect(api.world.invoker.ran).toEqual([]);
    expect((await get()).headers).toMatchObject({ "access-control-allow-origin": "*", "access-control-allow-headers": "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent" });
  });

  test("are told by the action itself if it asks for that, whatever else it requires", async () => {
    await web({ headers: { "access-control-allow-origin": "https://mine" } }, exported(["web-custom-options", true], ["require-whisk-auth", "s3cret"]));
    const asked = await api.send("options", url(""), undefined, NOBODY);
    expect([asked.status, asked.headers["access-control-allow-origin"], asked.headers["access-control-allow-methods"]]).toEqual([204, "https://mine", undefined]);
    expectRefusal(await get(), 401);
  });

  test("get the action's own word instead of the default, not both", async () => {
    await web({ headers: { "Access-Control-Allow-Origin": "https://mine" }, body: "x" });
    expect((await get()).headers["access-control-allow-origin"]).toBe("https://mine");
  });
});

test.each(["get", "put", "post", "delete", "patch"] as const)("%s reaches the action", async (method) => {
  await web();
  expect((await api.send(method, url(".json"), undefined, NOBODY)).body.__ow_method).toBe(method);
});

test("head is answered without a body", async () => {
  await web({ body: "text" });
  const response = await api.send("head", url(""), undefined, NOBODY);
  expect([response.status, response.text]).toEqual([200, undefined]);
});
