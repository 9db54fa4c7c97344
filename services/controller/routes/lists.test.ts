import { CODE, expectRefusal, Harness, OTHER } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const named = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

describe("a list of actions", () => {
  beforeEach(() => api.have(["packages/p", {}], ["actions/a", CODE], ["actions/p/b", CODE], ["actions/c", CODE], ["actions/theirs", CODE, OTHER]));

  test("has all of the namespace, those of packages too, the newest first, without code and parameters", async () => {
    const { body } = await api.get("actions");
    expect(named(body)).toEqual(["c", "b", "a"]);
    expect(body[1]).toEqual({
      namespace: "guest/p",
      name: "b",
      version: "0.0.1",
      publish: false,
      annotations: [{ key: "provide-api-key", value: false }, { key: "exec", value: "nodejs:24" }],
      updated: expect.any(Number),
      limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 },
      exec: { binary: false },
    });
  });

  test("of a package has those of the package, through a binding too", async () => {
    await api.have(["packages/q", { binding: { namespace: "_", name: "p" } }]);
    expect(named((await api.get("actions/p/")).body)).toEqual(["b"]);
    expect(named((await api.get("actions/q/")).body)).toEqual(["b"]);
    expectRefusal(await api.get("actions/absent/"), 404);
  });

  test("is paged", async () => {
    expect(named((await api.get("actions", { query: { limit: 2 } })).body)).toEqual(["c", "b"]);
    expect(named((await api.get("actions", { query: { limit: 2, skip: 2 } })).body)).toEqual(["a"]);
    expect(named((await api.get("actions", { query: { limit: 0 } })).body)).toHaveLength(3);
    expect((await api.get("actions", { query: { skip: 9 } })).body).toEqual([]);
  });

  test("is counted, behind what is skipped", async () => {
    expect((await api.get("actions", { query: { count: true } })).body).toEqual({ actions: 3 });
    expect((await api.get("actions", { query: { count: true, skip: 2 } })).body).toEqual({ actions: 1 });
    expect((await api.get("actions", { query: { count: true, skip: 9 } })).body).toEqual({ actions: 0 });
    expect((await api.get("actions/p/", { query: { count: true } })).body).toEqual({ actions: 1 });
  });

  test.each(["actions", "triggers", "rules", "packages", "activations"])("%s: a limit or skip outside its bounds is refused by name", async (collection) => {
    const ask = (query: Record<string, string>) => api.get(collection, { query });
    const malformed = (name: string, reason: string) => `The query parameter '${name}' was malformed:\n${reason} ${collection}.`;
    expectRefusal(await ask({ limit: "201" }), 400, malformed("limit", "The value '201' is not in the range of 0 to 200 for"));
    expectRefusal(await ask({ limit: "-1" }), 400, malformed("limit", "The value '-1' is not in the range of 0 to 200 for"));
    expectRefusal(await ask({ skip: "-1" }), 400, malformed("skip", "The value '-1' is not greater than or equal to 0 for"));
    expectRefusal(await ask({ limit: "many" }), 400, malformed("limit", "The value 'many' is not an integer for"));
    expectRefusal(await ask({ limit: "2147483648" }), 400, malformed("limit", "The value '2147483648' is not an integer for"));
    expectRefusal(await ask({ skip: "1.5", count: "true" }), 400, malformed("skip", "The value '1.5' is not an integer for"));
    expectRefusal(await ask({ count: "2" }), 400);
  });

  test("of another namespace is refused", async () => {
    expectRefusal(await api.get("/api/v1/namespaces/other/actions"), 403, "The supplied authentication is not authorized to access 'other'.");
    expectRefusal(await api.get("/api/v1/namespaces/other/actions", { query: { count: true } }), 403);
  });
});
