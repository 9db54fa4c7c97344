import { anAction } from "../../core/testing/fixtures";
import { seed } from "../../core/testing/memoryStore";
import { CODE, expectRefusal, Harness, OTHER, OVERWRITE, PUBLIC } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const named = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);

describe("creating an action", () => {
  test("answers with the whole action, defaults filled in", async () => {
    const response = await api.put("actions/hello", { ...CODE, parameters: [{ key: "a", value: 1 }], annotations: [{ key: "doc", value: "x" }] });
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      namespace: "guest",
      name: "hello",
      version: "0.0.1",
      publish: false,
      annotations: [{ key: "doc", value: "x" }, { key: "provide-api-key", value: false }, { key: "exec", value: "nodejs:24" }],
      updated: expect.any(Number),
      parameters: [{ key: "a", value: 1 }],
      limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 },
      exec: { kind: "nodejs:24", code: "function main() { return {} }", binary: false },
    });
    expect((await api.get("actions/hello")).body).toEqual(response.body);
  });

  test.each([["nodejs:default"], ["nodejs"]])("of kind %s stores the kind that stands behind it", async (kind) => {
    expect((await api.put("actions/hello", { exec: { kind, code: "x" } })).body.exec.kind).toBe("nodejs:24");
  });

  test("tells base64 archives from text", async () => {
    expect((await api.put("actions/hello", { exec: { kind: "nodejs", code: Buffer.from("zip!zip!zip!").toString("base64") } })).body.exec.binary).toBe(true);
  });

  test("that exists is refused without overwrite, and leaves it as it was", async () => {
    await api.have(["actions/hello", CODE]);
    expectRefusal(await api.put("actions/hello", { exec: { kind: "nodejs", code: "other" } }), 409, "resource already exists");
    expectRefusal(await api.put("actions/hello", CODE, { query: { overwrite: false } }), 409);
    expect((await api.get("actions/hello")).body).toMatchObject({ version: "0.0.1", exec: { code: CODE.exec.code } });
  });

  test("by the name of a trigger, rule or package is refused", async () => {
    await api.have(["triggers/bell", {}]);
    expectRefusal(await api.put("actions/bell", CODE), 409, "Resource by this name exists but is not in this collection.");
    expectRefusal(await api.put("actions/bell", CODE, OVERWRITE), 409);
    expectRefusal(await api.get("actions/bell"), 409);
    expectRefusal(await api.delete("actions/bell"), 409);
    expectRefusal(await api.post("actions/bell"), 409);
  });

  test.each([
    ["no exec", {}, "exec undefined"],
    ["an unknown kind", { exec: { kind: "cobol", code: "x" } }, "The specified runtime 'cobol' is not supported by this platform. Valid values are: 'nodejs:24', 'swift:6.0'."],
    ["a kind that cannot run here", { exec: { kind: "swift:6.0", code: "x" } }, "Swift is not installed: apt-get install swiftlang."],
    ["no code", { exec: { kind: "nodejs" } }, /'code' must be a string/],
    ["code that is no string", { exec: { kind: "nodejs", code: 5 } }, /exec\.code/],
    ["a blackbox without image", { exec: { kind: "blackbox" } }, /'image' must be a string/],
    ["too little memory", { ...CODE, limits: { memory: 1 } }, "memory size 1 MB below allowed threshold of 128 MB"],
    ["a timeout that is no number", { ...CODE, limits: { timeout: "1" } }, /limits\.timeout/],
    ["a version that is none", { ...CODE, version: "1" }, /version/],
    ["parameters that are no list", { ...CODE, parameters: { a: 1 } }, /parameters/],
    ["a parameter without key", { ...CODE, parameters: [{ value: 1 }] }, /parameters\.0\.key/],
    ["annotations that are no list", { ...CODE, annotations: "x" }, /annotations/],
  ])("with %s is refused with 400 and the reason", async (_, body, message) => {
    expectRefusal(await api.put("actions/hello", body), 400, message);
    expectRefusal(await api.get("actions/hello"), 404);
  });

  test("with code or parameters that are too large is refused with 413", async () => {
    const mega = "x".repeat(1024 * 1024);
    expectRefusal(await api.put("actions/hello", { exec: { kind: "nodejs", code: mega.repeat(48) + "x" } }), 413, `Action code larger than allowed: ${48 * 1024 * 1024 + 1} > ${48 * 1024 * 1024} bytes.`);
    expectRefusal(await api.put("actions/hello", { ...CODE, parameters: [{ key: "a", value: mega }] }), 413, /^Action parameters larger than allowed/);
    // Bytes count, not characters.
    expectRefusal(await api.put("actions/hello", { exec: { kind: "nodejs", code: "é".repeat(25 * 1024 * 1024) } }), 413, /52428800/);
  });

  test("by two at the same time succeeds for one", async () => {
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => api.put("actions/hello", CODE)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409, 409]);
  });
});

