import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { useBench } from "../../testing/harness";

const bench = useBench();
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path.join(bench.folder, name), content);
  return name;
};
const usage = "Run 'whisk --help' for usage.\n";

describe("action create and update", () => {
  test("a file becomes an action whose kind its extension tells", async () => {
    const source = "exports.main = () => ({ok: true})";
    expect(await bench.whisk("action", "create", "hello", file("hello.js", source))).toEqual({
      code: 0,
      stdout: "ok: created action hello\n",
      stderr: "",
    });
    expect(bench.platform.seen).toMatchObject([
      {
        method: "PUT",
        path: "/api/v1/namespaces/_/actions/hello",
        query: { overwrite: "false" },
        body: { namespace: "_", name: "hello", exec: { kind: "nodejs:default", code: source } },
      },
    ]);
  });

  test.each([
    ["a.mjs", "nodejs:default"],
    ["a.py", "python:default"],
    ["a.swift", "swift:default"],
    ["a.php", "php:default"],
    ["a.rb", "ruby:default"],
    ["a.rs", "rust:default"],
    ["a.go", "go:default"],
  ])("%s is of kind %s", async (name, kind) => {
    await bench.whisk("action", "create", "a", file(name, "x"));
    expect(bench.platform.stored("actions/a")).toMatchObject({ exec: { kind, code: "x" } });
  });

  test("every flag reaches the action", async () => {
    file("defaults.json", '{"from": "file", "big": 12345678901234567890}');
    const flags = [
      "--kind",
      "nodejs:20",
      "--main",
      "run",
      "-t",
      "1000",
      "-m",
      "128",
      "-l",
      "1",
      "-c",
      "4",
      "-P",
      "defaults.json",
      "-p",
      "n",
      "-5",
      "--param",
      "who",
      "me",
      "-a",
      "description",
      "says hello",
    ];
    const { code } = await bench.whisk("action", "create", "pkg/hello", file("hello.js", "code"), ...flags);
    expect(code).toBe(0);
    expect(bench.platform.seen[0]!.path).toBe("/api/v1/namespaces/_/actions/pkg/hello");
    expect(bench.platform.seen[0]!.body).toEqual({
      namespace: "_",
      name: "pkg/hello",
      exec: { kind: "nodejs:20", code: "code", main: "run" },
      annotations: [{ key: "description", value: "says hello" }],
      parameters: [
        { key: "from", value: "file" },
        { key: "big", value: 12345678901234567000 },
        { key: "n", value: -5 },
        { key: "who", value: "me" },
      ],
      limits: { timeout: 1000, memory: 128, logs: 1, concurrency: 4 },
    });
  });

  test("a zip file is sent in base64 and needs a kind", async () => {
    const zip = file("hello.zip", Uint8Array.of(0x50, 0x4b, 0xff));
    expect(await bench.whisk("action", "create", "hello", zip)).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: Invalid argument(s). creating an action from a .zip artifact requires specifying the action kind explicitly\n${usage}`,
    });
    await bench.whisk("action", "create", "hello", zip, "--kind", "nodejs:default");
    expect(bench.platform.stored("actions/hello")).toMatchObject({ exec: { kind: "nodejs:default", code: "UEv/" } });
  });

  test("what is compiled is sent in base64, of the kind of its extension", async () => {
    await bench.whisk("action", "create", "j", file("hello.jar", "PK"), "--main", "Hello");
    expect(bench.platform.stored("actions/j")!.exec).toEqual({ kind: "java:default", code: "UEs=", main: "Hello" });
    await bench.whisk("action", "create", "b", file("hello.balx", "PK"));
    expect(bench.platform.stored("actions/b")!.exec).toEqual({ kind: "ballerina:default", code: "UEs=" });
    expect(await bench.whisk("action", "create", "x", "hello.jar", "--kind", "java")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Java actions require --main to specify the fully-qualified name of the main class") as string,
    });
  });

  test("a sequence names its actions in full", async () => {
    await bench.whisk("action", "create", "both", "--sequence", "a,pkg/b,/whisk.system/utils/c");
    expect(bench.platform.stored("actions/both")).toMatchObject({
      exec: { kind: "sequence", components: ["/_/a", "/_/pkg/b", "/whisk.system/utils/c"] },
    });
  });

  test("an image is a black box, with or without code", async () => {
    await bench.whisk("action", "create", "box", "--docker", "me/image");
    expect(bench.platform.stored("actions/box")!.exec).toEqual({ kind: "blackbox", image: "me/image" });
    await bench.whisk("action", "update", "box", file("exec.zip", "PK"), "--native");
    const native = { kind: "blackbox", image: "openwhisk/dockerskeleton", code: "UEs=" };
    expect(bench.platform.stored("actions/box")!.exec).toEqual(native);
    await bench.whisk("action", "update", "box", "exec.zip", "--native", "--docker", "other");
    expect(bench.platform.stored("actions/box")!.exec).toEqual(native);
  });

  test("a native binary needs no archive: what is no text is sent as it is", async () => {
    await bench.whisk("action", "create", "tool", file("tool", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff])), "--native");
    expect(bench.platform.stored("actions/tool")!.exec).toEqual({ kind: "blackbox", image: "openwhisk/dockerskeleton", code: "f0VMRgD/" });
    await bench.whisk("action", "create", "script", file("script", "#!/bin/sh\necho '❄'\n"), "--native");
    expect(bench.platform.stored("actions/script")!.exec).toMatchObject({ code: "#!/bin/sh\necho '❄'\n" });
  });

  test("a copy has the code of the other action and its parameters, but what is given goes first", async () => {
    await bench.whisk("action", "create", "old", file("hello.js", "code"), "-p", "a", "1", "-p", "b", "2");
    await bench.whisk("action", "create", "new", "old", "--copy", "-p", "b", "3");
    expect(bench.platform.stored("actions/new")).toMatchObject({
      exec: { kind: "nodejs:default", code: "code" },
      parameters: [
        { key: "b", value: 3 },
        { key: "a", value: 1 },
      ],
    });
  });

  test("--web makes a web action and an update keeps its other annotations", async () => {
    await bench.whisk("action", "create", "page", file("hello.js", "code"), "-a", "description", "a page", "--web", "true");
    const web = (raw: boolean, on: boolean) => [
      { key: "description", value: "a page" },
      { key: "web-export", value: on },
      { key: "raw-http", value: raw },
      { key: "final", value: on },
    ];
    expect(bench.platform.stored("actions/page")!.annotations).toEqual(web(false, true));
    expect(await bench.whisk("action", "update", "page", "--web", "raw")).toEqual({
      code: 0,
      stdout: "ok: updated action page\n",
      stderr: "",
    });
    expect(bench.platform.stored("actions/page")!.annotations).toEqual(web(true, true));
    await bench.whisk("action", "update", "page", "--web", "false");
    expect(bench.platform.stored("actions/page")!.annotations).toEqual(web(false, false));
  });

  test.each<[string, string[], number, string]>([
    ["no artifact", ["a"], 2, "Invalid argument(s). An action name and code artifact are required."],
    ["no name", [], 1, "Invalid argument(s). An action name and code artifact are required."],
    ["too many", ["a", "hello.js", "x", "y"], 1, "Invalid argument(s): x, y. An action name and code artifact are required."],
    ["no such file", ["a", "none.js"], 2, "Invalid argument(s). File 'none.js' is not a valid file or it does not exist"],
    ["unknown extension", ["a", "a.txt"], 2, "Invalid argument(s). '.txt' is not a supported action runtime"],
    [
      "kind and docker",
      ["a", "--kind", "x", "--docker", "y"],
      149,
      "Invalid argument(s). Cannot specify both --kind and --docker at the same time.",
    ],
    [
      "bad web mode",
      ["a", "hello.js", "--web", "maybe"],
      2,
      "Invalid argument(s). Invalid argument 'maybe' for --web flag. Valid input consist of 'yes', 'true', 'raw', 'false', or 'no'.",
    ],
    [
      "secure without web",
      ["a", "hello.js", "--web-secure", "true"],
      2,
      "Invalid argument(s). The --web-secure option is only valid when the --web option is enabled.",
    ],
    [
      "half a parameter",
      ["a", "hello.js", "-p", "key"],
      1,
      "Failed to parse arguments: The parameter arguments are invalid: Arguments for '-p' must be a key/value pair",
    ],
    [
      "half JSON",
      ["a", "hello.js", "-p", "key", '{"a": }'],
      1,
      `Invalid argument(s). Invalid parameter argument 'key': its value is no JSON, and a text with quotation marks or backslashes must be a JSON string ('"say \\"hi\\""')`,
    ],
    [
      "limit without a number",
      ["a", "hello.js", "-t", "soon"],
      1,
      "option '-t, --timeout <LIMIT>' argument 'soon' is invalid. It must be a whole number.",
    ],
  ])("%s is refused before anything is sent", async (_what, args, code, message) => {
    file("hello.js", "code");
    file("a.txt", "code");
    expect(await bench.whisk("action", "create", ...args)).toEqual({ code, stdout: "", stderr: `error: ${message}\n${usage}` });
    expect(bench.platform.seen).toEqual([]);
  });

  test("TypeScript is refused with a way to deploy it", async () => {
    const { code, stderr } = await bench.whisk("action", "create", "a", file("a.ts", ""));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/TypeScript is deployed by Pulumi .* npx esbuild/)]);
  });

  test("an action that is there already is a conflict", async () => {
    await bench.whisk("action", "create", "hello", file("hello.js", "1"));
    expect(await bench.whisk("action", "create", "hello", "hello.js")).toEqual({
      code: 153,
      stdout: "",
      stderr: `error: Unable to create action 'hello': resource already exists (code aTransactionId)\n${usage}`,
    });
  });
});

describe("action get, list, delete", () => {
  beforeEach(async () => {
    await bench.whisk("action", "create", "hello", file("hello.js", "code"), "-p", "a", "1", "-a", "description", "says hello");
    bench.platform.seen.length = 0;
  });

  test("get prints the entity in the order of the official CLI", async () => {
    const { stdout } = await bench.whisk("action", "get", "hello");
    expect(stdout).toMatch(
      /^ok: got action hello\n\{\n {4}"namespace": "guest",\n {4}"name": "hello",\n {4}"version": "0.0.1",\n {4}"exec": \{\n {8}"kind": "nodejs:default",\n/,
    );
    expect(bench.platform.seen[0]!.query).toEqual({ code: "false" });
  });

  test("get prints one field", async () => {
    expect((await bench.whisk("action", "get", "hello", "NAME")).stdout).toBe('ok: got action hello, displaying field NAME\n"hello"\n');
    expect(await bench.whisk("action", "get", "hello", "nothing")).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: Invalid field filter 'nothing'.\n${usage}`,
    });
  });

  test("get --summary tells what it does and its parameters", async () => {
    expect((await bench.whisk("action", "get", "hello", "--summary")).stdout).toBe(
      "action /guest/hello: says hello\n   (parameters: *a)\n",
    );
  });

  test("get --url tells where it is", async () => {
    expect((await bench.whisk("action", "get", "hello", "--url")).stdout).toBe(
      `ok: got action hello\n${bench.platform.url}/api/v1/namespaces/guest/actions/hello\n`,
    );
    await bench.whisk("action", "update", "hello", "--web", "true");
    expect((await bench.whisk("action", "get", "hello", "field", "--url", "--summary")).stdout).toBe(
      `ok: got action hello\n${bench.platform.url}/api/v1/web/guest/default/hello\n`,
    );
  });

  test("get --save writes the code, never over another file", async () => {
    const saved = path.join(bench.folder, "copy.js");
    expect(existsSync(saved)).toBe(false);
    expect((await bench.whisk("action", "get", "hello", "--save-as", "copy.js")).stdout).toBe(`ok: saved action code to ${saved}\n`);
    expect(readFileSync(saved, "utf8")).toBe("code");
    expect(await bench.whisk("action", "get", "hello", "--save")).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: The file 'hello.js' already exists\n${usage}`,
    });
  });

  test("what does not exist exits with 148", async () => {
    const stderr = `error: Unable to get action 'none': The requested resource does not exist. (code aTransactionId)\n${usage}`;
    expect(await bench.whisk("action", "get", "none")).toEqual({ code: 148, stdout: "", stderr });
  });

  test("list prints a table, of a package if one is named", async () => {
    bench.platform.entities.set("actions/pkg/b", { namespace: "guest/pkg", name: "b", annotations: [{ key: "exec", value: "python:3" }] });
    const row = (name: string, rest: string) => `${name.padEnd(70)} ${rest}\n`;
    expect((await bench.whisk("action", "list", "--limit", "5", "-s", "1")).stdout).toBe(
      `actions\n${row("/guest/hello", "private ")}${row("/guest/pkg/b", "private python:3")}`,
    );
    expect(bench.platform.seen[0]!.query).toEqual({ limit: "5", skip: "1" });
    expect((await bench.whisk("action", "list", "pkg")).stdout).toBe(`actions\n${row("/guest/pkg/b", "private python:3")}`);
    expect(bench.platform.seen[1]!.path).toBe("/api/v1/namespaces/_/actions/pkg/");
  });

  test("delete removes it", async () => {
    expect(await bench.whisk("action", "delete", "/guest/hello")).toEqual({ code: 0, stdout: "ok: deleted action hello\n", stderr: "" });
    expect(bench.platform.entities.size).toBe(0);
  });
});
