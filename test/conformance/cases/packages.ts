import { rows } from "../support/rows";
import { annotation, type Suite } from "../support/suite";

const MISSING = "The requested resource does not exist.";
const exec = { kind: "nodejs:default", code: "function main(args) { return args }" };

/** Packages, bindings of packages, and the actions in them. */
export function packageCases(suite: Suite): void {
  const { n } = suite;
  const [p, b, empty] = [n("p"), n("b"), n("p-empty")];
  const binding = { namespace: "_", name: p };

  beforeAll(async () => {
    await suite.api.must(`PUT packages/${p}`, { body: { parameters: [{ key: "a", value: "A" }, { key: "b", value: "B" }], annotations: [{ key: "note", value: "package's" }] } });
    await suite.api.must(`PUT packages/${empty}`, { body: {} });
    await suite.api.must(`PUT packages/${b}`, { body: { binding, parameters: [{ key: "b", value: "bound" }, { key: "c", value: "C" }], annotations: [{ key: "binding", value: "??" }, { key: "note", value: "binding's" }] } });
    await suite.api.must(`PUT actions/${p}/act`, { body: { exec, parameters: [{ key: "d", value: "D" }] } });
    await suite.api.must(`PUT actions/${p}/feed`, { body: { exec, annotations: [{ key: "feed", value: true }] } });
    await suite.api.must(`PUT actions/${p}/strict`, { body: { exec, parameters: [{ key: "b", value: "action's" }] } });
  });

  describe("a package", () => {
    rows(suite, [
      { does: "has all fields", call: `PUT packages/${n("fields")}`, body: {}, status: 200, gives: ({ body }) => expect(Object.keys(body as object).sort()).toEqual(["annotations", "binding", "name", "namespace", "parameters", "publish", "updated", "version"]) },
      { does: "is no binding", call: `GET packages/${p}`, status: 200, gives: ({ body }) => expect(body.binding).toEqual({}) },
      { does: "shows its actions", call: `GET packages/${p}`, status: 200, gives: ({ body }) => expect((body.actions as { name: string }[]).map(({ name }) => name).sort()).toEqual(["act", "strict"]) },
      { does: "shows its feeds apart", call: `GET packages/${p}`, status: 200, gives: ({ body }) => expect((body.feeds as { name: string }[]).map(({ name }) => name)).toEqual(["feed"]) },
      { does: "shows of its actions name, version and annotations", call: `GET packages/${p}`, status: 200, gives: ({ body }) => expect(Object.keys((body.actions as object[])[0]!).sort()).toEqual(["annotations", "name", "version"]) },
      { does: "without actions shows none", call: `GET packages/${empty}`, status: 200, gives: { actions: [], feeds: [] } },
      { does: "cannot be called default", call: "PUT packages/default", body: {}, status: 400, error: "Package name 'default' is reserved." },
      { does: "cannot be called default with overwrite either", call: "PUT packages/default?overwrite=true", body: {}, status: 400, error: "Package name 'default' is reserved." },
      { does: "cannot become a binding", call: `PUT packages/${empty}?overwrite=true`, body: { binding }, status: 409, error: "Resource is a package and cannot be converted into a binding." },
      { does: "with actions is not deleted", call: `DELETE packages/${p}`, status: 409, error: "Package not empty (contains 3 entities). Set force param or delete package contents." },
      { does: "with something below it is not found", call: `GET packages/${p}/bar`, status: 404 },
      { does: "may have an empty object as binding, that is none", call: `PUT packages/${n("no-binding")}`, body: { binding: {} }, status: 200, gives: ({ body }) => expect(body.binding).toEqual({}) },
      { does: "with half a binding is malformed", call: `PUT packages/${n("half")}`, body: { binding: { name: p } }, status: 400, error: /^The request content was malformed:\n/ },
    ]);

    test("is listed as a summary that says that it is no binding", async () => {
      const list = (await suite.api.must("GET packages?limit=200")).body as { name: string }[];
      const found = list.find(({ name }) => name === empty)!;
      expect(Object.keys(found).sort()).toEqual(["annotations", "binding", "name", "namespace", "publish", "updated", "version"]);
      expect(found).toMatchObject({ binding: false });
    });

    test("with one action says so when it is not deleted, and is deleted with it if that is wanted", async () => {
      const name = n("p-one");
      await suite.api.must(`PUT packages/${name}`, { body: {} });
      await suite.api.must(`PUT actions/${name}/act`, { body: { exec } });
      expect((await suite.api.call(`DELETE packages/${name}`)).body.error).toBe("Package not empty (contains 1 entity). Set force param or delete package contents.");
      expect((await suite.api.call(`DELETE packages/${name}?force=true`)).status).toBe(200);
      expect((await suite.api.call(`GET packages/${name}`)).status).toBe(404);
      await suite.api.must(`PUT packages/${name}`, { body: {} });
      expect((await suite.api.must(`GET packages/${name}`)).body.actions).toEqual([]);
    });

    test("keeps what a change does not give, and has its annotations replaced by those given", async () => {
      const name = n("p-change");
      await suite.api.must(`PUT packages/${name}`, { body: { parameters: [{ key: "a", value: 1 }], annotations: [{ key: "x", value: 1 }], publish: true } });
      expect((await suite.api.must(`PUT packages/${name}?overwrite=true`, { body: {} })).body).toMatchObject({ parameters: [{ key: "a", value: 1 }], annotations: [{ key: "x", value: 1 }], publish: true, version: "0.0.2" });
      expect((await suite.api.must(`PUT packages/${name}?overwrite=true`, { body: { annotations: [{ key: "y", value: 2 }] } })).body.annotations).toEqual([{ key: "y", value: 2 }]);
    });

    test("loses an annotation that only bindings have", async () => {
      expect((await suite.api.must(`PUT packages/${n("p-annotation")}`, { body: { annotations: [{ key: "binding", value: "??" }, { key: "a", value: "b" }] } })).body.annotations).toEqual([{ key: "a", value: "b" }]);
    });
  });

  describe("a binding", () => {
    rows(suite, [
      { does: "names its package", call: `PUT packages/${b}?overwrite=true`, body: {}, status: 200, gives: { binding: { namespace: "{ns}", name: p } } },
      { does: "says in an annotation what it is bound to, whatever was given", call: `GET packages/${b}`, status: 200, gives: ({ body }) => expect(annotation(body, "binding")).toEqual({ namespace: suite.namespace, name: p }) },
      { does: "keeps its own annotations", call: `GET packages/${b}`, status: 200, gives: ({ body }) => expect(annotation(body, "note")).toBe("binding's") },
      {
        does: "has the parameters of its package below its own",
        call: `GET packages/${b}`,
        status: 200,
        gives: ({ body }) => expect(Object.fromEntries((body.parameters as { key: string; value: unknown }[]).map(({ key, value }) => [key, value]))).toEqual({ a: "A", b: "bound", c: "C" }),
      },
      { does: "shows the actions and feeds of its package", call: `GET packages/${b}`, status: 200, gives: ({ body }) => expect([(body.actions as []).length, (body.feeds as []).length]).toEqual([2, 1]) },
      { does: "of what does not exist is refused", call: `PUT packages/${n("b-x")}`, body: { binding: { namespace: "_", name: n("none") } }, status: 400, error: "Binding references a package that does not exist." },
      { does: "of another namespace's package that is private, or none, is forbidden", call: `PUT packages/${n("b-x")}`, body: { binding: { namespace: "not-mine", name: "x" } }, status: 403, error: "The supplied authentication is not authorized to access 'not-mine/x'." },
      { does: "of what is no package is refused", call: `PUT packages/${n("b-x")}`, body: { binding: { namespace: "_", name: n("echo") } }, status: 409, error: "Cannot bind to a resource that is not a package." },
      { does: "of a binding is refused", call: `PUT packages/${n("b-x")}`, body: { binding: { namespace: "_", name: b } }, status: 400, error: "Cannot bind to another package binding." },
      { does: "cannot be bound to itself", call: `PUT packages/${b}?overwrite=true`, body: { binding: { namespace: "_", name: b } }, status: 400, error: "Cannot bind to another package binding." },
      { does: "cannot be bound anew to what does not exist", call: `PUT packages/${b}?overwrite=true`, body: { binding: { namespace: "_", name: n("none") } }, status: 400, error: "Binding references a package that does not exist." },
      { does: "cannot be bound anew to what is another's", call: `PUT packages/${b}?overwrite=true`, body: { binding: { namespace: "not-mine", name: "x" } }, status: 403, error: "The supplied authentication is not authorized to access 'not-mine/x'." },
      { does: "may be bound to another package", call: `PUT packages/${n("b-move")}`, body: { binding }, status: 200 },
      { does: "takes no actions", call: `PUT actions/${b}/act2`, body: { exec }, status: 400, error: "Operation not permitted on package binding." },
      { does: "gives no actions away", call: `DELETE actions/${b}/act`, status: 400, error: "Operation not permitted on package binding." },
      { does: "is deleted although its package has actions", call: `DELETE packages/${n("b-move")}`, status: 200, gives: { binding: { name: p } } },
    ]);

    test("is listed as one", async () => {
      const list = (await suite.api.must("GET packages?limit=200")).body as { name: string }[];
      expect(list.find(({ name }) => name === b)).toMatchObject({ binding: { namespace: suite.namespace, name: p } });
    });

    test("outlives its package, is of no use then, and can be deleted", async () => {
      const [provider, reference] = [n("p-gone"), n("b-gone")];
      await suite.api.must(`PUT packages/${provider}`, { body: {} });
      await suite.api.must(`PUT packages/${reference}`, { body: { binding: { namespace: "_", name: provider } } });
      await suite.api.must(`DELETE packages/${provider}`);
      for (const call of [`GET packages/${reference}`, `GET actions/${reference}/act`, `POST actions/${reference}/act`, `GET actions/${reference}/`]) expect([call, (await suite.api.call(call)).status]).toEqual([call, 404]);
      for (const call of [`PUT actions/${reference}/act`, `DELETE actions/${reference}/act`]) {
        const { status, body } = await suite.api.call(call, call.startsWith("PUT") ? { body: { exec } } : {});
        expect([call, status, body.error]).toEqual([call, 400, "Operation not permitted on package binding."]);
      }
      expect((await suite.api.call(`DELETE packages/${reference}`)).status).toBe(200);
    });
  });

  describe("an action in a package", () => {
    const parameters = (list: { key: string; value: unknown }[]) => Object.fromEntries(list.map(({ key, value }) => [key, value]));
    rows(suite, [
      { does: "has the package in its namespace", call: `GET actions/${p}/act`, status: 200, gives: { namespace: `{ns}/${p}`, name: "act" } },
      { does: "has the parameters of its package below its own", call: `GET actions/${p}/act`, status: 200, gives: ({ body }) => expect(parameters(body.parameters)).toEqual({ a: "A", b: "B", d: "D" }) },
      { does: "has its own parameter rather than its package's", call: `GET actions/${p}/strict`, status: 200, gives: ({ body }) => expect(parameters(body.parameters)).toEqual({ a: "A", b: "action's" }) },
      { does: "has the parameters of the binding above the package's", call: `GET actions/${b}/act`, status: 200, gives: ({ body }) => expect(parameters(body.parameters)).toEqual({ a: "A", b: "bound", c: "C", d: "D" }) },
      { does: "has its own parameter rather than the binding's", call: `GET actions/${b}/strict`, status: 200, gives: ({ body }) => expect(parameters(body.parameters)).toEqual({ a: "A", b: "action's", c: "C" }) },
      { does: "gets all of them when it runs", call: `POST actions/${b}/act?blocking=true&result=true`, body: { e: 1 }, status: 200, gives: ({ body }) => expect(body).toEqual({ a: "A", b: "bound", c: "C", d: "D", e: 1 }) },
      { does: "is called with its caller's arguments above all", call: `POST actions/${b}/act?blocking=true&result=true`, body: { a: 1, b: 2, c: 3, d: 4 }, status: 200, gives: ({ body }) => expect(body).toEqual({ a: 1, b: 2, c: 3, d: 4 }) },
      { does: "has no annotations of its package", call: `GET actions/${b}/act`, status: 200, gives: ({ body }) => expect(annotation(body, "note")).toBeUndefined() },
      { does: "is listed with a slash after the package", call: `GET actions/${p}/`, status: 200, gives: ({ body }) => expect((body as { name: string }[]).map(({ name }) => name).sort()).toEqual(["act", "feed", "strict"]) },
      { does: "is listed through a binding, with the package's namespace", call: `GET actions/${b}/`, status: 200, gives: ({ body }) => expect(new Set((body as { namespace: string }[]).map(({ namespace }) => namespace))).toEqual(new Set([`${suite.namespace}/${p}`])) },
      { does: "is not what the package's name without a slash means", call: `GET actions/${p}`, status: 409, error: "Resource by this name exists but is not in this collection." },
      { does: "cannot all be deleted at once", call: `DELETE actions/${p}/`, status: 404 },
      { does: "that does not exist is not got", call: `GET actions/${p}/none`, status: 404, error: MISSING },
      { does: "that does not exist is not got through a binding", call: `GET actions/${b}/none`, status: 404, error: MISSING },
      { does: "that does not exist is not invoked", call: `POST actions/${p}/none`, status: 404, error: MISSING },
      { does: "that does not exist is not deleted", call: `DELETE actions/${p}/none`, status: 404, error: MISSING },
      { does: "is not put where there is no package", call: `PUT actions/${n("none")}/act`, body: { exec }, status: 404, error: MISSING },
      { does: "is not got where there is no package", call: `GET actions/${n("none")}/act`, status: 404, error: MISSING },
      { does: "is not invoked where there is no package", call: `POST actions/${n("none")}/act`, status: 404, error: MISSING },
      { does: "is not deleted where there is no package", call: `DELETE actions/${n("none")}/act`, status: 404, error: MISSING },
      { does: "is not listed where there is no package", call: `GET actions/${n("none")}/`, status: 404, error: MISSING },
      { does: "is not put into what is no package", call: `PUT actions/${n("echo")}/act`, body: { exec }, status: 409, error: "Resource by this name exists but is not in this collection." },
      { does: "is put and deleted by the name of the namespace, too", call: `PUT /api/v1/namespaces/{ns}/actions/${p}/act?overwrite=true`, body: {}, status: 200, gives: { version: "0.0.2" } },
    ]);

    test("is among all actions of the namespace", async () => {
      const list = (await suite.api.must("GET actions?limit=200")).body as { namespace: string; name: string }[];
      expect(list).toContainEqual(expect.objectContaining({ namespace: `${suite.namespace}/${p}`, name: "act" }));
    });
  });
}
