import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import type { ActivationRecord, Client } from "../support/client";
import { TestPlatform } from "../support/platform";
import { isRunning } from "../support/processes";
import { until } from "../support/until";
import { successful, whiskIn, type Whisk } from "../support/whisk";

const script = (...lines: string[]): string => `#!/bin/sh\n${lines.join("\n")}\n`;
/** What stands at the end of the log of a failure. */
const INCOMPLETE = expect.stringContaining("Log data might be missing") as string;
/** Of a script: a text of its parameters, which come as one line of JSON. */
const parameter = (name: string): string => `${name}=$(printf %s "$1" | sed 's/.*"${name}":"\\([^"]*\\)".*/\\1/')`;

describe("programs, where actions are processes", () => {
  let platform: TestPlatform;
  let client: Client;
  let folder: string;
  let run: Whisk;

  const whisk = (...args: string[]): Promise<string> => successful(run, ...args);

  async function create(name: string, code: string, ...flags: string[]): Promise<void> {
    writeFileSync(path.join(folder, `${name}.sh`), code);
    await whisk("action", "create", name, `${name}.sh`, "--native", ...flags);
  }

  async function invoke(name: string, parameters: object = {}): Promise<ActivationRecord> {
    const { body } = await client.invoke(name, parameters, "blocking=true");
    return client.activation((body as ActivationRecord).activationId);
  }

  const result = async (name: string, parameters?: object): Promise<unknown> => (await invoke(name, parameters)).response.result;
  const isGone = (pid: number) => () => !isRunning(pid);

  beforeAll(async () => {
    platform = await TestPlatform.start();
    client = platform.client();
    folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-programs-"));
    run = whiskIn(folder, platform);
  });
  afterAll(async () => {
    await platform.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a script is an action with --native: its last line is the result, what came before and standard error the log", async () => {
    await create("greet", script("read -r line", 'echo "given $line"', "echo aside >&2", `printf '{"given":%s,"argument":%s}\\n' "$line" "$1"`));
    expect(JSON.parse(await whisk("action", "invoke", "greet", "-r", "-p", "name", "Ada ❄"))).toEqual({ given: { name: "Ada ❄" }, argument: { name: "Ada ❄" } });
    const { logs } = await invoke("greet", { n: 1 });
    expect(logs.map((line) => line.replace(/^\S+ +/, "")).sort()).toEqual(["stderr: aside", 'stdout: given {"n":1}']);
    expect((await client.must("GET", "actions/greet")).body).toMatchObject({ exec: { kind: "blackbox", image: "openwhisk/dockerskeleton" } });
  });

  test("a zip archive is one with its program exec, which runs among its files", async () => {
    const files = { exec: script('. ./lib/helper.sh', `printf '{"helped":"%s","data":"%s"}' "$(help)" "$(cat data.txt)"`), "lib/helper.sh": "help() { echo yes; }\n", "data.txt": "some data" };
    writeFileSync(path.join(folder, "packed.zip"), zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))));
    await whisk("action", "create", "packed", "packed.zip", "--native");
    expect(await result("packed")).toEqual({ helped: "yes", data: "some data" });
  });

  test("a native binary is one, also in base64 with the name of the platform's own image", async () => {
    cpSync("/bin/echo", path.join(folder, "echo"));
    await whisk("action", "create", "tool", "echo", "--native");
    expect(await result("tool", { a: 1 })).toEqual({ a: 1 });
    const code = readFileSync("/bin/echo").toString("base64");
    await client.must("PUT", "actions/binary", { exec: { kind: "blackbox", image: "stackwhisk/dockerskeleton", code, binary: true } });
    expect(await result("binary", { a: 1 })).toEqual({ a: 1 });
  });

  test("it has the variables of its activation, and none of the platform's", async () => {
    await create("environment", script("env | grep -c ^STACKWHISK_ >&2", `printf '{"name":"%s","id":"%s"}' "$__OW_ACTION_NAME" "$__OW_ACTIVATION_ID"`));
    const { activationId, logs, response } = await invoke("environment");
    expect(response.result).toEqual({ name: "/guest/environment", id: activationId });
    expect(logs).toEqual([expect.stringMatching(/stderr: 0$/)]);
  });

  test("two run at the same time, each with files of its own, which stay for its next run", async () => {
    const meet = mkdtempSync(path.join(folder, "meet-"));
    const code = script(
      parameter("folder"),
      parameter("me"),
      parameter("other"),
      'echo "$me" >> state',
      ': > "$folder/$me"',
      'until [ -e "$folder/$other" ]; do :; done',
      `printf '{"state":"%s","cwd":"%s"}' "$(cat state | tr '\\n' ' ')" "$PWD"`,
    );
    await Promise.all([create("left", code), create("right", code)]);
    const both = () => Promise.all([result("left", { folder: meet, me: "l", other: "r" }), result("right", { folder: meet, me: "r", other: "l" })]);
    const [left, right] = (await both()) as { state: string; cwd: string }[];
    expect([left!.state, right!.state]).toEqual(["l ", "r "]);
    expect(left!.cwd).not.toBe(right!.cwd);
    expect(await both()).toEqual([{ ...left, state: "l l " }, { ...right, state: "r r " }]);
  });

  test("without a result the action has failed, and the log tells the exit code", async () => {
    await create("failing", script("echo working", "exit 3"));
    const failed = await run("action", "invoke", "failing", "-r");
    expect([failed.status, JSON.parse(failed.stderr)]).toEqual([246, { error: "The action did not return a dictionary or array." }]);
    const { response, logs } = await invoke("failing");
    expect(response).toMatchObject({ status: "action developer error" });
    expect(logs).toEqual([expect.stringMatching(/stdout: working$/), INCOMPLETE]);
    await create("silent", script("exit 3"));
    expect((await invoke("silent")).logs).toEqual([expect.stringMatching(/stdout: The program of the action printed no result and ended with 3\.$/), INCOMPLETE]);
    await create("refusing", script(`echo '{"error":"not today"}'`));
    expect((await invoke("refusing")).response).toMatchObject({ status: "application error", result: { error: "not today" } });
  });

  test("what is no program is told when it is first run", async () => {
    writeFileSync(path.join(folder, "empty.zip"), zipSync({ "readme.md": Buffer.from("nothing") }));
    await whisk("action", "create", "empty", "empty.zip", "--native");
    const { response, logs } = await invoke("empty");
    expect(response).toMatchObject({ status: "action developer error", result: { error: expect.stringContaining("failed to generate or locate a binary") } });
    expect(logs).toEqual([expect.stringMatching(/stderr: Zip file does not include exec$/), INCOMPLETE]);
  });

  test("one that takes longer than its limit is ended, with what it has started", async () => {
    await create("endless", script("sleep 1000 &", 'echo "$$ $!"', "echo waiting", "wait"), "--timeout", "500");
    const { response, logs } = await invoke("endless");
    expect(response.result).toEqual({ error: expect.stringContaining("exceeded its time limits") });
    const pids = /stdout: (\d+) (\d+)$/m.exec(logs.join("\n"))!.slice(1).map(Number);
    for (const pid of pids) await until("the process is gone", isGone(pid));
  });

  test("its files go with the platform, and so does what it is computing when the platform is killed", async () => {
    const own = await TestPlatform.start();
    try {
      const code = script(parameter("folder"), `printf '{"cwd":"%s","pid":"%s"}\\n' "$PWD" $$ | tee "$folder/told.new"`, 'mv "$folder/told.new" "$folder/told"', '[ -e "$folder/go" ] || while :; do :; done');
      await own.client().must("PUT", "actions/told", { exec: { kind: "blackbox", image: "openwhisk/dockerskeleton", code } });
      const where = mkdtempSync(path.join(folder, "told-"));
      const told = () => JSON.parse(readFileSync(path.join(where, "told"), "utf8")) as { cwd: string; pid: string };
      void own.client().invoke("told", { folder: where }).catch(() => undefined);
      await until("the program runs", () => existsSync(path.join(where, "told")));
      const busy = told();
      expect(existsSync(path.join(busy.cwd, "exec"))).toBe(true);
      await own.kill();
      await until("the program is gone", isGone(Number(busy.pid)));
      await own.start();
      await until("its folder is gone", () => !existsSync(busy.cwd));
      writeFileSync(path.join(where, "go"), "");
      await own.client().invoke("told", { folder: where });
      const { cwd } = told();
      expect([cwd !== busy.cwd, existsSync(cwd)]).toEqual([true, true]);
      await own.stop();
      expect(existsSync(cwd)).toBe(false);
    } finally {
      await own.dispose();
    }
  });
});
