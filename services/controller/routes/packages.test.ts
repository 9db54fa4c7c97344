import { identityOf } from "../../core/testing/fixtures";
import { CODE, expectRefusal, Harness, OTHER, OVERWRITE, PUBLIC } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const PARAMETERS = [{ key: "a", value: 1 }, { key: "b", value: 1 }];
const VIEW = { namespace: "guest", name: "p", version: "0.0.1", publish: false, annotations: [], updated: expect.any(Number), binding: {}, parameters: PARAMETERS };
const named = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);
const bind = (namespace: string, name: string, rest: object = {}) => ({ binding: { namespace, name }, ...rest });

describe("a package", () => {
  test("is created, read with its actions and feeds, changed and deleted", async () => {
    expect((await api.put("packages/p", { parameters: PARAMETERS })).body).toEqual(VIEW);
    await api.have(["actions/p/tool", CODE], ["actions/p/source", { ...CODE, annotations: [{ key: "feed", value: "any value" }] }]);
    const { body } = await api.get("packages/p");
    expect(body).toEqual({
      ...VIEW,
      actions: [{ name: "tool", version: "0.0.1", annotations: expect.any(Array) }],
      feeds: [{ name: "source", version: "0.0.1", annotations: expect.any(Array) }],
    });
    expectRefusal(await api.put("packages/p", {}), 409, "resource already exists");
    expect((await api.put("packages/p", { ...PUBLIC, annotations: [{ key: "x", value: 1 }] }, OVERWRITE)).body).toEqual({ ...VIEW, version: "0.0.2", publish: true, annotations: [{ key: "x", value: 1 }] });
  });

  test("that is not empty is deleted only with force, and then with all that it holds", async () => {
    await api.have(["packages/p", {}], ["actions/p/one", CODE]);
    expectRefusal(await api.delete("packages/p"), 409, "Package not empty (contains 1 entity). Set force param or delete package contents.");
    await api.have(["actions/p/two", CODE]);
    expectRefusal(await api.delete("packages/p", { query: { force: false } }), 409, "Package not empty (contains 2 entities). Set force param or delete package contents.");
    expect((await api.delete("packages/p", { query: { force: true } })).body).toMatchObject({ name: "p" });
    expectRefusal(await api.get("packages/p"), 404);
    expect((await api.get("actions")).body).toEqual([]);
    await api.have(["packages/p", {}]);
    expect((await api.get("packages/p")).body.actions).toEqual([]);
  });

  test("cannot have the reserved name", async () => {
    expectRefusal(await api.put("packages/default", {}), 400, "Package name 'default' is reserved.");
  });

  test("with parameters or annotations that are too large is refused with 413", async () => {
    for (const list of ["parameters", "annotations"]) {
      expectRefusal(await api.put("packages/p", { [list]: [{ key: "a", value: "x".repeat(1024 * 1024) }] }), 413, `${list} larger than allowed: 1048579 > 1048576 bytes.`);
    }
  });

  test("of another namespace is read if it is public, and never changed", async () => {
    await api.have(["packages/shared", PUBLIC, OTHER], ["packages/private", {}, OTHER], ["actions/shared/tool", CODE, OTHER]);
    expect(named((await api.get("/api/v1/namespaces/other/packages/shared")).body.actions)).toEqual(["tool"]);
    expect(named((await api.get("/api/v1/namespaces/other/actions/shared/")).body)).toEqual(["tool"]);
    expectRefusal(await api.get("/api/v1/namespaces/other/packages/private"), 403, "The supplied authentication is not authorized to access 'other/private'.");
    expectRefusal(await api.get("/api/v1/namespaces/other/actions/private/"), 403);
    expectRefusal(await api.get("/api/v1/namespaces/other/packages/absent"), 403);
    expectRefusal(await api.put("/api/v1/namespaces/other/packages/shared", {}, OVERWRITE), 403);
    expectRefusal(await api.delete("/api/v1/namespaces/other/packages/shared"), 403, "The supplied authentication is not authorized to access 'other/shared'.");
  });

  test("that is not there is answered 404 by name when it is read; what is no package 409", async () => {
    await api.have(["triggers/bell", {}]);
    expectRefusal(await api.get("packages/absent"), 404, "The requested resource 'guest/absent' does not exist.");
    expectRefusal(await api.delete("packages/absent"), 404, "The requested resource does not exist.");
    expectRefusal(await api.get("actions/absent/"), 404, "The requested resource does not exist.");
    for (const method of ["get", "delete"] as const) expectRefusal(await api.send(method, "packages/bell"), 409, "Resource by this name exists but is not in this collection.");
    expectRefusal(await api.put("packages/bell", {}, OVERWRITE), 409, "Resource by this name exists but is not in this collection.");
  });
});

