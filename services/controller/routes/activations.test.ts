import { CODE, expectRefusal, Harness, OTHER } from "../testing/harness";

let api: Harness;
let ids: string[];
beforeEach(async () => {
  api = await Harness.start();
  await api.have(["actions/a", CODE], ["packages/p", {}], ["actions/p/a", CODE], ["actions/b", CODE]);
  ids = [];
  for (const path of ["a", "p/a", "b"]) {
    api.world.time += 1_000;
    ids.push(((await api.post(`actions/${path}`, { path }, { query: { blocking: true } })).body as { activationId: string }).activationId);
  }
});
afterEach(() => api.close());

const list = async (query: Record<string, string | number | boolean> = {}) => (await api.get("activations", { query })).body as { activationId: string; start: number }[];
const found = async (query: Record<string, string | number | boolean>) => (await list(query)).map(({ activationId }) => ids.indexOf(activationId));

describe("a record", () => {
  test("is shown whole", async () => {
    expect((await api.get(`activations/${ids[0]}`)).body).toMatchObject({
      activationId: ids[0],
      name: "a",
      namespace: "guest",
      subject: "subject-of-guest",
      version: "0.0.1",
      logs: ["a line"],
      duration: 10,
      publish: false,
      response: { result: { path: "a" }, status: "success", statusCode: 0, success: true },
    });
  });

  test("is shown by its logs or its result alone", async () => {
    expect((await api.get(`activations/${ids[0]}/logs`)).body).toEqual({ logs: ["a line"] });
    expect((await api.get(`activations/${ids[0]}/result`)).body).toEqual({ result: { path: "a" }, status: "success", success: true });
  });

  test("of another namespace is not found", async () => {
    for (const part of ["", "/logs", "/result"]) expectRefusal(await api.get(`activations/${ids[0]}${part}`, OTHER), 404);
    expectRefusal(await api.get(`/api/v1/namespaces/guest/activations/${ids[0]}`, OTHER), 403);
  });

  test("that another process is about to write is waited for a moment, and no longer", async () => {
    const activations = api.world.store.activations as { lag?: number } & typeof api.world.store.activations;
    activations.lag = 250;
    const record = (await activations.get("guest", ids[0]!))!;
    const late = "f".repeat(32);
    let asked = 0;
    const get = activations.get.bind(activations);
    jest.spyOn(activations, "get").mockImplementation(async (namespace, id) => (id === late ? (++asked < 3 ? undefined : { ...record, activationId: late }) : get(namespace, id)));
    expect((await api.get(`activations/${late}`)).body).toMatchObject({ activationId: late });
    expect(asked).toBe(3);
    expectRefusal(await api.get(`activations/${"e".repeat(32)}`), 404);
  });

  test("that is not there is answered 404; what is no id 400", async () => {
    expectRefusal(await api.get(`activations/${"0".repeat(32)}`), 404, "The requested resource does not exist.");
    expectRefusal(await api.get("activations/abc"), 400, "Activation id length is 3 but must be 32.");
    expectRefusal(await api.get(`activations/${"G".repeat(32)}`), 400, "The activation id is not valid.");
    expectRefusal(await api.get(`activations/${ids[0]}/stdout`), 404);
  });

  test.each(["put", "post", "delete"] as const)("cannot be changed: %s is answered 405", async (method) => {
    expectRefusal(await api.send(method, `activations/${ids[0]}`), 405, "HTTP method not allowed, supported methods: GET");
  });
});

describe("a list of records", () => {
  test("has the newest first, as summaries without result and logs", async () => {
    expect(await found({})).toEqual([2, 1, 0]);
    expect((await list())[2]).toEqual({
      activationId: ids[0],
      annotations: expect.any(Array),
      duration: 10,
      start: expect.any(Number),
      end: expect.any(Number),
      name: "a",
      namespace: "guest",
      publish: false,
      statusCode: 0,
      subject: "subject-of-guest",
      version: "0.0.1",
    });
  });

  test("with docs has them whole", async () => {
    expect((await list({ docs: true }))[2]).toMatchObject({ logs: ["a line"], response: { result: { path: "a" } } });
  });

  test("is filtered by name, or by package and name, and by time", async () => {
    const [third, second, first] = (await list()).map(({ start }) => start) as [number, number, number];
    expect(await found({ name: "a" })).toEqual([1, 0]);
    expect(await found({ name: "p/a" })).toEqual([1]);
    expect(await found({ name: "absent" })).toEqual([]);
    expect(await found({ name: "" })).toEqual([2, 1, 0]);
    expect(await found({ since: second })).toEqual([2, 1]);
    expect(await found({ upto: second })).toEqual([1, 0]);
    expect(await found({ since: first, upto: first })).toEqual([0]);
    expect(await found({ since: third + 1 })).toEqual([]);
  });

  test("is paged and counted", async () => {
    expect(await found({ limit: 1, skip: 1 })).toEqual([1]);
    expect(await list({ count: true })).toEqual({ activations: 3 });
    expect(await list({ count: true, skip: 1, name: "a" })).toEqual({ activations: 1 });
    expect(await list({ count: true, skip: 9 })).toEqual({ activations: 0 });
  });

  test.each([
    [{ count: "true", docs: "true" }, "The parameter 'docs' is not permitted with 'count'."],
    [{ name: "a/b/c" }, "Parameter may be a 'simple' name or 'package-name/simple' name: a/b/c"],
    [{ name: "é" }, "Parameter may be a 'simple' name or 'package-name/simple' name: é"],
    [{ since: "yesterday" }, "Parameter is not a valid value for epoch seconds: yesterday"],
    [{ upto: "1e3" }, "Parameter is not a valid value for epoch seconds: 1e3"],
  ])("is refused for %j", async (query, message) => {
    expectRefusal(await api.get("activations", { query }), 400, message);
  });

  test("of another namespace is refused", async () => {
    expectRefusal(await api.get("/api/v1/namespaces/other/activations"), 403);
    expect((await api.get("activations", OTHER)).body).toEqual([]);
  });
});