describe("updating an action", () => {
  beforeEach(() => api.have(["actions/hello", { ...CODE, parameters: [{ key: "a", value: 1 }], annotations: [{ key: "x", value: 1 }, { key: "y", value: 2 }], limits: { memory: 512 }, publish: true }]));

  test("keeps what it leaves out and raises the version", async () => {
    const { body } = await api.put("actions/hello", { limits: { timeout: 1_000 } }, OVERWRITE);
    expect(body).toMatchObject({
      version: "0.0.2",
      publish: true,
      parameters: [{ key: "a", value: 1 }],
      limits: { timeout: 1_000, memory: 512, logs: 10, concurrency: 1 },
      exec: { kind: "nodejs:24", code: CODE.exec.code },
    });
  });

  test("replaces parameters and merges annotations", async () => {
    const { body } = await api.put("actions/hello", { parameters: [{ key: "b", value: 2 }], annotations: [{ key: "y", value: 3 }, { key: "z", value: 4 }] }, OVERWRITE);
    expect(body.parameters).toEqual([{ key: "b", value: 2 }]);
    expect(body.annotations).toEqual([{ key: "x", value: 1 }, { key: "y", value: 3 }, { key: "provide-api-key", value: false }, { key: "exec", value: "nodejs:24" }, { key: "z", value: 4 }]);
  });

  test("takes annotations away that it names", async () => {
    const { body } = await api.put("actions/hello", { delAnnotations: ["x", "provide-api-key"] }, OVERWRITE);
    expect(body.annotations).toEqual([{ key: "y", value: 2 }, { key: "exec", value: "nodejs:24" }]);
  });

  test("takes the version that it names", async () => {
    expect((await api.put("actions/hello", { version: "2.0.0" }, OVERWRITE)).body.version).toBe("2.0.0");
    expect((await api.put("actions/hello", {}, OVERWRITE)).body.version).toBe("2.0.1");
  });

  test("of what is not there creates it", async () => {
    expect((await api.put("actions/fresh", CODE, OVERWRITE)).body.version).toBe("0.0.1");
  });

  test("from a sequence to code drops the sequence's parameters, and the other way round the code's", async () => {
    await api.have(["actions/s", { exec: { kind: "sequence", components: ["/_/hello"] } }]);
    expect((await api.put("actions/s", CODE, OVERWRITE)).body.parameters).toEqual([]);
    expect((await api.put("actions/s", { exec: { kind: "sequence", components: ["/_/hello"] }, parameters: [{ key: "p", value: 1 }] }, OVERWRITE)).body.parameters).toEqual([
      { key: "_actions", value: ["/guest/hello"] },
    ]);
    expect((await api.put("actions/s", { parameters: [{ key: "p", value: 1 }] }, OVERWRITE)).body.parameters).toEqual([{ key: "_actions", value: ["/guest/hello"] }]);
  });
});

