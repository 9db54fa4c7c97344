import { rows } from "../support/rows";
import { annotation, type Suite } from "../support/suite";

const CODE = "function main() { return {} }";
const exec = { kind: "nodejs:default", code: CODE };
const ZIPPED = "UEsDBAoAAAAAAA==";

/** Actions as entities: what is made of what is put, and what is given back. */
export function actionCases(suite: Suite): void {
  const { n } = suite;

  describe("a new action", () => {
    const name = n("a-new");
    let made: Record<string, unknown> & { annotations: { key: string; value: unknown }[]; exec: Record<string, unknown> };

    beforeAll(async () => {
      made = (await suite.api.must(`PUT actions/${name}`, { body: { exec } })).body as typeof made;
    });

    test("has all fields", () => expect(Object.keys(made).sort()).toEqual(["annotations", "exec", "limits", "name", "namespace", "parameters", "publish", "updated", "version"]));
    test("has no parameters", () => expect(made.parameters).toEqual([]));
    test("has the code that was put", () => expect(made.exec.code).toBe(CODE));
    test("has a kind of a version, not the default's", () => expect(made.exec.kind).toMatch(/^nodejs:\d+/));
    test("is not binary", () => expect(made.exec.binary).toBe(false));
    test("says its kind in an annotation, for lists", () => expect(annotation(made, "exec")).toBe(made.exec.kind));
    test("gets no key", () => expect(annotation(made, "provide-api-key")).toBe(false));
    test("has no other annotations", () => expect(made.annotations).toHaveLength(2));
    test("has the standard limits", () => expect(made.limits).toEqual({ timeout: 60_000, memory: 256, logs: 10, concurrency: 1 }));
    test("is got as it was made", async () => expect((await suite.api.must(`GET actions/${name}`)).body).toEqual(made));
    test("is got without its code if that is not wanted", async () => {
      expect((await suite.api.must(`GET actions/${name}?code=false`)).body.exec).toEqual({ kind: made.exec.kind, binary: false });
    });
    test("is got with its code if that is wanted", async () => expect((await suite.api.must(`GET actions/${name}?code=true`)).body.exec.code).toBe(CODE));
    test("is listed as a summary", async () => {
      const list = (await suite.api.must("GET actions?limit=200")).body as { name: string }[];
      const { exec: _exec, parameters: _parameters, ...summary } = made;
      expect(list.find((each) => each.name === name)).toEqual({ ...summary, exec: { binary: false } });
    });
  });

  describe("put with", () => {
    const put = (what: string) => `PUT actions/${n(`put-${what}`)}`;
    const malformed = (what: string) => `The request content was malformed:\n${what}`;
    rows(suite, [
      { does: "parameters, it has them", call: put("parameters"), body: { exec, parameters: [{ key: "x", value: "b" }] }, status: 200, gives: { parameters: [{ key: "x", value: "b" }] } },
      { does: "parameters of any type, it has them", call: put("types"), body: { exec, parameters: [{ key: "x", value: { a: [1, null, true] } }] }, status: 200, gives: { parameters: [{ key: "x", value: { a: [1, null, true] } }] } },
      { does: "a parameter for the initialisation, that stays so", call: put("init"), body: { exec, parameters: [{ key: "E", value: "v", init: true }] }, status: 200, gives: { parameters: [{ key: "E", value: "v", init: true }] } },
      { does: "a parameter that is not for the initialisation, that is not said", call: put("no-init"), body: { exec, parameters: [{ key: "E", value: "v", init: false }] }, status: 200, gives: ({ body }) => expect(body.parameters).toEqual([{ key: "E", value: "v" }]) },
      { does: "an object as parameters, it is refused", call: put("bad"), body: { exec, parameters: { x: "b" } }, status: 400, error: /^The request content was malformed:\n.*parameters malformed!$/ },
      { does: "a parameter without a value, it is refused", call: put("bad"), body: { exec, parameters: [{ key: "x" }] }, status: 400, error: /^The request content was malformed:\n.*parameters malformed!$/ },
      { does: "a parameter whose key is a number, it is refused", call: put("bad"), body: { exec, parameters: [{ key: 1, value: 2 }] }, status: 400, error: /^The request content was malformed:\n.*parameters malformed!$/ },
      { does: "annotations, it has them", call: put("annotations"), body: { exec, annotations: [{ key: "a", value: 1 }] }, status: 200, gives: ({ body }) => expect(annotation(body, "a")).toBe(1) },
      { does: "an annotation of its kind, the system's counts", call: put("kind"), body: { exec, annotations: [{ key: "exec", value: "??" }] }, status: 200, gives: ({ body }) => expect(annotation(body, "exec")).toMatch(/^nodejs:/) },
      { does: "provide-api-key, that stays", call: put("key"), body: { exec, annotations: [{ key: "provide-api-key", value: true }] }, status: 200, gives: ({ body }) => expect(annotation(body, "provide-api-key")).toBe(true) },
      { does: "publish, it is published", call: put("publish"), body: { exec, publish: true }, status: 200, gives: { publish: true } },
      { does: "main, it has it", call: put("main"), body: { exec: { ...exec, main: "other" } }, status: 200, gives: { exec: { main: "other" } } },
      { does: "no exec, it is refused", call: put("none"), body: { publish: true }, status: 400, error: "exec undefined" },
      { does: "a string as exec, it is refused", call: put("bad"), body: { exec: "" }, status: 400, error: /^The request content was malformed:\n/ },
      { does: "no kind, it is refused", call: put("bad"), body: { exec: { code: CODE } }, status: 400, error: malformed("'kind' must be a string defined in 'exec'") },
      { does: "a number as kind, it is refused", call: put("bad"), body: { exec: { kind: 1, code: CODE } }, status: 400, error: malformed("'kind' must be a string defined in 'exec'") },
      { does: "an unknown kind, it is refused, and told which there are", call: put("bad"), body: { exec: { kind: "foobar", code: "??" } }, status: 400, error: /^The request content was malformed:\nThe specified runtime 'foobar' is not supported by this platform\. Valid values are: '.*'\.$/ },
      { does: "an empty kind, it is refused", call: put("bad"), body: { exec: { kind: "", code: "??" } }, status: 400, error: /The specified runtime '' is not supported by this platform\./ },
      { does: "a kind in capitals, that is the same", call: put("capitals"), body: { exec: { kind: " NodeJS:Default ", code: CODE } }, status: 200, gives: ({ body }) => expect(body.exec.kind).toMatch(/^nodejs:\d/) },
      { does: "no code, it is refused", call: put("bad"), body: { exec: { kind: "nodejs:default" } }, status: 400, error: malformed("'code' must be a string or attachment object defined in 'exec' for 'nodejs:default' actions") },
      { does: "a number as main, it is refused", call: put("bad"), body: { exec: { ...exec, main: 1 } }, status: 400, error: malformed("if defined, 'main' be a string in 'exec' for 'nodejs:default' actions") },
      { does: "empty code, it is taken", call: put("empty"), body: { exec: { kind: "nodejs:default", code: "" } }, status: 200, gives: { exec: { code: "", binary: false } } },
      { does: "base64 code, it is binary", call: put("binary"), body: { exec: { kind: "nodejs:default", code: ZIPPED } }, status: 200, gives: { exec: { binary: true, code: ZIPPED } } },
      { does: "an image, it is a black box", call: put("blackbox"), body: { exec: { kind: "blackbox", image: "example/image:1" } }, status: 200, gives: { exec: { kind: "blackbox", image: "example/image:1", binary: false } } },
      { does: "an image and code, it has both", call: put("blackbox-code"), body: { exec: { kind: "blackbox", image: "example/image:1", code: "cc" } }, status: 200, gives: { exec: { kind: "blackbox", code: "cc" } } },
      { does: "an image and empty code, it has no code", call: put("blackbox-empty"), body: { exec: { kind: "blackbox", image: "example/image:1", code: "  " } }, status: 200, gives: ({ body }) => expect(body.exec).not.toHaveProperty("code") },
      { does: "a black box without an image, it is refused", call: put("bad"), body: { exec: { kind: "blackbox" } }, status: 400, error: malformed("'image' must be a string defined in 'exec' for 'blackbox' actions") },
      { does: "overwrite=yes, that is true", call: `${put("empty")}?overwrite=yes`, body: { exec }, status: 200 },
      { does: "overwrite=1, that is true", call: `${put("empty")}?overwrite=1`, body: { exec }, status: 200 },
    ]);
  });

  describe("a changed action", () => {
    const change = async (name: string, first: object, second: object) => {
      await suite.api.must(`PUT actions/${n(name)}`, { body: first });
      return (await suite.api.must(`PUT actions/${n(name)}?overwrite=true`, { body: second })).body;
    };

    test("keeps code that is not given", async () => expect((await change("u-code", { exec }, { publish: true })).exec.code).toBe(CODE));
    test("keeps parameters that are not given", async () => expect((await change("u-keep", { exec, parameters: [{ key: "a", value: 1 }] }, { exec })).parameters).toEqual([{ key: "a", value: 1 }]));
    test("has all its parameters replaced by those given", async () => {
      expect((await change("u-replace", { exec, parameters: [{ key: "a", value: 1 }, { key: "b", value: 2 }] }, { parameters: [{ key: "c", value: 3 }] })).parameters).toEqual([{ key: "c", value: 3 }]);
    });
    test("has its parameters taken away by an empty list", async () => expect((await change("u-none", { exec, parameters: [{ key: "a", value: 1 }] }, { parameters: [] })).parameters).toEqual([]));
    test("has its annotations merged with those given", async () => {
      const { annotations } = await change("u-merge", { exec, annotations: [{ key: "a", value: 1 }, { key: "b", value: 1 }] }, { annotations: [{ key: "b", value: 2 }, { key: "c", value: 2 }] });
      expect(["a", "b", "c", "exec", "provide-api-key"].map((key) => annotation({ annotations }, key))).toEqual([1, 2, 2, expect.stringMatching(/^nodejs:/), false]);
    });
    test("loses the annotations that are to go", async () => {
      const { annotations } = await change("u-del", { exec, annotations: [{ key: "key1", value: 1 }, { key: "key2", value: 2 }] }, { delAnnotations: ["key1"] });
      expect([annotation({ annotations }, "key1"), annotation({ annotations }, "key2")]).toEqual([undefined, 2]);
    });
    test("cannot lose the annotation of its kind", async () => expect(annotation(await change("u-del-exec", { exec }, { delAnnotations: ["exec"] }), "exec")).toMatch(/^nodejs:/));
    test("keeps limits that are not given", async () => {
      const { limits } = await change("u-limits", { exec, limits: { timeout: 10_000, memory: 128, logs: 1 } }, { limits: { memory: 256 } });
      expect(limits).toMatchObject({ timeout: 10_000, memory: 256, logs: 1 });
    });
    test("stays published", async () => expect((await change("u-publish", { exec, publish: true }, { exec })).publish).toBe(true));
    test("stays the same if nothing is given, but for its version", async () => {
      const name = n("u-nothing");
      const { body: before } = await suite.api.must(`PUT actions/${name}`, { body: { exec } });
      const { body: after } = await suite.api.must(`PUT actions/${name}?overwrite=true`, { body: {} });
      expect(after).toEqual({ ...before, version: "0.0.2", updated: expect.any(Number) as number });
    });
    test("has another kind if that is given, and says so", async () => {
      const changed = await change("u-kind", { exec }, { exec: { kind: "blackbox", image: "example/image" } });
      expect([changed.exec.kind, annotation(changed, "exec")]).toEqual(["blackbox", "blackbox"]);
    });
    test("loses the parameters of a sequence when it becomes something else", async () => {
      const sequence = { exec: { kind: "sequence", components: [`/_/${n("echo")}`] } };
      expect((await change("u-from-sequence", sequence, { exec })).parameters).toEqual([]);
      expect((await change("u-from-sequence-2", sequence, { exec, parameters: [{ key: "a", value: "A" }] })).parameters).toEqual([{ key: "a", value: "A" }]);
    });
    test("may have a name that differs from another's in case alone", async () => {
      await suite.api.must(`PUT actions/${n("case")}`, { body: { exec } });
      expect((await suite.api.call(`PUT actions/${n("CASE")}`, { body: { exec } })).status).toBe(200);
    });
  });
}
