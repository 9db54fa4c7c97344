import { hashOf } from "../code/load";
import { Asset } from "../properties";
import { UNKNOWN } from "../resource";
import { FakePlatform } from "../testing/fakePlatform";
import { temporaryFolder } from "../testing/folder";
import { connectionTo, Lifecycle } from "../testing/operation";
import { ActionHandler } from "./action";

const folder = temporaryFolder({ "greet.js": 'exports.main = (p) => ({ text: "hi " + p.name });\n', "hello.py": "def main(args):\n    return {}\n", "lib.swift": "func main() {}" });
afterAll(() => folder.remove());

let platform: FakePlatform;
let action: Lifecycle;
beforeEach(async () => {
  platform = await FakePlatform.start();
  action = new Lifecycle(new ActionHandler(connectionTo(platform)), "greet", folder.path);
});
afterEach(() => platform.stop());

const puts = () => platform.requests.filter(({ method }) => method === "PUT");

test("an action is made with its code, parameters, environment, annotations and limits", async () => {
  const state = await action.create({
    code: "./greet.js",
    parameters: { token: "x" },
    env: { MODE: "test" },
    annotations: { description: "greets" },
    limits: { timeout: "30 seconds", memory: "1 GB" },
    web: "raw",
  });
  const { path, body } = puts()[0]!;
  expect(path).toBe("/api/v1/namespaces/_/actions/greet?overwrite=false");
  expect(body).toEqual({
    exec: { kind: "nodejs:default", binary: false, code: expect.stringContaining("exports.main = ") as string },
    parameters: [
      { key: "token", value: "x" },
      { key: "MODE", value: "test", init: true },
    ],
    annotations: [
      { key: "description", value: "greets" },
      { key: "web-export", value: true },
      { key: "raw-http", value: true },
      { key: "final", value: true },
    ],
    limits: { timeout: 30_000, memory: 1024, logs: 10, concurrency: 1 },
    publish: false,
  });
  expect(state).toEqual({
    id: "_/greet",
    inputs: expect.objectContaining({ code: "./greet.js" }) as object,
    outputs: {
      name: "greet",
      kind: "nodejs:default",
      parameters: { token: "x" },
      env: { MODE: "test" },
      annotations: { description: "greets" },
      limits: { timeout: 30_000, memory: 1024, logs: 10, concurrency: 1 },
      web: "raw",
      codeSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      namespace: "guest",
      qualifiedName: "/guest/greet",
      version: "0.0.1",
      updated: "2023-11-14T22:13:20.000Z",
      url: `${platform.apiHost}/api/v1/web/guest/default/greet`,
    },
  });
});

test("nothing changes while nothing changed, on the platform or in the program", async () => {
  const inputs = { code: "./greet.js", parameters: { a: 1 }, env: { B: 2 }, web: true, annotations: { c: 3 }, limits: { memory: 512 } };
  const state = await action.create(inputs);
  expect(await action.read(state)).toEqual(state);
  expect(await action.changes(state, inputs)).toEqual({});
});

test("an update sends the code only if it changed", async () => {
  const state = await action.create({ code: "./greet.js" });
  const next = await action.update(state, { code: "./greet.js", parameters: { a: 1 } });
  expect(puts()[1]!.body).not.toHaveProperty("exec");
  expect(puts()[1]!.path).toBe("/api/v1/namespaces/_/actions/greet?overwrite=true");
  expect(next.outputs).toMatchObject({ version: "0.0.2", codeSha256: state.outputs.codeSha256 });
  await action.update(next, { code: "./hello.py", parameters: { a: 1 } });
  expect(puts()[2]!.body).toHaveProperty("exec", { kind: "python:default", code: "def main(args):\n    return {}\n", binary: false });
});

test("annotations that are gone from the program go from the platform", async () => {
  const state = await action.create({ code: "./greet.js", web: true, annotations: { a: 1, b: 2 } });
  await action.update(state, { code: "./greet.js", annotations: { b: 2 } });
  const { annotations } = platform.entity<{ annotations: { key: string }[] }>("actions/greet");
  expect(annotations.map(({ key }) => key)).toEqual(["provide-api-key", "b", "exec"]);
});