describe("a sequence", () => {
  beforeEach(() => api.have(["actions/a", CODE], ["packages/p", {}], ["actions/p/b", CODE]));
  const sequence = (...components: string[]) => ({ exec: { kind: "sequence", components } });

  test("shows its components with their full names", async () => {
    const { body } = await api.put("actions/s", sequence("a", "p/b", "/_/a", "/guest/p/b"));
    expect(body.exec).toEqual({ kind: "sequence", components: ["/guest/a", "/guest/p/b", "/guest/a", "/guest/p/b"], binary: false });
    expect(body.annotations).toContainEqual({ key: "exec", value: "sequence" });
  });

  test.each([
    [[], "No component specified for the sequence."],
    [["absent"], "Sequence component does not exist."],
    [["p/absent"], "Sequence component does not exist."],
    [["absent/a"], "Sequence component does not exist."],
    [Array<string>(51).fill("a"), "Too many actions in the sequence."],
    [["../a"], undefined],
  ])("of %j is refused with 400", async (components, message) => {
    expectRefusal(await api.put("actions/s", sequence(...components)), 400, message);
  });

  test("may not come back to itself, directly or through another", async () => {
    await api.have(["actions/s", sequence("a")], ["actions/t", sequence("s")]);
    expectRefusal(await api.put("actions/s", sequence("s"), OVERWRITE), 400, "Sequence may not refer to itself.");
    expectRefusal(await api.put("actions/s", sequence("t"), OVERWRITE), 400, "Sequence may not refer to itself.");
    expectRefusal(await api.put("actions/a", sequence("s"), OVERWRITE), 400, "Sequence may not refer to itself.");
  });

  test("counts the actions of the sequences in it", async () => {
    await api.have(["actions/s", sequence(...Array<string>(26).fill("a"))]);
    expectRefusal(await api.put("actions/t", sequence("s", "s")), 400, "Too many actions in the sequence.");
  });

  test("of another's private actions is refused with 403 and cannot be made to run them", async () => {
    await api.have(["actions/secret", CODE, OTHER], ["packages/private", {}, OTHER], ["actions/private/secret", CODE, OTHER]);
    expectRefusal(await api.put("actions/s", sequence("/other/secret")), 403, "The supplied authentication is not authorized to access 'other/secret'.");
    expectRefusal(await api.put("actions/s", sequence("/other/private/secret")), 403);
    expectRefusal(await api.put("actions/s", sequence("/other/absent")), 403);
  });

  test("of another's shared actions is not invoked any more when they are not shared any more", async () => {
    await api.have(["packages/shared", PUBLIC, OTHER], ["actions/shared/tool", CODE, OTHER], ["actions/s", sequence("/other/shared/tool")]);
    expect((await api.post("actions/s", {}, { query: { blocking: true } })).status).toBe(200);
    await api.have(["packages/shared", { publish: false }, { ...OTHER, ...OVERWRITE }]);
    expectRefusal(await api.post("actions/s", {}, { query: { blocking: true } }), 403, "The supplied authentication is not authorized to access 'other/shared/tool'.");
  });
});

