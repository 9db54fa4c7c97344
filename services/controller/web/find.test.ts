import { success } from "../../core/model/activation";
import type { JsonObject } from "../../core/model/parameters";
import { anAction, aPackage, aSequence } from "../../core/testing/fixtures";
import { seed } from "../../core/testing/memoryStore";
import { expectRefusal, Harness } from "../testing/harness";
import { exported, NOBODY, WebHarness } from "../testing/web";

let web: WebHarness;
let api: Harness;
beforeEach(async () => {
  web = await WebHarness.start();
  api = web.api;
});
afterEach(() => web.close());

const METHODS = ["get", "post", "put", "delete", "patch", "head", "options"] as const;
const MISSING = "The requested resource does not exist.";
const get = (path: string) => api.get(`/api/v1/web/${path}`, NOBODY);

describe("what is not there for everybody", () => {
  test.each([false, "yes", 1, "true", null])("by the value %j of web-export is answered 404", async (value) => {
    await web.page("secret", { "web-export": value });
    expectRefusal(await web.send(), 404, MISSING);
  });

  test("without web-export is answered 404, also to its owner and as its own extension says", async () => {
    await seed(api.world.store, anAction("page"));
    for (const rest of ["", ".json", ".html", ".text/x"]) expectRefusal(await web.send(rest, { as: "guest" }), 404, MISSING);
  });

  test.each(["guest/default/absent", "guest/absent/page", "absent/default/page", "_/default/page", "guest/default/..%2Fpage", "g%00/default/page", "guest/default/.http", "guest/default/%20page", "guest/default/page.xyz", "guest/default/page.xyz/", "guest/default/page.xyz/content", "guest/default/page.HTML"])(
    "%s is answered 404",
    async (path) => {
      await web.page();
      expectRefusal(await get(path), 404, MISSING);
      expect(api.world.invoker.ran).toEqual([]);
    },
  );

  test.each(METHODS)("is answered 404 to %s, with no word on who may call", async (method) => {
    const response = await web.send(".json", { method });
    expect([response.status, response.headers["access-control-allow-origin"]]).toEqual([404, undefined]);
  });

  test.each(["a", "a/b", "guest/page", "guest/default", ""])("the path %j is none of a web action", async (path) => {
    await web.page();
    expectRefusal(await api.get(`/api/v1/web/${path}`), 404);
    expect((await api.send("options", `/api/v1/web/${path}`, undefined, NOBODY)).status).toBe(200);
  });

  test("is missing before what is sent to it is looked at", async () => {
    const body = "x".repeat(1024 * 1024 + 1);
    expectRefusal(await web.send("?__ow_method=x", { method: "post", type: "application/json", body }), 404, MISSING);
  });
});

test("a refusal is JSON for people: four lines", async () => {
  const response = await web.send();
  expect(response.headers["content-type"]).toBe("application/json");
  expect(response.text).toBe(`{\n  "error": "${MISSING}",\n  "code": "${response.headers["x-request-id"]}"\n}`);
});

test("a dot in a name that is no extension belongs to it", async () => {
  await seed(api.world.store, anAction("page.wxyz", { annotations: exported() }), anAction("a b@c", { annotations: exported() }));
  for (const path of ["guest/default/page.wxyz.json", "guest/default/a%20b@c.json", "guest/default/a%20b%40c.json"]) expect((await get(path)).status).toBe(200);
});