describe("a list of packages", () => {
  test("of another namespace shows and counts what is public, page by page", async () => {
    for (const name of ["a", "b", "c"]) await api.have([`packages/${name}`, PUBLIC, OTHER], [`packages/private-${name}`, {}, OTHER]);
    await api.have(["packages/window", bind("_", "a", PUBLIC), OTHER]);
    const list = async (query: Record<string, string | number>) => (await api.get("/api/v1/namespaces/other/packages", { query })).body as unknown;
    expect(named(await list({}))).toEqual(["c", "b", "a"]);
    expect(named(await list({ limit: 2 }))).toEqual(["c", "b"]);
    expect(named(await list({ limit: 2, skip: 2 }))).toEqual(["a"]);
    expect(await list({ count: "true", skip: 1 })).toEqual({ packages: 2 });
  });

  test("of a namespace that is not there is empty", async () => {
    expect((await api.get("/api/v1/namespaces/nowhere/packages")).body).toEqual([]);
  });

  test("of one's own shows and counts all", async () => {
    await api.have(["packages/p", {}], ["packages/q", bind("_", "p")]);
    const { body } = await api.get("packages");
    expect(body).toEqual([
      { namespace: "guest", name: "q", version: "0.0.1", publish: false, annotations: [{ key: "binding", value: { namespace: "guest", name: "p" } }], updated: expect.any(Number), binding: { namespace: "guest", name: "p" } },
      { namespace: "guest", name: "p", version: "0.0.1", publish: false, annotations: [], updated: expect.any(Number), binding: false },
    ]);
    expect((await api.get("packages", { query: { count: true } })).body).toEqual({ packages: 2 });
  });
});

