import { rows } from "../support/rows";
import type { Suite } from "../support/suite";

const MISSING = "The requested resource does not exist.";
const CONFLICT = "Resource by this name exists but is not in this collection.";

const COLLECTIONS = ["actions", "packages", "rules", "triggers", "activations"];
const ENTITIES = ["actions", "packages", "rules", "triggers"] as const;

/** What holds for every collection alike: lists, counts, names, absence, wrong types. */
export function collectionCases(suite: Suite): void {
  const { n } = suite;
  const echo = n("echo");
  const code = { exec: { kind: "nodejs:default", code: "function main() { return {} }" } };

  beforeAll(async () => {
    await suite.api.must(`PUT packages/${n("c-package")}`, { body: {} });
    await suite.api.must(`PUT triggers/${n("c-trigger")}`, { body: {} });
    await suite.api.must(`PUT rules/${n("c-rule")}`, { body: { trigger: `/_/${n("c-trigger")}`, action: `/_/${echo}` } });
    for (const name of ["c-1", "c-2"]) {
      await suite.api.must(`PUT actions/${n(name)}`, { body: code });
      await suite.api.must(`PUT packages/${n(name)}p`, { body: {} });
      await suite.api.must(`PUT triggers/${n(name)}t`, { body: {} });
      await suite.api.must(`PUT rules/${n(name)}r`, { body: { trigger: `/_/${n("c-trigger")}`, action: `/_/${echo}` } });
    }
    for (let count = 0; count < 2; count++) await suite.api.invoke(echo);
  });

  describe.each(COLLECTIONS)("the list of %s", (collection) => {
    const range = (value: string) => `The query parameter 'limit' was malformed:\nThe value '${value}' is not in the range of 0 to 200 for ${collection}.`;
    rows(suite, [
      { does: "is an array", call: `GET ${collection}`, status: 200, gives: ({ body }) => expect(Array.isArray(body)).toBe(true) },
      { does: "may be asked for with a trailing slash", call: `GET ${collection}/`, status: 200, gives: ({ body }) => expect(Array.isArray(body)).toBe(true) },
      { does: "has at most as many as are asked for", call: `GET ${collection}?limit=1`, status: 200, gives: ({ body }) => expect(body).toHaveLength(1) },
      { does: "has 30 unless more are asked for", call: `GET ${collection}`, status: 200, gives: ({ body }) => expect((body as unknown[]).length).toBeLessThanOrEqual(30) },
      { does: "has 200 for the limit 0", call: `GET ${collection}?limit=0`, status: 200, gives: ({ body }) => expect((body as unknown[]).length).toBeGreaterThan(1) },
      { does: "has no more than 200", call: `GET ${collection}?limit=201`, status: 400, error: range("201") },
      { does: "has not less than none", call: `GET ${collection}?limit=-1`, status: 400, error: range("-1") },
      { does: "takes a number as limit", call: `GET ${collection}?limit=many`, status: 400, error: `The query parameter 'limit' was malformed:\nThe value 'many' is not an integer for ${collection}.` },
      { does: "takes a number as skip", call: `GET ${collection}?skip=some`, status: 400, error: `The query parameter 'skip' was malformed:\nThe value 'some' is not an integer for ${collection}.` },
      { does: "skips not less than none", call: `GET ${collection}?skip=-1`, status: 400, error: `The query parameter 'skip' was malformed:\nThe value '-1' is not greater than or equal to 0 for ${collection}.` },
      { does: "takes a truth value as count", call: `GET ${collection}?count=perhaps`, status: 400, error: "The query parameter 'count' was malformed:\n'perhaps' is not a valid Boolean value" },
      { does: "does not mind what it does not know", call: `GET ${collection}?public=true&docs=false&foo=bar`, status: 200, gives: ({ body }) => expect(Array.isArray(body)).toBe(true) },
      { does: "is empty beyond its end", call: `GET ${collection}?skip=100000`, status: 200, gives: ({ body }) => expect(body).toEqual([]) },
    ]);

    test("counts", async () => {
      const { body } = await suite.api.must(`GET ${collection}?count=true`);
      expect(Object.keys(body as object)).toEqual([collection]);
      expect(body[collection]).toBeGreaterThan(1);
    });

    test("counts without what is skipped", async () => {
      const all = (await suite.api.must(`GET ${collection}?count=true`)).body[collection] as number;
      expect((await suite.api.must(`GET ${collection}?count=true&skip=1`)).body).toEqual({ [collection]: all - 1 });
    });

    test("counts nothing beyond its end", async () => {
      expect((await suite.api.must(`GET ${collection}?count=true&skip=100000`)).body).toEqual({ [collection]: 0 });
    });

    test("goes on where it is told to", async () => {
      const [, second] = (await suite.api.must(`GET ${collection}?limit=2`)).body as { name: string; activationId?: string }[];
      const [skipped] = (await suite.api.must(`GET ${collection}?skip=1&limit=1`)).body as { name: string; activationId?: string }[];
      expect([skipped!.name, skipped!.activationId]).toEqual([second!.name, second!.activationId]);
    });
  });

  describe.each(ENTITIES)("the list of %s", (collection) => {
    test("begins with what was changed last", async () => {
      const list = (await suite.api.must(`GET ${collection}?limit=200`)).body as { updated: number }[];
      expect(list.map(({ updated }) => updated)).toEqual([...list.map(({ updated }) => updated)].sort((a, b) => b - a));
    });

    test("names the namespace of each", async () => {
      for (const { namespace } of (await suite.api.must(`GET ${collection}?limit=200`)).body as { namespace: string }[]) expect(namespace.split("/")[0]).toBe(suite.namespace);
    });
  });

  describe.each(ENTITIES)("of %s", (collection) => {
    const none = n("none");
    const existing = { actions: n("c-1"), packages: n("c-1p"), rules: n("c-1r"), triggers: n("c-1t") }[collection];
    const wrong = collection === "triggers" ? echo : n("c-trigger");
    const body = { actions: code, packages: {}, triggers: {}, rules: { trigger: `/_/${n("c-trigger")}`, action: `/_/${echo}` } }[collection];
    rows(suite, [
      { does: "one that does not exist is not found", call: `GET ${collection}/${none}`, status: 404, error: collection === "packages" ? `The requested resource '{ns}/${none}' does not exist.` : MISSING },
      { does: "one that does not exist is not deleted", call: `DELETE ${collection}/${none}`, status: 404, error: MISSING },
      { does: "one that exists is not made again", call: `PUT ${collection}/${existing}`, body, status: 409, error: "resource already exists" },
      { does: "one that exists is not made again with overwrite=false", call: `PUT ${collection}/${existing}?overwrite=false`, body, status: 409, error: "resource already exists" },
      { does: "overwrite is a truth value", call: `PUT ${collection}/${existing}?overwrite=maybe`, body, status: 400, error: "The query parameter 'overwrite' was malformed:\n'maybe' is not a valid Boolean value" },
      { does: "what is of another type is a conflict", call: `GET ${collection}/${wrong}`, status: 409, error: CONFLICT },
      { does: "what is of another type is not deleted", call: `DELETE ${collection}/${wrong}`, status: 409, error: CONFLICT },
      { does: "what is of another type is not overwritten", call: `PUT ${collection}/${wrong}?overwrite=true`, body, status: 409, error: CONFLICT },
      { does: "what is of another type is not made either", call: `PUT ${collection}/${wrong}`, body, status: 409, error: CONFLICT },
      { does: "publish is a truth value", call: `PUT ${collection}/${none}`, body: { ...body, publish: "yes" }, status: 400, error: /^The request content was malformed:\n/ },
      { does: "annotations are a list", call: `PUT ${collection}/${none}`, body: { ...body, annotations: { a: 1 } }, status: 400, error: /^The request content was malformed:\n.*parameters malformed!$/ },
      { does: "an annotation has a key and a value", call: `PUT ${collection}/${none}`, body: { ...body, annotations: [{ key: "a" }] }, status: 400, error: /^The request content was malformed:\n.*parameters malformed!$/ },
      { does: "a version has numbers", call: `PUT ${collection}/${none}`, body: { ...body, version: "one" }, status: 400, error: /^The request content was malformed:\n.*semantic version malformed/ },
    ]);

    test("a version may be given, and goes up with each change", async () => {
      const name = n(`version-${collection}`);
      expect((await suite.api.must(`PUT ${collection}/${name}`, { body: { ...body, version: "1.2.3" } })).body.version).toBe("1.2.3");
      expect((await suite.api.must(`PUT ${collection}/${name}?overwrite=true`, { body })).body.version).toBe("1.2.4");
      expect((await suite.api.must(`PUT ${collection}/${name}?overwrite=true`, { body: { ...body, version: "7.0.0" } })).body.version).toBe("7.0.0");
    });

    test("a new one has the version 0.0.1, is not published, and knows when it was changed", async () => {
      const before = Date.now() - 60_000;
      const { body: made } = await suite.api.must(`PUT ${collection}/${n(`new-${collection}`)}`, { body });
      expect(made).toMatchObject({ version: "0.0.1", publish: false, name: n(`new-${collection}`), namespace: suite.namespace });
      expect(made.updated).toBeGreaterThan(before);
    });

    test("one that is deleted is given back, and is gone", async () => {
      const name = n(`gone-${collection}`);
      await suite.api.must(`PUT ${collection}/${name}`, { body });
      expect((await suite.api.must(`DELETE ${collection}/${name}`)).body).toMatchObject({ name, namespace: suite.namespace });
      expect((await suite.api.call(`GET ${collection}/${name}`)).status).toBe(404);
    });

    test("of several that are made at the same time under one name, one is made", async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => suite.api.call(`PUT ${collection}/${n(`race-${collection}`)}`, { body })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status, body: refusal } of answers) if (status !== 200) expect([status, refusal.error]).toEqual([409, expect.stringMatching(/^(resource already exists|Concurrent modification to resource detected\.)$/)]);
    });

    test("overwrite=true makes one that does not exist", async () => {
      const { status, body: made } = await suite.api.call(`PUT ${collection}/${n(`over-${collection}`)}?overwrite=true`, { body });
      expect([status, made.version]).toEqual([200, "0.0.1"]);
    });
  });

  describe("names", () => {
    const illegal = "The name of the entity contains illegal characters.";
    rows(suite, [
      ...["$hola", "dora%3F", "%7Cdora", "hi+there", "%20", "-x", ".x", "%40x", "a%20", "a%2Cb", "a%2Fb", "%C3%BC"].map((name) => ({ does: `of the kind ${decodeURIComponent(name)} are refused`, call: `PUT triggers/${name}`, body: {}, status: 400, error: illegal })),
      { does: "are refused when read, too", call: "GET actions/$hola", status: 400, error: illegal },
      { does: "are refused within a package, too", call: `GET actions/${n("c-package")}/$hola`, status: 400, error: illegal },
      { does: "have at most 256 characters", call: `GET actions/${"a".repeat(257)}`, status: 400, error: "Name segement longer than allowed: 257 > 256." },
      { does: "of 256 characters are taken", call: `PUT triggers/${n("long").padEnd(256, "x")}`, body: {}, status: 200 },
      { does: "may have spaces within", call: `PUT triggers/${n("a")}%20b`, body: {}, status: 200, gives: { name: `${n("a")} b` } },
      { does: "may have all that is allowed", call: `PUT triggers/_${n("x")}.y@z%20&_-1`, body: {}, status: 200, gives: { name: `_${n("x")}.y@z &_-1` } },
      { does: "tell upper and lower case apart", call: `GET triggers/${n("C-TRIGGER")}`, status: 404, error: MISSING },
      { does: "are of one space for all collections", call: `PUT actions/${n("c-package")}`, body: code, status: 409, error: CONFLICT },
    ]);
  });
}