test("changes made behind its back are seen in inputs, and only those", async () => {
  const state = await action.create({ code: "./greet.js", parameters: { a: 1 } });
  const entity = platform.entity<{ exec: { code: string }; parameters: object[]; limits: Record<string, number>; annotations: object[] }>("actions/greet");
  entity.exec.code = "exports.main = () => 1;";
  entity.parameters.push({ key: "b", value: 2 });
  entity.limits.memory = 128;
  entity.annotations.push({ key: "note", value: "mine" });
  const real = await action.read(state);
  expect(real!.inputs).toEqual({
    ...state.inputs,
    codeSha256: hashOf("exports.main = () => 1;", false),
    parameters: { a: 1, b: 2 },
    limits: { timeout: 60_000, memory: 128, logs: 10, concurrency: 1 },
    annotations: { note: "mine" },
  });
  expect(Object.keys(await action.changes(real!, { code: "./greet.js", parameters: { a: 1 } })).sort()).toEqual(["annotations", "codeSha256", "limits.memory", "parameters.b"]);
});

test("parameters of the package are not the action's", async () => {
  platform.entities.set("packages/p", { name: "p", namespace: "guest", parameters: [{ key: "shared", value: 1 }, { key: "own", value: 1 }] });
  const state = await action.create({ code: "./greet.js", package: "p", parameters: { own: 2 } });
  expect(state.id).toBe("_/p/greet");
  expect(state.outputs.qualifiedName).toBe("/guest/p/greet");
  expect((await action.read(state))!.inputs).toEqual(state.inputs);
});

test("what was deleted behind its back is gone, and deleting it again succeeds", async () => {
  const state = await action.create({ code: "./greet.js" });
  await action.delete(state);
  expect(await action.read(state)).toBeUndefined();
  await expect(action.delete(state)).resolves.toBeUndefined();
});

test("an action that somebody else made is not overwritten; the error says how to take it over", async () => {
  await action.create({ code: "./greet.js" });
  await expect(action.create({ code: "./greet.js" })).rejects.toThrow(
    'action "greet" exists already and is not of this stack: take it over with `pulumi import stackwhisk:index:Action greet _/greet`, delete it, or use another name',
  );
});

test("the platform's refusal is passed on word by word, naming the action", async () => {
  await expect(action.create({ code: "./lib.swift" })).rejects.toThrow(`action "greet": The kind 'swift:default' has no runtime on this machine.`);
});

test.each(["greet", "_/greet", "/guest/greet"])("an existing one is imported by %s", async (id) => {
  const state = await action.create({ code: "./greet.js", parameters: { a: 1 }, web: true });
  const imported = await action.import(id);
  const { code: _, ...inputs } = state.inputs;
  expect(imported!.inputs).toEqual({ ...inputs, kind: "nodejs:24" });
  expect(await action.failures(imported!.inputs)).toEqual([]);
});

test("an id that is none is refused", async () => {
  await expect(action.import("a/b/c/d")).rejects.toThrow('"a/b/c/d" is not the id of an action: name, package/name or /namespace/package/name');
});

test("another name or package is a replacement; the new one may be made first", async () => {
  const state = await action.create({ code: "./greet.js" });
  expect(await action.changes(state, { code: "./greet.js", name: "other" })).toEqual({ name: "update-replace" });
  expect(await action.changes(state, { code: "./greet.js", package: "p" })).toEqual({ package: "add-replace" });
  const { inputs } = await action.check({ code: "./greet.js", name: "other" });
  expect((await action.handler.diff(state, inputs, action.context)).deleteBeforeReplace).toBe(false);
  expect((await action.handler.diff(state, state.inputs, action.context)).deleteBeforeReplace).toBe(true);
});

