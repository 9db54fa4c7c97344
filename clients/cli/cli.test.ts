import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { auth } from "./testing/fake-platform";
import { Sink, useBench } from "./testing/harness";

const bench = useBench();
const environment = () => ({ PATH: process.env.PATH, HOME: bench.folder, WHISK_APIHOST: bench.platform.url, WHISK_AUTH: auth });

test("without a command, and with --help, the help is printed", async () => {
  for (const args of [[], ["--help"]])
    expect(await bench.whisk(...args)).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/^Usage: whisk .*\n[^]*activation/) as string,
    });
  expect((await bench.whisk("action")).stdout).toMatch(/^Usage: whisk action .*\n[^]*invoke/);
  const { stdout } = await bench.whisk("action", "invoke", "--help");
  expect(stdout).toMatch(/^Usage: whisk action invoke ACTION_NAME \[flags\]\n/);
  expect(stdout).toMatch(/\nFlags:\n[^]*--result[^]*\nGlobal Flags:\n[^]*--apihost[^]*\nExample:\n {2}whisk action invoke hello --result/);
  expect((await bench.whisk()).stdout).toMatch(/\nFlags:\n[^]*\nAvailable Commands:\n/);
});

test("every command has a help of its own, with an example that its own parser understands", async () => {
  const commands = [...(await bench.whisk("__complete", "--", "")).stdout.trim().split("\n")];
  for (const first of commands) {
    const inside = (await bench.whisk("__complete", "--", first, "")).stdout.trim().split("\n");
    const all = ["completion", "list"].includes(first) ? [[first]] : inside.map((second) => [first, second]);
    for (const words of all.filter(([group]) => group !== "api" && group !== "project")) {
      const { stdout } = await bench.whisk(...words, "--help");
      const [, example = ""] = /\nExample:\n {2}whisk (.*)\n/.exec(stdout) ?? [];
      expect([words, example.split(" ").slice(0, words.length)]).toEqual([words, words]);
      const understood = await bench.whisk(...example.replaceAll('"', "").split(" ").slice(0, words.length), "--help");
      expect(understood.code).toBe(0);
    }
  }
});

test("flags may be written as the official CLI takes them", async () => {
  const { stdout } = await bench.whisk("action", "list", "-l=5", "--name-sort=true", "--insecure=false");
  expect([stdout, bench.platform.seen[0]!.query]).toEqual(["actions\n", { limit: "5", skip: "0" }]);
});

test.each([
  [["api", "create", "-n", "Book Club", "/club", "/books", "get", "getBooks", "--response-type", "http"], /no API gateway.*--web true/],
  [["api", "list", "/club", "-f"], /no API gateway/],
  [["project", "deploy", "--manifest", "m.yaml"], /wskdeploy/],
])("%j says what there is instead", async (args, message) => {
  expect(await bench.whiskWith({ env: {} }, ...args)).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(message) as string });
});

test.each([
  [["actoin"], "unknown command 'actoin'\n(Did you mean action?)"],
  [["action", "frobnicate"], "unknown command 'frobnicate'"],
  [["action", "list", "--frobnicate"], "unknown option '--frobnicate'"],
])("%j is refused", async (args, message) => {
  expect(await bench.whisk(...args)).toEqual({ code: 1, stdout: "", stderr: `error: ${message}\nRun 'whisk --help' for usage.\n` });
});

test("without a configuration one message says how to get it", async () => {
  expect(await bench.whiskWith({ env: {} }, "action", "list")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      'error: The API host is not valid: An API host must be provided. In a checkout with a running platform: eval "$(npm run -s env)"; else: whisk property set --apihost HOST --auth KEY\n' +
      "Run 'whisk --help' for usage.\n",
  });
});

test("the properties file is enough, and flags work before and after the command", async () => {
  writeFileSync(path.join(bench.folder, "props"), `APIHOST=${bench.platform.url}\nAUTH=${auth}\n`);
  const env = { WSK_CONFIG_FILE: path.join(bench.folder, "props") };
  expect((await bench.whiskWith({ env }, "action", "list")).stdout).toBe("actions\n");
  expect((await bench.whiskWith({ env }, "--auth", "no:body", "action", "list")).code).toBe(145);
  expect((await bench.whiskWith({ env }, "action", "list", "-u", "no:body")).stderr).toBe(
    "error: Unable to obtain the list of actions for namespace 'default': The supplied authentication is invalid. (code aTransactionId)\nRun 'whisk --help' for usage.\n",
  );
});

