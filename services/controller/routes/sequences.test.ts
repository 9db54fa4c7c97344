import { CODE, expectRefusal, Harness, OTHER, OVERWRITE, PUBLIC } from "../testing/harness";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

describe("a sequence", () => {
  beforeEach(() => api.have(["actions/a", CODE], ["packages/p", {}], ["actions/p/b", CODE]));
  const sequence = (...components: unknown[]) => ({ exec: { kind: "sequence", components } });
  const MALFORMED = "The request content was malformed:\nrequirement failed: The fully qualified name of the entity must contain at least the namespace and the name of the entity.";

  test("shows its components with their full names, in exec and as a parameter", async () => {
    const { body } = await api.put("actions/s", sequence("_/a", "/_/p/b", "/_/a", "/guest/p/b", { path: "_/p", name: "b" }));
    const components = ["/guest/a", "/guest/p/b", "/guest/a", "/guest/p/b", "/guest/p/b"];
    expect(body.exec).toEqual({ kind: "sequence", components });
    expect(body.parameters).toEqual([{ key: "_actions", value: components }]);
    expect(body.annotations).toContainEqual({ key: "exec", value: "sequence" });
    expect((await api.get("actions/s", { query: { code: false } })).body.exec).toEqual({ kind: "sequence", components });
  });

  test.each([
    [[], 400, "No component specified for the sequence."],
    [["/_/absent"], 400, "Sequence component does not exist."],
    [["/_/p/absent"], 400, "Sequence component does not exist."],
    [["/_/absent/a"], 404, "The requested resource does not exist."],
    [["/_/a/a"], 409, "Resource by this name exists but is not in this collection."],
    [["/_/p"], 409, "Resource by this name exists but is not in this collection."],
    [Array<string>(51).fill("/_/a"), 400, "Too many actions in the sequence."],
    [["a", "b"], 400, MALFORMED],
    [["/a"], 400, MALFORMED],
    [["../a"], 400, undefined],
    [[5], 400, "The request content was malformed:\nfully qualified name malformed"],
  ])("of %j is refused with %i", async (components, status, message) => {
    for (const options of [{}, OVERWRITE]) expectRefusal(await api.put("actions/s", sequence(...components), options), status, message);
  });

  test("of as many actions as are allowed is made", async () => {
    expect((await api.put("actions/s", sequence(...Array<string>(50).fill("/_/a")))).status).toBe(200);
  });

  test("may not come back to itself, directly, through another or through a binding", async () => {
    await api.have(["actions/s", sequence("/_/a")], ["actions/t", sequence("/_/s")], ["packages/bound", { binding: { namespace: "_", name: "p" } }]);
    const CYCLIC = "Sequence may not refer to itself.";
    expectRefusal(await api.put("actions/fresh", sequence("/_/a", "/_/fresh")), 400, CYCLIC);
    expectRefusal(await api.put("actions/s", sequence("/_/a", "/_/s"), OVERWRITE), 400, CYCLIC);
    expectRefusal(await api.put("actions/s", sequence("/_/t"), OVERWRITE), 400, CYCLIC);
    expectRefusal(await api.put("actions/a", sequence("/_/s"), OVERWRITE), 400, CYCLIC);
    expectRefusal(await api.put("actions/p/b", sequence("/_/bound/b"), OVERWRITE), 400, CYCLIC);
  });

  test("counts the actions of the sequences in it", async () => {
    await api.have(["actions/s", sequence(...Array<string>(25).fill("/_/a"))], ["actions/t", sequence("/_/s", "/_/s")]);
    expectRefusal(await api.put("actions/u", sequence("/_/s", "/_/s", "/_/a")), 400, "Too many actions in the sequence.");
  });

  test("of another's private actions is refused with 403 that names them, whether they exist or not", async () => {
    await api.have(["actions/secret", CODE, OTHER], ["packages/private", {}, OTHER], ["actions/private/secret", CODE, OTHER]);
    expectRefusal(await api.put("actions/s", sequence("/other/secret", "/_/a", "/other/absent")), 403, "The supplied authentication is not authorized to access 'other/absent, other/secret'.");
    expectRefusal(await api.put("actions/s", sequence("/other/private/secret")), 403, "The supplied authentication is not authorized to access 'other/private'.");
  });

  test("of another's shared actions is not invoked any more when they are not shared any more", async () => {
    await api.have(["packages/shared", PUBLIC, OTHER], ["actions/shared/tool", CODE, OTHER], ["actions/s", sequence("/other/shared/tool")]);
    expect((await api.post("actions/s", {}, { query: { blocking: true } })).status).toBe(200);
    await api.have(["packages/shared", { publish: false }, { ...OTHER, ...OVERWRITE }]);
    expectRefusal(await api.post("actions/s", {}, { query: { blocking: true } }), 403, "The supplied authentication is not authorized to access 'other/shared'.");
  });

  test("in a package shows the package's parameters with its own", async () => {
    await api.have(["packages/q", { parameters: [{ key: "a", value: 1 }] }], ["actions/q/s", sequence("/_/a")]);
    expect((await api.get("actions/q/s")).body.parameters).toEqual([{ key: "a", value: 1 }, { key: "_actions", value: ["/guest/a"] }]);
  });
});