describe("a binding", () => {
  beforeEach(() => api.have(["packages/shared", { ...PUBLIC, parameters: PARAMETERS }, OTHER], ["actions/shared/tool", CODE, OTHER], ["packages/private", {}, OTHER]));

  test("shows the actions of its package and both their parameters, its own on top", async () => {
    await api.have(["packages/mine", bind("other", "shared", { parameters: [{ key: "b", value: 2 }] })]);
    expect((await api.get("packages/mine")).body).toMatchObject({
      namespace: "guest",
      name: "mine",
      binding: { namespace: "other", name: "shared" },
      parameters: [{ key: "a", value: 1 }, { key: "b", value: 2 }],
      actions: [{ name: "tool" }],
    });
  });

  test("keeps an annotation that says what it is bound to, whatever is put", async () => {
    await api.have(["packages/mine", bind("other", "shared", { annotations: [{ key: "binding", value: "a lie" }, { key: "x", value: 1 }] })]);
    const expected = [{ key: "x", value: 1 }, { key: "binding", value: { namespace: "other", name: "shared" } }];
    expect((await api.get("packages/mine")).body.annotations).toEqual(expected);
    expect((await api.put("packages/mine", {}, OVERWRITE)).body).toMatchObject({ annotations: expected, binding: { name: "shared" }, version: "0.0.2" });
    expect((await api.put("packages/plain", { annotations: [{ key: "binding", value: "a lie" }] })).body.annotations).toEqual([]);
  });

  test("is deleted without what it is bound to", async () => {
    await api.have(["packages/mine", bind("other", "shared")]);
    expect((await api.delete("packages/mine")).status).toBe(200);
    expect((await api.get("/api/v1/namespaces/other/packages/shared")).status).toBe(200);
  });

  test.each([
    ["a package that is not there", bind("_", "absent"), 400, "Binding references a package that does not exist."],
    ["itself", bind("_", "mine"), 400, "Binding references a package that does not exist."],
    ["what is no package", bind("_", "act"), 409, "Cannot bind to a resource that is not a package."],
    ["another binding", bind("_", "bound"), 400, "Cannot bind to another package binding."],
    ["another's private package", bind("other", "private"), 403, "The supplied authentication is not authorized to access 'other/private'."],
    ["another's package that is not there", bind("other", "absent"), 403, undefined],
    ["a name that is none", bind("_", "../shared"), 400, "The request content was malformed:\nentity name malformed"],
    ["a namespace that is none", bind("other/shared", "tool"), 400, "The request content was malformed:\nentity name malformed"],
    ["nothing", { binding: null }, 400, "The request content was malformed:\nObject expected in field 'namespace'"],
    ["half a name", { binding: { namespace: "_" } }, 400, "The request content was malformed:\nObject is missing required member 'name'"],
  ])("to %s is refused", async (_, body, status, message) => {
    await api.have(["actions/act", CODE], ["packages/bound", bind("other", "shared")]);
    expectRefusal(await api.put("packages/mine", body), status, message);
  });

  test("is moved to another package, but neither to another binding nor to itself, and an empty one changes nothing", async () => {
    await api.have(["packages/mine", bind("other", "shared")], ["packages/p", {}], ["packages/bound", bind("_", "p")]);
    expect((await api.put("packages/mine", bind("_", "p"), OVERWRITE)).body).toMatchObject({ binding: { namespace: "guest", name: "p" }, annotations: [{ key: "binding", value: { namespace: "guest", name: "p" } }] });
    for (const name of ["bound", "mine"]) expectRefusal(await api.put("packages/mine", bind("_", name), OVERWRITE), 400, "Cannot bind to another package binding.");
    expectRefusal(await api.put("packages/mine", bind("_", "absent"), OVERWRITE), 400, "Binding references a package that does not exist.");
    expectRefusal(await api.put("packages/mine", bind("other", "private"), OVERWRITE), 403);
    expect((await api.put("packages/mine", { binding: {} }, OVERWRITE)).body.binding).toEqual({ namespace: "guest", name: "p" });
  });

  test("to an own package that is gone is answered 404 by its own name, to another's 403", async () => {
    await api.have(["packages/p", {}], ["packages/bound", bind("_", "p")], ["packages/mine", bind("other", "shared")]);
    await api.delete("packages/p");
    await api.delete("packages/shared", { ...OTHER, query: { force: true } });
    expectRefusal(await api.get("packages/bound"), 404, "The requested resource 'guest/bound' does not exist.");
    expectRefusal(await api.get("packages/mine"), 403, "The supplied authentication is not authorized to access 'guest/mine'.");
    for (const name of ["bound", "mine"]) expect((await api.delete(`packages/${name}`)).status).toBe(200);
  });

  test("does not take the place of a package", async () => {
    await api.have(["packages/p", {}]);
    expectRefusal(await api.put("packages/p", bind("other", "shared"), OVERWRITE), 409, "Resource is a package and cannot be converted into a binding.");
  });

  test("that is public is its owner's alone nevertheless: its parameters may be secrets", async () => {
    await api.have(["packages/mine", bind("other", "shared", { ...PUBLIC, parameters: [{ key: "password", value: "secret" }] })]);
    await api.addNamespace(identityOf("third"));
    for (const path of ["packages/mine", "actions/mine/tool", "actions/mine/"]) {
      expectRefusal(await api.get(`/api/v1/namespaces/guest/${path}`, { as: "third" }), 403);
    }
  });

  test("to a package that is not shared any more is of no use", async () => {
    await api.have(["packages/mine", bind("other", "shared")], ["packages/shared", { publish: false }, { ...OTHER, ...OVERWRITE }]);
    expectRefusal(await api.get("packages/mine"), 403);
    expectRefusal(await api.post("actions/mine/tool"), 403);
    expect((await api.delete("packages/mine")).status).toBe(200);
  });
});

test("a package cannot be fired or run", async () => {
  await api.have(["packages/p", {}]);
  expectRefusal(await api.post("packages/p", {}), 405, "HTTP method not allowed, supported methods: PUT, GET, DELETE");
});
