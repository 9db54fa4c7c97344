import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { auth } from "../../testing/fake-platform";
import { useBench } from "../../testing/harness";

const bench = useBench();
const complete = async (...words: string[]) => (await bench.whisk("__complete", "--", ...words)).stdout.split("\n").slice(0, -1);

describe("what may come next", () => {
  beforeEach(() => {
    for (const [at, namespace] of [
      ["actions/hello", "guest"],
      ["actions/tools/help", "guest/tools"],
      ["packages/tools", "guest"],
      ["triggers/news", "guest"],
      ["rules/greet", "guest"],
    ] as const)
      bench.platform.entities.set(at, { namespace, name: at.split("/").at(-1) });
    bench.platform.activations = [{ activationId: "a1", start: 1 }];
  });

  test.each<[string[], string[]]>([
    [["act"], ["action", "activation"]],
    [["action", "in"], ["invoke"]],
    [["-u", "key", "rule", "e"], ["enable"]],
    [["action", "invoke", "h"], ["hello"]],
    [["action", "invoke", ""], ["hello", "tools/help"]],
    [["action", "invoke", "--result", "-p", "a", "1", "t"], ["tools/help"]],
    [["action", "invoke", "hello", ""], []],
    [["action", "get", "/"], ["/guest/", "/whisk.system/"]],
    [["action", "get", "/guest/t"], ["/guest/tools/help"]],
    [["action", "get", "hello", "ann"], ["annotations"]],
    [["action", "create", "new", ""], [":files"]],
    [["action", "create", "new", "--web", "r"], ["raw"]],
    [["action", "create", "new", "--kind", "no"], ["nodejs:default"]],
    [["action", "create", "-P", ""], [":files"]],
    [["action", "create", "-p", ""], []],
    [["action", "create", "-p", "key", ""], []],
    [["action", "list", ""], ["/guest", "/whisk.system", "tools"]],
    [["action", "get", "--su"], ["--summary"]],
    [["package", "delete", ""], ["tools"]],
    [["trigger", "fire", ""], ["news"]],
    [["rule", "create", "r", "n"], ["news"]],
    [["rule", "create", "r", "news", "h"], ["hello"]],
    [["activation", "get", ""], ["a1"]],
    [["completion", ""], ["bash", "fish", "zsh"]],
    [["sdk", "install", "b"], ["bashauto"]],
    [["nothing", ""], []],
  ])("%j is followed by %j", async (words, found) => expect(await complete(...words)).toEqual(found));

  test("flags are those of the command and the global ones, without what is hidden", async () => {
    const some = ["-f", "--feed", "--feed-param", "-u", "--json", "--help"];
    expect(await complete("trigger", "create", "-")).toEqual(expect.arrayContaining(some));
    expect(await complete("_")).toEqual([]);
  });
});

test("a platform that refuses, or is not known, completes nothing and fails nothing", async () => {
  expect(await bench.whiskWith({ env: {} }, "__complete", "--", "action", "get", "")).toEqual({ code: 0, stdout: "", stderr: "" });
  const env = { WHISK_APIHOST: bench.platform.url, WHISK_AUTH: "no:body" };
  expect(await bench.whiskWith({ env }, "__complete", "--", "action", "get", "")).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a platform that does not answer is not waited for", async () => {
  const silent = createServer((socket) => void socket.on("error", () => undefined).resume());
  await new Promise<void>((ready) => silent.listen(0, "127.0.0.1", ready));
  const env = { WHISK_APIHOST: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, WHISK_AUTH: auth };
  expect(await bench.whiskWith({ env }, "__complete", "--", "action", "get", "")).toEqual({ code: 0, stdout: "", stderr: "" });
  await new Promise((closed) => silent.close(closed));
});

test.each(["bash", "zsh", "fish"])("there is a script for %s", async (shell) => {
  const { code, stdout } = await bench.whisk("completion", shell);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`${shell} completion for whisk`)]);
});

test("another shell is refused", async () => {
  expect(await bench.whisk("completion", "csh")).toEqual({
    code: 1,
    stdout: "",
    stderr: "error: Invalid argument(s): csh. A shell is required: bash, zsh, fish.\nRun 'whisk --help' for usage.\n",
  });
});

describe("the script for bash", () => {
  /** What bash would offer for a line, the cursor at its end; the words as bash takes them apart. */
  async function offered(...words: string[]): Promise<string[]> {
    const folder = mkdtempSync(path.join(bench.folder, "bin-"));
    const whisk = path.join(folder, "whisk");
    writeFileSync(whisk, `#!/bin/sh\nexec ${process.execPath} ${bench.program} "$@"\n`);
    chmodSync(whisk, 0o755);
    const script = `
      . "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _whisk; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const file = path.join(folder, "completion.sh");
    writeFileSync(file, (await bench.whisk("completion", "bash")).stdout);
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: bench.folder, WHISK_APIHOST: bench.platform.url, WHISK_AUTH: auth };
    const options = { env, cwd: bench.folder, timeout: 30_000 };
    const { stdout } = await promisify(execFile)("bash", ["-c", script, "bash", file, ...words], options);
    return stdout.split("\n").filter((line) => line !== "");
  }

  test("offers commands, names and files", async () => {
    bench.platform.entities.set("actions/with space", { namespace: "guest", name: "with space" });
    writeFileSync(path.join(bench.folder, "hello.js"), "");
    expect(await offered("whisk", "trig")).toEqual(["trigger"]);
    expect(await offered("whisk", "action", "get", "w")).toEqual(["with\\ space"]);
    expect(await offered("whisk", "action", "create", "x", "hell")).toEqual(["hello.js"]);
  });

  test("knows that a colon and an equals sign are words to bash", async () => {
    expect(await offered("whisk", "action", "create", "--kind", "nodejs", ":")).toEqual(["default"]);
    expect(await offered("whisk", "action", "create", "--kind", "nodejs", ":", "d")).toEqual(["default"]);
    expect(await offered("whisk", "action", "create", "--web", "=", "r")).toEqual(["raw"]);
  });
});

describe("sdk install", () => {
  const file = () => path.join(bench.folder, "wsk_cli_bash_completion.sh");
  afterEach(() => rmSync(file(), { force: true }));

  test("bashauto writes the script, or prints it", async () => {
    const { stdout } = await bench.whisk("sdk", "install", "bashauto");
    expect(stdout).toMatch(/^The bash auto-completion script \(wsk_cli_bash_completion.sh\) is installed in the current directory.\n/);
    expect(readFileSync(file(), "utf8")).toBe((await bench.whisk("sdk", "install", "bashauto", "--stdout")).stdout);
  });

  test.each([
    [["docker"], /^error: The docker skeleton is not served by this platform/],
    [["iOS"], /^error: The iOS starter app is not served by this platform/],
    [["x"], /^error: The SDK component argument 'x' is invalid. Valid components are docker, ios and bashauto\n/],
    [[], /The SDK component argument is missing. One component \(docker, ios, or bashauto\) must be specified\n/],
  ])("%j is refused with a word", async (args, message) => {
    expect(await bench.whisk("sdk", "install", ...args)).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(message) as string });
    expect(existsSync(file())).toBe(false);
  });
});
