import { anAction } from "../../core/testing/fixtures";
import { seed } from "../../core/testing/memoryStore";
import { CODE, expectRefusal, Harness, OTHER, OVERWRITE, PUBLIC } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

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
    ["an unknown kind", { exec: { kind: "cobol", code: "x" } }, "The request content was malformed:\nThe specified runtime 'cobol' is not supported by this platform. Valid values are: 'nodejs:24', 'nodejs:6', 'java:8', 'swift:6.0', 'sequence', 'blackbox'."],
    ["a kind that cannot run here", { exec: { kind: "swift:6.0", code: "x" } }, "Swift is not installed: apt-get install swiftlang."],
    ["no code", { exec: { kind: "nodejs:default" } }, "The request content was malformed:\n'code' must be a string or attachment object defined in 'exec' for 'nodejs:default' actions"],
    ["code that is no string", { exec: { kind: "nodejs", code: 5 } }, /'code' must be a string defined in 'exec'/],
    ["an exec that is no object", { exec: "x" }, "The request content was malformed:\nObject expected"],
    ["no kind", { exec: { code: "x" } }, "The request content was malformed:\n'kind' must be a string defined in 'exec'"],
    ["an empty kind", { exec: { kind: "", code: "x" } }, /The specified runtime '' is not supported by this platform\./],
    ["an entry point that is no string", { exec: { kind: "nodejs", code: "x", main: 5 } }, /'main' be a string/],
    ["no entry point for a kind that needs one", { exec: { kind: "java:8", code: "x" } }, "The request content was malformed:\n'main' must be a string defined in 'exec' for 'java:8' actions"],
    ["a deprecated kind", { exec: { kind: "nodejs:6", code: "x" } }, "The 'nodejs:6' runtime is no longer supported. You may read and delete but not update or invoke this action."],
    ["a blackbox without image", { exec: { kind: "blackbox", code: "x" } }, "The request content was malformed:\n'image' must be a string defined in 'exec' for 'blackbox' actions"],
    ["an image whose name is none", { exec: { kind: "blackbox", image: "a b" } }, "The request content was malformed:\ncould not parse image name"],
    ["no components", { exec: { kind: "sequence" } }, "The request content was malformed:\n'components' must be defined for sequence kind"],
    ["components that are no list", { exec: { kind: "sequence", components: "a" } }, "The request content was malformed:\n'components' must be an array"],
    ["too little memory", { ...CODE, limits: { memory: 1 } }, "memory size 1 MB below allowed threshold of 128 MB"],
    ["a timeout that is no number", { ...CODE, limits: { timeout: "1" } }, "The request content was malformed:\ntime limit malformed"],
    ["half a megabyte", { ...CODE, limits: { memory: 128.5 } }, "The request content was malformed:\nrequirement failed: memory limit must be whole number"],
    ["a negative size", { ...CODE, limits: { logs: -1 } }, "The request content was malformed:\nrequirement failed: a negative size of an object is not allowed."],
    ["a limit on containers below none", { ...CODE, limits: { instances: -1 } }, "The request content was malformed:\nrequirement failed: Action container concurrency must be greater than or equal to 0."],
    ["a version that is none", { ...CODE, version: "0.0.0" }, "The request content was malformed:\nsemantic version malformed"],
    ["parameters that are no list", { ...CODE, parameters: { a: 1 } }, "The request content was malformed:\nparameters malformed!"],
    ["a parameter without key", { ...CODE, parameters: [{ value: 1 }] }, "The request content was malformed:\nparameters malformed!"],
    ["a parameter without value", { ...CODE, parameters: [{ key: "a" }] }, "The request content was malformed:\nparameters malformed!"],
    ["a parameter for initialisation, perhaps", { ...CODE, parameters: [{ key: "a", value: 1, init: "true" }] }, "The request content was malformed:\nparameters malformed!"],
    ["an annotation without value", { ...CODE, annotations: [{ key: "a" }] }, "The request content was malformed:\nparameters malformed!"],
    ["annotations that are no list", { ...CODE, annotations: "x" }, "The request content was malformed:\nparameters malformed!"],
    ["publish that is neither true nor false", { ...CODE, publish: "yes" }, 'The request content was malformed:\nExpected JsTrue or JsFalse, but got "yes"'],
    ["limits that are no object", { ...CODE, limits: [] }, "The request content was malformed:\nObject expected in field 'timeout'"],
    ["annotations to delete that are no list", { ...CODE, delAnnotations: "x" }, /Expected Array as JsArray/],
  ])("with %s is refused with 400 and the reason", async (_, body, message) => {
    expectRefusal(await api.put("actions/hello", body), 400, message);
    expectRefusal(await api.get("actions/hello"), 404);
  });

  test("with code, parameters or annotations that are too large is refused with 413 and their sizes", async () => {
    const mega = "x".repeat(1024 * 1024);
    const MOST = 48 * 1024 * 1024;
    expectRefusal(await api.put("actions/hello", { exec: { kind: "nodejs", code: mega.repeat(48) + "x" } }), 413, `exec larger than allowed: ${MOST + 1} > ${MOST} bytes.`);
    expectRefusal(await api.put("actions/hello", { exec: { kind: "nodejs", code: mega.repeat(48), main: "go" } }), 413, `exec larger than allowed: ${MOST + 2} > ${MOST} bytes.`);
    // Bytes count, not characters; of a value those of its JSON.
    expectRefusal(await api.put("actions/hello", { exec: { kind: "nodejs", code: "é".repeat(25 * 1024 * 1024) } }), 413, /52428800/);
    for (const list of ["parameters", "annotations"]) {
      expectRefusal(await api.put("actions/hello", { ...CODE, [list]: [{ key: "é", value: mega }] }), 413, `${list} larger than allowed: ${1024 * 1024 + 4} > ${1024 * 1024} bytes.`);
    }
    expect((await api.put("actions/hello", { ...CODE, parameters: [{ key: "a", value: mega.slice(3) }], annotations: [{ key: "a", value: mega.slice(3) }] })).status).toBe(200);
  });

  test("keeps a kind in capitals, a version in its short form, and of equal keys the last", async () => {
    const { body } = await api.put("actions/hello", { exec: { kind: " NodeJS:24 ", code: "" }, version: "01.2", parameters: [{ key: "a", value: 1, init: true }, { key: "b", value: null }, { key: "a", value: 2 }] });
    expect(body).toMatchObject({ version: "1.2.0", exec: { kind: "nodejs:24", code: "", binary: false }, parameters: [{ key: "a", value: 2 }, { key: "b", value: null }] });
  });

  test("takes null for what is left out, and nothing for what only an action has that is there", async () => {
    const body = { ...CODE, parameters: null, annotations: null, limits: { memory: null }, publish: null, version: null, delAnnotations: null, updated: 5, name: "other", namespace: "other", foo: "bar" };
    expect((await api.put("actions/hello", body)).body).toMatchObject({ name: "hello", namespace: "guest", version: "0.0.1", publish: false, parameters: [] });
    expect((await api.get("actions/hello")).body.updated).toBeGreaterThan(5);
  });

  test("sets the annotation exec itself, and provide-api-key only if it is not given", async () => {
    const { body } = await api.put("actions/hello", { ...CODE, annotations: [{ key: "exec", value: "a lie" }, { key: "provide-api-key", value: "" }] });
    expect(body.annotations).toEqual([{ key: "exec", value: "nodejs:24" }, { key: "provide-api-key", value: "" }]);
  });

  test("may ask for fewer containers, but not for more than its namespace may have runs under way", async () => {
    expect((await api.put("actions/hello", { ...CODE, limits: { instances: 2 } })).body.limits).toEqual({ timeout: 60_000, memory: 256, logs: 10, concurrency: 1, instances: 2 });
    await api.limit("guest", { concurrentInvocations: 30 });
    expectRefusal(await api.put("actions/hello", { limits: { instances: 31 } }, OVERWRITE), 400, "Max action instance concurrency must not exceed your namespace concurrency of 30.");
    expect((await api.put("actions/hello", { limits: { instances: 30 } }, OVERWRITE)).body.limits.instances).toBe(30);
  });

  test("that runs an image shows the image, and code only if it has some", async () => {
    const put = async (exec: object) => (await api.put("actions/box", { exec: { kind: "blackbox", image: "localhost:5000/me/box:1", ...exec } }, OVERWRITE)).body.exec as unknown;
    expect(await put({})).toEqual({ kind: "blackbox", image: "localhost:5000/me/box:1", binary: false });
    expect(await put({ code: " " })).toEqual({ kind: "blackbox", image: "localhost:5000/me/box:1", binary: false });
    expect(await put({ code: "RHViZWU=", main: "go" })).toEqual({ kind: "blackbox", image: "localhost:5000/me/box:1", binary: true, code: "RHViZWU=", main: "go" });
  });

  test("needs a body", async () => {
    expectRefusal(await api.send("put", "actions/hello"), 400, "Request entity expected but not supplied");
  });

  test("has its faults told in OpenWhisk's order: whose it is, where it is, what it is, whether it is there already", async () => {
    await api.have(["actions/hello", CODE], ["packages/p", {}], ["packages/bound", { binding: { namespace: "_", name: "p" } }]);
    const BAD = { exec: 5, parameters: 5 };
    expectRefusal(await api.put("/api/v1/namespaces/other/actions/hello", BAD), 403, "The supplied authentication is not authorized to access 'other/hello'.");
    expectRefusal(await api.put("/api/v1/namespaces/other/actions/p/hello", BAD), 403, "The supplied authentication is not authorized to access 'other/p/hello'.");
    expectRefusal(await api.put("/api/v1/namespaces/other/actions/-", BAD), 400, "The name of the entity contains illegal characters.");
    expectRefusal(await api.put("actions/absent/hello", BAD), 404);
    expectRefusal(await api.put("actions/hello/x", BAD), 409);
    expectRefusal(await api.put("actions/bound/hello", BAD), 400, "Operation not permitted on package binding.");
    expectRefusal(await api.put("actions/hello", BAD), 400, /^The request content was malformed/);
    expectRefusal(await api.put("actions/hello", { ...CODE, limits: { memory: 1 } }), 400, "memory size 1 MB below allowed threshold of 128 MB");
    expectRefusal(await api.put("actions/hello", { exec: { kind: "sequence", components: ["/other/x"] } }), 403);
    expectRefusal(await api.put("actions/hello", { exec: { kind: "sequence", components: [] } }), 409, "resource already exists");
    expectRefusal(await api.put("actions/hello", {}), 409, "resource already exists");
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

test("an action of a kind that is deprecated is read and deleted, not changed or invoked, until it has another kind", async () => {
  const DEPRECATED = "The 'nodejs:6' runtime is no longer supported. You may read and delete but not update or invoke this action.";
  await seed(api.world.store, anAction("old", { exec: { kind: "nodejs:6", binary: false } }), anAction("older", { exec: { kind: "nodejs:6", binary: false } }));
  expectRefusal(await api.put("actions/old", {}, OVERWRITE), 400, DEPRECATED);
  expectRefusal(await api.put("actions/old", { exec: { kind: "nodejs:6", code: "x" } }, OVERWRITE), 400, DEPRECATED);
  expectRefusal(await api.post("actions/old"), 400, DEPRECATED);
  expect((await api.get("actions/old")).body.exec).toEqual({ kind: "nodejs:6", binary: false });
  expect((await api.put("actions/old", CODE, OVERWRITE)).body).toMatchObject({ version: "0.0.2", exec: { kind: "nodejs:24" } });
  expect((await api.delete("actions/older")).status).toBe(200);
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
    for (const [path, named] of [["secret", "secret"], ["absent", "absent"], ["private/tool", "private"], ["absent/tool", "absent"]] as const) {
      expectRefusal(await api.get(`/api/v1/namespaces/other/actions/${path}`), 403, `The supplied authentication is not authorized to access 'other/${named}'.`);
      expectRefusal(await api.post(`/api/v1/namespaces/other/actions/${path}`), 403);
    }
    expectRefusal(await api.get("/api/v1/namespaces/other/actions/shared/absent"), 404);
    expectRefusal(await api.put("/api/v1/namespaces/other/actions/shared/mine", CODE), 403, "The supplied authentication is not authorized to access 'other/shared/mine'.");
    expectRefusal(await api.delete("/api/v1/namespaces/other/actions/shared/tool"), 403);
    expectRefusal(await api.put("actions/mine/new", CODE), 400, "Operation not permitted on package binding.");
    expectRefusal(await api.delete("actions/mine/tool"), 400, "Operation not permitted on package binding.");
  });

  test("through a binding without its code tells the binding", async () => {
    await api.have(["packages/p", {}], ["actions/p/tool", CODE], ["packages/mine", { binding: { namespace: "_", name: "p" } }]);
    expect((await api.get("actions/mine/tool", { query: { code: false } })).body).toMatchObject({ namespace: "guest/p", binding: "guest/mine" });
    expect((await api.get("actions/mine/tool")).body).not.toHaveProperty("binding");
    expect((await api.get("actions/p/tool", { query: { code: false } })).body).not.toHaveProperty("binding");
  });

  test("through a binding to what is gone is refused: with 404 if it was an own package, with 403 if it was another's", async () => {
    await api.have(["packages/p", {}], ["packages/own", { binding: { namespace: "_", name: "p" } }], ["packages/shared", PUBLIC, OTHER], ["packages/mine", { binding: { namespace: "other", name: "shared" } }]);
    await api.delete("packages/p");
    await api.delete("packages/shared", OTHER);
    for (const method of ["get", "post"] as const) {
      expectRefusal(await api.send(method, "actions/own/tool"), 404, "The requested resource does not exist.");
      expectRefusal(await api.send(method, "actions/mine/tool"), 403, "The supplied authentication is not authorized to access 'guest/mine'.");
    }
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