test("a platform that moved changes the url, and nothing is deployed for it", async () => {
  const connection = connectionTo(platform);
  const web = new Lifecycle(new ActionHandler(connection), "greet", folder.path);
  const state = await web.create({ code: "./greet.js", web: true });
  const moved = { ...state, outputs: { ...state.outputs, url: "http://127.0.0.1:1/api/v1/web/guest/default/greet" } };
  expect(await web.changes(moved, { code: "./greet.js", web: true })).toEqual({ url: "update" });
  expect((await web.update(moved, { code: "./greet.js", web: true })).outputs.url).toBe(state.outputs.url);
  expect(puts()).toHaveLength(1);
});

test("the state keeps of inline code the hash only, and the code is deployed all the same", async () => {
  const text = "exports.main = () => ({});\n";
  const state = await action.create({ code: new Asset({ text }, "given") });
  expect(JSON.stringify(state)).not.toContain("exports");
  expect(state.inputs.code).toEqual(new Asset({}, "given"));
  expect(state.outputs).not.toHaveProperty("code");
  expect(platform.entity<{ exec: { code: string } }>("actions/greet").exec.code).toBe(text);
});

test("code that is ignored (ignoreChanges) stays as it is", async () => {
  const state = await action.create({ code: new Asset({ text: "exports.main = () => ({});\n" }, "given") });
  const inputs = { code: state.inputs.code, kind: state.inputs.kind, parameters: { a: 1 } };
  expect(await action.changes(state, inputs)).toEqual({ parameters: "add" });
  await action.update(state, inputs);
  expect(puts()[1]!.body).not.toHaveProperty("exec");
});

test.each<[string, Record<string, unknown>, string]>([
  ["no code", {}, "code: is missing: an action has code or an image"],
  ["a name that cannot be one", { code: "./greet.js", name: "a/b" }, 'name: "a/b" cannot be a name: letters, digits, and _ @ . - or spaces within, up to 256 characters'],
  ["a kind with an image", { image: "me/x", kind: "nodejs:24" }, 'kind: must be blackbox where image is given, not "nodejs:24"'],
  ["a limit that is none", { code: "./greet.js", limits: { timeout: "soon" } }, 'limits.timeout: must be milliseconds or a duration such as "30 seconds", not "soon"'],
  ["a negative limit", { code: "./greet.js", limits: { memory: -1 } }, 'limits.memory: must be a number of MB or a size such as "256 MB", not -1'],
  ["web twice", { code: "./greet.js", web: true, annotations: { final: false } }, "annotations.final: is set by web: use one of both"],
  ["a variable that is a parameter too", { code: "./greet.js", parameters: { a: 1 }, env: { a: 2 } }, 'env["a"]: is in parameters too: the platform keeps one value for a name'],
  ["inline code that captures", { code: new Asset({ text: "exports.main = () => bucket;" }) }, "code: uses bucket without defining it: an inline function cannot capture what is around it. Give it as a parameter, require a module inside of the function, or put the code in a file"],
])("the check of %s names the property", async (_what, inputs, failure) => {
  expect(await action.failures(inputs)).toEqual([failure]);
});

test("an image needs no code", async () => {
  await action.create({ image: "me/resize:1" });
  expect(puts()[0]!.body!.exec).toEqual({ kind: "blackbox", image: "me/resize:1" });
});

test("what is unknown at preview is planned as unknown, and asks nothing of the platform", async () => {
  const { inputs, failures } = await action.check({ code: UNKNOWN, package: UNKNOWN, limits: UNKNOWN, web: UNKNOWN });
  expect(failures).toEqual([]);
  expect(inputs).toEqual({ code: UNKNOWN, package: UNKNOWN, limits: UNKNOWN, web: UNKNOWN, name: "greet", kind: UNKNOWN, codeSha256: UNKNOWN });
  expect(action.handler.plan(inputs, undefined)).toMatchObject({ qualifiedName: UNKNOWN, url: UNKNOWN, version: UNKNOWN });
  expect(platform.requests).toEqual([]);
});
