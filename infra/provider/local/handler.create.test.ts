import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commandLine } from "../background/processes";
import { Bench } from "../background/testing/bench";
import { until } from "../background/wait";

let bench: Bench;
beforeEach(async () => (bench = await Bench.make()));
afterEach(() => bench.clean());

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe("creating a local platform", () => {
  test("starts the program, waits until it serves, and tells where and with which key", async () => {
    const state = await bench.create();
    expect(state.id).toBe(".stackwhisk/trial");
    expect(state.outputs).toEqual({
      ...state.inputs,
      apiHost: `http://127.0.0.1:${bench.port}`,
      auth: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[A-Za-z0-9]{64}$/),
      adminKey: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
      logFile: ".stackwhisk/trial/platform.log",
      running: true,
    });
    expect((await bench.health())?.pid).toBe(bench.dir().pid());
    expect(await bench.diff(state)).toEqual({ changes: {}, deleteBeforeReplace: true });
  });

  test("hands the program exactly its options, readable by this user only", async () => {
    const { outputs } = await bench.create({ limits: { invocationsPerMinute: 60 }, allowSharedProcesses: true, memory: "1 GB", idleTimeout: "2 minutes", prewarm: false, logLevel: "debug", namespace: "shop" });
    const dir = bench.dir();
    const [uuid, key] = String(outputs.auth).split(":");
    expect(JSON.parse(readFileSync(dir.configFile, "utf8"))).toEqual({
      host: "127.0.0.1",
      port: bench.port,
      dataDir: dir.path,
      memory: 1024,
      idleTimeout: 120,
      retention: 604_800,
      prewarm: false,
      logLevel: "debug",
      limits: { invocationsPerMinute: 60 },
      allowSharedProcesses: true,
      namespaces: [{ name: "shop", uuid, key }],
      adminKey: outputs.adminKey,
    });
    expect([mode(dir.configFile), mode(dir.logFile), mode(dir.path), mode(path.dirname(dir.path))]).toEqual(["600", "600", "700", "700"]);
  });

  test("gives the process a session of its own and nothing of Pulumi's environment", async () => {
    process.env.PULUMI_CONFIG_PASSPHRASE = "not for actions";
    try {
      await bench.create();
    } finally {
      delete process.env.PULUMI_CONFIG_PASSPHRASE;
    }
    const pid = (await bench.health())!.pid;
    const [session, group] = spawnSync("ps", ["-o", "sess=,pgid=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim().split(/\s+/);
    expect(group).toBe(String(pid));
    if (process.platform === "linux") expect(session).toBe(String(pid));
    const environment = JSON.parse(readFileSync(path.join(bench.dir().path, "environment.json"), "utf8"));
    expect(environment.PATH).toBe(process.env.PATH);
    expect(Object.keys(environment).filter((name) => /PULUMI|JEST|NODE_ENV/.test(name))).toEqual([]);
  });

  test("that fails says why with the last lines of the log, and leaves nothing", async () => {
    bench.build("crash");
    const failure = await bench.create().catch((error: Error) => error.message);
    expect(failure).toMatch(/^the platform did not start: the store cannot be opened\nThe last lines of .*platform\.log:\n/);
    expect(failure).toMatch(/\n {2}\d\d:\d\d:\d\d\.\d{3} INFO starting\n {2}Error: the store is broken\n {2}[\d:.]+ FATAL the store cannot be opened$/);
    expect(existsSync(path.join(bench.directory, ".stackwhisk"))).toBe(false);
  });

  test("that does not get healthy in time says how long it waited, and ends the process", async () => {
    bench.build("silent");
    const inputs = await bench.inputs();
    const failure = await bench.handler.create(inputs, { ...bench.context, timeout: 2 }).catch((error: Error) => error.message);
    expect(failure).toContain(`http://127.0.0.1:${bench.port}/health was not healthy after 2 s`);
    expect(failure).toContain("INFO serving");
    await expect(fetch(`http://127.0.0.1:${bench.port}/health`)).rejects.toThrow();
  });

  test("ends what it started when the user cancels", async () => {
    bench.build("silent");
    const creating = bench.create().catch((error: Error) => error.message);
    const serves = () => fetch(`http://127.0.0.1:${bench.port}/`).then(() => true, () => undefined);
    expect(await until(serves, 10_000, new AbortController().signal)).toBe(true);
    bench.cancel.abort();
    expect(await creating).toMatch(/^the platform did not start: cancelled/);
    expect(await serves()).toBeUndefined();
  });

  test("on a port that is taken names the port and how to choose another, and leaves nothing", async () => {
    const other = await Bench.make();
    try {
      await other.create();
      await expect(bench.create({ port: other.port })).rejects.toThrow(
        `port ${other.port} on 127.0.0.1 is taken by another Stackwhisk platform (process ${(await bench.health(other.port))!.pid}). Stop it, or choose another port: \`pulumi config set --stack trial shop:port <number>\``,
      );
      expect(existsSync(path.join(bench.directory, ".stackwhisk"))).toBe(false);
    } finally {
      await other.clean();
    }
  });

  test("refuses a folder that holds something else, and leaves that alone", async () => {
    const mine = path.join(bench.directory, "mine");
    mkdirSync(mine);
    writeFileSync(path.join(mine, "thesis.txt"), "years of work");
    await expect(bench.create({ dataDir: "mine" })).rejects.toThrow(`dataDir: ${mine} is not empty, and what is in it is not a platform's`);
    expect(readFileSync(path.join(mine, "thesis.txt"), "utf8")).toBe("years of work");
  });

  test("refuses the folder of another platform", async () => {
    await bench.create();
    const inputs = await bench.inputs();
    const urn = bench.context.urn.replace("::platform", "::second");
    await expect(bench.handler.create(inputs, { ...bench.context, urn })).rejects.toThrow(`holds the data of ${bench.context.urn}; choose another folder`);
    expect(await bench.health()).toBeDefined();
  });

  test("takes over what an interrupted run left behind: its data and its key, with one process", async () => {
    const lost = await bench.create();
    writeFileSync(path.join(bench.dir().path, "data"), "kept");
    const before = (await bench.health())!.pid;
    const state = await bench.create();
    expect(state.outputs.auth).toBe(lost.outputs.auth);
    expect(readFileSync(path.join(bench.dir().path, "data"), "utf8")).toBe("kept");
    expect((await bench.health())!.pid).not.toBe(before);
    expect(await commandLine(before)).toBeUndefined();
  });
});