describe("a web action", () => {
  test("is run for its owner, whoever calls", async () => {
    await web.page();
    await web.send();
    await web.send("", { as: "other" });
    expect(api.world.invoker.ran).toMatchObject([{ invoker: { namespace: "guest", subject: "subject-of-guest" } }, { invoker: { namespace: "guest" } }]);
  });

  test("of a package gets its parameters: the action's, the query's and the body's win in this order", async () => {
    const of = (...names: string[]) => (value: string) => names.map((key) => ({ key, value }));
    await seed(
      api.world.store,
      aPackage("pack", { parameters: of("a", "b", "c", "d")("package") }),
      anAction("pack/page", { annotations: exported(), parameters: of("b", "c", "d")("action") }),
    );
    const { body } = await api.post("/api/v1/web/guest/pack/page.json?c=query&d=query", { d: "body" }, NOBODY);
    expect(body).toMatchObject({ a: "package", b: "action", c: "query", d: "body" });
  });

  describe("through a binding", () => {
    beforeEach(() =>
      seed(
        api.world.store,
        aPackage("/other/shared", { publish: true, parameters: [{ key: "a", value: "A" }, { key: "b", value: "b" }] }),
        anAction("/other/shared/page", { annotations: exported() }),
        anAction("/other/shared/closed", { annotations: exported({ final: true }), parameters: [{ key: "y", value: "Y" }, { key: "empty", value: null }] }),
        anAction("/other/shared/hidden"),
        aPackage("mine", { binding: { namespace: "other", name: "shared" }, parameters: [{ key: "a", value: "a" }, { key: "c", value: "c" }], annotations: [{ key: "web-export", value: false }] }),
      ),
    );

    test("to a public package inherits parameters of both, and no annotations of the binding", async () => {
      expect((await get("guest/mine/page.json")).body).toMatchObject({ a: "a", b: "b", c: "c" });
      expect((await get("other/shared/page.json")).body).toMatchObject({ a: "A", b: "b" });
    });

    test("is run for the owner of the binding", async () => {
      await get("guest/mine/page.json");
      expect(api.world.invoker.ran).toMatchObject([{ invoker: { namespace: "guest" }, action: { path: "other/shared/page" } }]);
    });

    test.each(["a", "b", "c", "y"])("protects the parameter %s that has a value anywhere", async (name) => {
      expectRefusal(await get(`guest/mine/closed.json?${name}=1`), 400, "Request defines parameters that are not allowed (e.g., reserved properties).");
      expectRefusal(await api.post("/api/v1/web/guest/mine/closed.json", { [name]: 1 }, NOBODY), 400);
    });

    test("does not protect one without a value", async () => {
      expect((await get("guest/mine/closed.json?empty=1&new=2")).body).toMatchObject({ empty: "1", new: "2" });
    });

    test("finds nothing that is not there or not exported", async () => {
      for (const path of ["guest/mine/absent.json", "guest/absent/page.json", "guest/mine/hidden.json"]) expectRefusal(await get(path), 404, MISSING);
    });
  });

  test("of an own private package is there for everybody, also through an own binding", async () => {
    await seed(api.world.store, aPackage("private"), anAction("private/page", { annotations: exported() }), aPackage("bound", { binding: { namespace: "guest", name: "private" } }));
    for (const pack of ["private", "bound"]) expect((await get(`guest/${pack}/page.json`)).status).toBe(200);
  });

  test("of a package that is not shared any more is refused to those who bound it", async () => {
    await seed(
      api.world.store,
      aPackage("/other/private"),
      anAction("/other/private/page", { annotations: exported() }),
      anAction("/other/private/hidden"),
      aPackage("bound", { binding: { namespace: "other", name: "private" } }),
      aPackage("dangling", { binding: { namespace: "other", name: "absent" } }),
    );
    expectRefusal(await get("guest/bound/page.json"), 403, "The supplied authentication is not authorized to access 'other/private/page'.");
    for (const path of ["guest/bound/hidden.json", "guest/dangling/page.json"]) expectRefusal(await get(path), 404, MISSING);
    expect((await get("other/private/page.json")).status).toBe(200);
  });

  test("may be a sequence: its own annotations count, not those of its actions", async () => {
    const { invoker, store } = api.world;
    await seed(store, anAction("first"), anAction("last"), aSequence("chain", ["first", "last"], { annotations: exported() }), aSequence("hidden", ["page"]));
    await web.page();
    invoker.code.set("guest/first", ({ args }) => success({ name: (args as JsonObject).name! }));
    invoker.code.set("guest/last", ({ args }) => success({ statusCode: 201, body: `Hi ${String((args as JsonObject).name)}` }));
    const response = await get("guest/default/chain?name=Ada");
    expect([response.status, response.text]).toEqual([201, "Hi Ada"]);
    expectRefusal(await get("guest/default/hidden"), 404, MISSING);
  });
});