describe("reading an action", () => {
  test("with code=false leaves the code out", async () => {
    await api.have(["actions/hello", { exec: { kind: "nodejs", code: "x", main: "go" } }]);
    expect((await api.get("actions/hello", { query: { code: false } })).body.exec).toEqual({ kind: "nodejs:24", main: "go", binary: false });
    expectRefusal(await api.get("actions/hello", { query: { code: "perhaps" } }), 400);
  });

  test("of a package shows the parameters that it inherits", async () => {
    await api.have(["packages/p", { parameters: [{ key: "a", value: 1 }, { key: "b", value: 1 }] }], ["actions/p/b", { ...CODE, parameters: [{ key: "b", value: 2 }] }]);
    expect((await api.get("actions/p/b")).body).toMatchObject({ namespace: "guest/p", name: "b", parameters: [{ key: "a", value: 1 }, { key: "b", value: 2 }] });
  });

  test("of another is allowed for public packages and own bindings to them, and nothing else", async () => {
    await api.have(
      ["actions/secret", CODE, OTHER],
      ["packages/private", {}, OTHER],
      ["actions/private/tool", CODE, OTHER],
      ["packages/shared", PUBLIC, OTHER],
      ["actions/shared/tool", CODE, OTHER],
      ["packages/mine", { binding: { namespace: "other", name: "shared" }, parameters: [{ key: "k", value: "v" }] }],
    );
    expect((await api.get("/api/v1/namespaces/other/actions/shared/tool")).status).toBe(200);
    expect((await api.get("actions/mine/tool")).body).toMatchObject({ namespace: "other/shared", parameters: [{ key: "k", value: "v" }] });
    for (const path of ["secret", "absent", "private/tool", "absent/tool", "shared/absent"]) {
      expectRefusal(await api.get(`/api/v1/namespaces/other/actions/${path}`), 403, `The supplied authentication is not authorized to access 'other/${path}'.`);
      expectRefusal(await api.post(`/api/v1/namespaces/other/actions/${path}`), 403);
    }
    expectRefusal(await api.put("/api/v1/namespaces/other/actions/shared/mine", CODE), 403);
    expectRefusal(await api.delete("/api/v1/namespaces/other/actions/shared/tool"), 403);
    expectRefusal(await api.put("actions/mine/new", CODE), 400, "Operation not permitted on package binding.");
    expectRefusal(await api.delete("actions/mine/tool"), 400, "Operation not permitted on package binding.");
  });

  test("that is not there is answered 404", async () => {
    for (const path of ["actions/absent", "actions/absent/x"]) {
      for (const method of ["get", "post", "delete"] as const) expectRefusal(await api.send(method, path), 404, "The requested resource does not exist.");
    }
    expectRefusal(await api.put("actions/absent/x", CODE), 404);
  });
});

describe("deleting an action", () => {
  test("answers with it, and then it is gone", async () => {
    await api.have(["actions/hello", CODE]);
    expect((await api.delete("actions/hello")).body).toMatchObject({ name: "hello", exec: CODE.exec });
    expectRefusal(await api.delete("actions/hello"), 404);
    expectRefusal(await api.get("actions/hello"), 404);
    expect((await api.put("actions/hello", CODE)).body.version).toBe("0.0.1");
  });
});

test("an action whose code is lost cannot be read, but can be replaced and deleted", async () => {
  await seed(api.world.store, anAction("lost"));
  expectRefusal(await api.get("actions/lost"), 500, "Resource is corrupted and cannot be read.");
  expect((await api.put("actions/lost", { parameters: [] }, OVERWRITE)).status).toBe(200);
  expect((await api.delete("actions/lost")).status).toBe(200);
  expectRefusal(await api.get("actions/lost"), 404);
});

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
    expectRefusal(await ask({ limit: "201" }), 400, `The value '201' is not in the range of 0 to 200 for ${collection}.`);
    expectRefusal(await ask({ limit: "-1" }), 400, `The value '-1' is not in the range of 0 to 200 for ${collection}.`);
    expectRefusal(await ask({ skip: "-1" }), 400, `The value '-1' is not greater than or equal to 0 for ${collection}.`);
    expectRefusal(await ask({ limit: "many" }), 400, `The value 'many' is not an integer for ${collection}.`);
    expectRefusal(await ask({ skip: "1.5", count: "true" }), 400, `The value '1.5' is not an integer for ${collection}.`);
    expectRefusal(await ask({ count: "2" }), 400);
  });

  test("of another namespace is refused", async () => {
    expectRefusal(await api.get("/api/v1/namespaces/other/actions"), 403, "The supplied authentication is not authorized to access 'other'.");
  });
});

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