test("a platform that is not there exits with 3", async () => {
  const { code, stderr } = await bench.whiskWith(
    { env: { WHISK_APIHOST: "http://127.0.0.1:9", WHISK_AUTH: auth } },
    "activation",
    "get",
    "x",
  );
  expect([code, stderr]).toEqual([
    3,
    "error: Unable to get activation 'x': no connection to http://127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9\n",
  ]);
});

test("a server of something else is told from the platform", async () => {
  bench.platform.answers.set("GET actions/", { body: "<html>" });
  expect(await bench.whisk("action", "list")).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`${bench.platform.url} did not answer in JSON: is it the API host?`) as string,
  });
});

test("the output of --verbose and --debug shows the exchange on stderr and no secret", async () => {
  bench.platform.answers.set("POST actions/echo", { body: { token: "t0p", deep: { password: "t0p" }, said: auth, plain: "seen" } });
  for (const flag of ["-v", "-d"]) {
    const { stdout, stderr } = await bench.whisk("action", "invoke", "echo", "-r", flag, "-p", "apiKey", "t0p", "-p", "who", "me");
    expect(stderr).toContain(`REQUEST:\n[POST]\t${bench.platform.url}/api/v1/namespaces/_/actions/echo?blocking=true&result=true\n`);
    expect(stderr).toContain('"authorization": "<hidden>"');
    expect(stderr).toContain('Req Body\n{"apiKey":"<hidden>","who":"me"}\n');
    expect(stderr).toContain('{"token":"<hidden>","deep":{"password":"<hidden>"},"said":"<hidden>","plain":"seen"}');
    for (const secret of ["t0p", auth, auth.split(":")[1]!, Buffer.from(auth).toString("base64")]) expect(stderr).not.toContain(secret);
    expect(JSON.parse(stdout)).toMatchObject({ plain: "seen" });
  }
  const long = await bench.whisk("action", "invoke", "echo", "-v", "-p", "text", "a".repeat(1_000));
  expect(long.stderr).toContain("Body exceeds 1000 bytes and will be truncated\n");
  const bound = await bench.whisk("package", "create", "db", "-p", "url", "mysql://root:t0p@db", "-v");
  expect(bound.stderr).toContain('"parameters":[{"key":"url","value":"<hidden>"}]');
});

test("colours are for terminals, and NO_COLOR turns them off", async () => {
  await bench.whisk("trigger", "create", "news");
  const terminal = (): Sink => Object.assign(new Sink(), { isTTY: true });
  const env = { WHISK_APIHOST: bench.platform.url, WHISK_AUTH: auth };
  for (const [more, heading] of [
    [{}, "\u001b[1mtriggers\u001b[22m"],
    [{ NO_COLOR: "1" }, "triggers"],
  ] as const) {
    const stdout = terminal();
    await bench.whiskWith({ env: { ...env, ...more }, stdout }, "trigger", "list");
    expect(stdout.text.split("\n")[0]).toBe(heading);
  }
});

describe("as a process", () => {
  test("it prints, exits with the code, and leaves nothing open", async () => {
    const whisk = (...args: string[]) =>
      promisify(execFile)(process.execPath, [bench.program, ...args], { env: environment(), timeout: 20_000 });
    expect(await whisk("trigger", "create", "news")).toEqual({ stdout: "ok: created trigger news\n", stderr: "" });
    await expect(whisk("action", "get", "none")).rejects.toMatchObject({ code: 148, stdout: "" });
  });

  test("Ctrl-C ends a poll with a word", async () => {
    const poll = spawn(process.execPath, [bench.program, "activation", "poll"], { env: environment() });
    let stdout = "";
    for await (const chunk of poll.stdout) {
      stdout += String(chunk);
      if (stdout.endsWith("Polling for activation logs\n")) poll.kill("SIGINT");
    }
    const [code] = poll.exitCode === null ? ((await once(poll, "exit")) as [number]) : [poll.exitCode];
    expect([code, stdout]).toEqual([1, "Enter Ctrl-c to exit.\nPolling for activation logs\nPoll terminated\n"]);
  });
});
