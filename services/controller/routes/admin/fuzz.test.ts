import fc from "fast-check";
import { ADMIN_KEY, Harness } from "../../testing/harness";

let api: Harness;
beforeAll(async () => (api = await Harness.start()));
afterAll(() => api.close());

const RUNS = { numRuns: 150 };
const headers = { authorization: `Bearer ${ADMIN_KEY}` };

/** Values that are nearly right as well as any others. */
const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.double({ noNaN: true }), fc.string({ unit: "binary" }), fc.constantFrom(null, true, [], {}, "1 MB", "k".repeat(64), -1, 2 ** 31));
const body = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom("uuid", "subject", "key", "blocked", "limits", "expiresIn", "othersExpireIn", "__proto__"), value),
  fc.record({ limits: fc.dictionary(fc.constantFrom("invocationsPerMinute", "allowedKinds", "maxParameterSize", "storeActivations", "minActionMemory", "constructor"), value) }),
);

test("whatever is put, the answer is JSON with a status that says whose fault it is, and what is refused changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("namespaces/team", "namespaces/team/keys"), body, async (path, content) => {
      const before = (await api.get("/admin/v1/namespaces", { as: null, headers })).text;
      const response = await api.send(path.endsWith("keys") ? "post" : "put", `/admin/v1/${path}`, undefined, { as: null, headers: { ...headers, "content-type": "application/json" } }).send(JSON.stringify(content));
      expect([200, 201, 400, 404, 409]).toContain(response.status);
      expect(response.body).toEqual(expect.any(Object));
      if (response.status >= 400) expect((await api.get("/admin/v1/namespaces", { as: null, headers })).text).toBe(before);
    }),
    RUNS,
  );
});

test("whatever a namespace is called, nothing outside of it is reached", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), async (name) => {
      const response = await api.get(`/admin/v1/namespaces/${encodeURIComponent(name)}`, { as: null, headers });
      expect([200, 404]).toContain(response.status);
    }),
    RUNS,
  );
});
