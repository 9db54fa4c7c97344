import { CODE, expectRefusal, Harness } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const named = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

describe("the name of an action", () => {
  test.each(["a b", "a@b.c", "a&b-c_d", "0", "x".repeat(256)])("may be %j", async (name) => {
    await api.have([`actions/${encodeURIComponent(name)}`, CODE]);
    expect((await api.get(`actions/${encodeURIComponent(name)}`)).body.name).toBe(name);
    expect(named((await api.get("actions")).body)).toEqual([name]);
  });

  test.each(["é", "日本", "😀", "a%b", "a/b/c", "..", "../other", "a\nb", "a\0b", " a", "a ", "-a", "x".repeat(257)])("may not be %j", async (name) => {
    for (const method of ["put", "get", "post", "delete"] as const) {
      expectRefusal(await api.send(method, `actions/${encodeURIComponent(name)}`, method === "put" ? CODE : undefined), 400);
    }
    expectRefusal(await api.put(`actions/p/${encodeURIComponent(name)}`, CODE), 400);
    expectRefusal(await api.put(`actions/${encodeURIComponent(name)}/x`, CODE), 400);
    expectRefusal(await api.get(`/api/v1/namespaces/${encodeURIComponent(name)}/actions/x`), 400);
  });
});

test.each([["put", "actions/hello/"], ["post", "actions/hello/"], ["delete", "actions/p/"], ["get", "actions/p/hello/"], ["get", "triggers/bell/"], ["get", "packages/p/x"], ["get", "rules/r/x"], ["get", "triggers/bell/x"]] as const)(
  "%s of %s means nothing",
  async (method, path) => {
    await api.have(["packages/p", {}], ["actions/hello", CODE], ["actions/p/hello", CODE], ["triggers/bell", {}], ["rules/r", { trigger: "/_/bell", action: "/_/hello" }]);
    expectRefusal(await api.send(method, path, method === "put" ? CODE : undefined), 404, "The requested resource could not be found.");
  },
);

test("a name that is too long is refused with its length", async () => {
  const long = "x".repeat(257);
  const NAME = "Name segement longer than allowed: 257 > 256.";
  for (const path of [`actions/${long}`, `actions/p/${long}`, `actions/${long}/x`, `actions/${long}/`, `triggers/${long}`, `rules/${long}`, `packages/${long}`]) expectRefusal(await api.get(path), 400, NAME);
  expectRefusal(await api.get(`/api/v1/namespaces/${long}/actions/${long}`), 400, "Namespace longer than allowed: 257 > 256.");
});
