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
      response: { result: { path: "a" }, status: "success", success: true },
    });
  });

  test("is shown by its logs or its result alone", async () => {
    expect((await api.get(`activations/${ids[0]}/logs`)).body).toEqual({ logs: ["a line"] });
    expect((await api.get(`activations/${ids[0]}/result`)).body).toEqual({ result: { path: "a" }, status: "success", success: true });
  });

  test("of a deleted namespace is not that of one which has its name now, however late it comes", async () => {
    const namespace = (await api.world.tenants.stored("guest"))!;
    const created = api.world.store.activations.all().find(({ activationId }) => activationId === ids[1])!.start;
    await api.world.tenants.remove(namespace);
    await api.world.tenants.put({ ...namespace, rev: 1, created });
    for (const part of ["", "/logs", "/result"]) expectRefusal(await api.get(`activations/${ids[0]}${part}`), 404);
    expect((await api.get(`activations/${ids[1]}`)).status).toBe(200);
    expect([await found({}), await found({ name: "a" }), await found({ since: 1, upto: created })]).toEqual([[2, 1], [], [1]]);
    expect((await api.get("activations", { query: { count: true } })).body).toEqual({ activations: 2 });
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
    for (const odd of ["G".repeat(32), "A".repeat(32)]) expectRefusal(await api.get(`activations/${odd}`), 400, "The activation id is not valid.");
    for (const length of [31, 33]) expectRefusal(await api.get(`activations/${"0".repeat(length)}`), 400, `Activation id length is ${length} but must be 32.`);
    expectRefusal(await api.get("/api/v1/namespaces/other/activations/short"), 400, "Activation id length is 5 but must be 32.");
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
      version: "0.0.1",
    });
  });

  test("shows a fire of a trigger without an end", async () => {
    await api.have(["triggers/bell", {}], ["rules/r", { trigger: "/_/bell", action: "/_/a" }]);
    const id = ((await api.post("triggers/bell", { n: 1 })).body as { activationId: string }).activationId;
    await api.world.log.deliver();
    const [summary] = await list({ name: "bell" });
    expect(summary).toEqual({ activationId: id, annotations: [], start: expect.any(Number), name: "bell", namespace: "guest", publish: false, version: "0.0.1" });
    const { body } = await api.get(`activations/${id}`);
    expect(body).toMatchObject({ response: { result: { n: 1 }, status: "success", success: true }, logs: [expect.any(String)] });
    expect(body).not.toHaveProperty("end");
    expect(body).not.toHaveProperty("duration");
  });

  test("with docs has them whole", async () => {
    expect((await list({ docs: true }))[2]).toMatchObject({ logs: ["a line"], response: { result: { path: "a" } } });
  });

  test("is filtered by name, or by package and name, and by time", async () => {
    const [third, second, first] = (await list()).map(({ start }) => start) as [number, number, number];
    expect(await found({ name: "a" })).toEqual([0]);
    expect(await found({ name: "/a/" })).toEqual([0]);
    expect(await found({ name: "p/a" })).toEqual([1]);
    expect(await found({ name: "absent" })).toEqual([]);
    for (const none of ["", "  "]) expect(await found({ name: none })).toEqual([2, 1, 0]);
    expect(await found({ since: second })).toEqual([2, 1]);
    expect(await found({ upto: second })).toEqual([1, 0]);
    expect(await found({ since: first, upto: first })).toEqual([0]);
    expect(await found({ since: third + 1 })).toEqual([]);
  });

  test("is filtered by the binding through which an action was reached", async () => {
    await api.have(["packages/mine", { binding: { namespace: "guest", name: "p" } }]);
    const { body } = await api.post("actions/mine/a", {}, { query: { blocking: true } });
    expect((await list({ name: "mine/a" })).map(({ activationId }) => activationId)).toEqual([(body as { activationId: string }).activationId]);
    expect(await found({ name: "p/a" })).toEqual([1]);
  });

  test("is paged and counted", async () => {
    expect(await found({ limit: 1, skip: 1 })).toEqual([1]);
    expect(await list({ count: true })).toEqual({ activations: 3 });
    expect(await list({ count: true, name: "a" })).toEqual({ activations: 1 });
    expect(await list({ count: true, skip: 1 })).toEqual({ activations: 2 });
    expect(await list({ count: true, limit: 1 })).toEqual({ activations: 3 });
    expect(await list({ count: true, skip: 9 })).toEqual({ activations: 0 });
  });

  test.each([
    [{ count: "true", docs: "true" }, "The parameter 'docs' is not permitted with 'count'."],
    [{ name: "a/b/c" }, "The query parameter 'name' was malformed:\nParameter may be a 'simple' name or 'package-name/simple' name: a/b/c"],
    [{ name: "é" }, "The query parameter 'name' was malformed:\nParameter may be a 'simple' name or 'package-name/simple' name: é"],
    [{ since: "yesterday" }, "The query parameter 'since' was malformed:\nParameter is not a valid value for epoch seconds: yesterday"],
    [{ upto: "1e3" }, "The query parameter 'upto' was malformed:\nParameter is not a valid value for epoch seconds: 1e3"],
  ])("is refused for %j", async (query, message) => {
    expectRefusal(await api.get("activations", { query }), 400, message);
  });

  test("of another namespace is refused", async () => {
    expectRefusal(await api.get("/api/v1/namespaces/other/activations"), 403);
    expect((await api.get("activations", OTHER)).body).toEqual([]);
  });
});
