import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { UNKNOWN } from "../resource";
import { askHealth } from "./endpoint";
import { findPlatform } from "./find";
import { commandLine, hasEnded, kill } from "./processes";
import { Bench, freePort } from "./testing/bench";
import { until } from "./wait";

let bench: Bench;
beforeEach(async () => (bench = await Bench.make()));
afterEach(() => bench.clean());

const health = (port = bench.port) => askHealth({ host: "127.0.0.1", port }, 5000);
const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** Elsewhere the folder of a process that moved cannot be told. */
const onLinux = process.platform === "linux" ? test : test.skip;

/** As after a power cut. */
async function killPlatform(): Promise<number> {
  const pid = (await health())!.pid;
  kill(pid);
  await until(async () => ((await commandLine(pid)) === undefined ? true : undefined), 5000, bench.cancel.signal);
  return pid;
}

describe("creating a local platform", () => {
  test("starts the program, waits until it serves, and tells where and with which key", async () => {
    const state = await bench.create();
    expect(state.id).toBe(".stackwhisk/trial");
    expect(state.outputs).toEqual({
      ...state.inputs,
      apiHost: `http://127.0.0.1:${bench.port}`,
      auth: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[A-Za-z0-9]{64}$/),
      logFile: ".stackwhisk/trial/platform.log",
      running: true,
    });
    expect((await health())?.pid).toBe(bench.dir().pid());
    expect(await bench.diff(state)).toEqual({ changes: {}, deleteBeforeReplace: true });
  });

  test("hands the program exactly its options, readable by this user only", async () => {
    const { outputs } = await bench.create({ memory: "1 GB", idleTimeout: "2 minutes", prewarm: false, logLevel: "debug", namespace: "shop" });
    const dir = bench.dir();
    const [uuid, key] = String(outputs.auth).split(":");
    expect(JSON.parse(readFileSync(dir.configFile, "utf8"))).toEqual({
      host: "127.0.0.1",
      port: bench.port,
      dataDir: dir.path,
      memory: 1024,
      idleTimeout: 120,
      prewarm: false,
      logLevel: "debug",
      namespaces: [{ name: "shop", uuid, key }],
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
    const pid = (await health())!.pid;
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
        `port ${other.port} on 127.0.0.1 is taken by another Stackwhisk platform (process ${(await health(other.port))!.pid}). Stop it, or choose another port: \`pulumi config set shop:port <number>\``,
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
    expect(await health()).toBeDefined();
  });

  test("takes over what an interrupted run left behind: its data and its key, with one process", async () => {
    const lost = await bench.create();
    writeFileSync(path.join(bench.dir().path, "data"), "kept");
    const before = (await health())!.pid;
    const state = await bench.create();
    expect(state.outputs.auth).toBe(lost.outputs.auth);
    expect(readFileSync(path.join(bench.dir().path, "data"), "utf8")).toBe("kept");
    expect((await health())!.pid).not.toBe(before);
    expect(await commandLine(before)).toBeUndefined();
  });
});

describe("a local platform that exists", () => {
  test("comes back with its data and key after its process was killed", async () => {
    const state = await bench.create();
    writeFileSync(path.join(bench.dir().path, "data"), "kept");
    await killPlatform();
    expect((await bench.diff(state)).changes).toEqual({ running: "update" });

    const back = await bench.update(state);
    expect(back.outputs).toEqual(state.outputs);
    expect(readFileSync(path.join(bench.dir().path, "data"), "utf8")).toBe("kept");
    expect((await bench.diff(back)).changes).toEqual({});
  });

  test("comes back although what is left of its process stays in the process table", async () => {
    const state = await bench.create();
    await killPlatform();
    // The shell becomes a program that does not know of its child, and never waits for it.
    const parent = spawn("sh", ["-c", "sleep 0.01 & echo $!; exec sleep 1000"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const zombie = Number(line.toString());
      expect(await until(async () => ((await hasEnded(zombie)) ? true : undefined), 5000, bench.cancel.signal)).toBe(true);
      expect(() => process.kill(zombie, 0)).not.toThrow();
      writeFileSync(path.join(bench.dir().path, "platform.pid"), String(zombie));
      expect((await bench.update(state)).outputs).toEqual(state.outputs);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  test("is not mistaken for a process that got its old process id", async () => {
    const state = await bench.create();
    await killPlatform();
    writeFileSync(path.join(bench.dir().path, "platform.pid"), String(process.pid));
    expect((await bench.diff(state)).changes).toEqual({ running: "update" });
    await bench.handler.delete(state, bench.context);
    expect(existsSync(bench.dir().path)).toBe(false);
  });

  test("starts afresh, with the same key and one process, after somebody removed its folder", async () => {
    const state = await bench.create();
    const before = (await health())!.pid;
    rmSync(bench.dir().path, { recursive: true });
    expect((await bench.diff(state)).changes).toEqual({ running: "update" });
    const port = await freePort();
    const back = await bench.update(state, { port });
    expect(back.outputs.auth).toBe(state.outputs.auth);
    expect(await commandLine(before)).toBeUndefined();
    expect((await health(port))?.pid).toBe(bench.dir().pid());
  });

  test("is created again after somebody removed its folder and a refresh noticed", async () => {
    const state = await bench.create();
    rmSync(bench.dir().path, { recursive: true });
    expect(await bench.handler.read(state, bench.context)).toBeUndefined();
    await bench.create();
    expect((await health())?.pid).toBe(bench.dir().pid());
  });

  test("is restarted in place, with its data and key, when an option changes", async () => {
    const state = await bench.create();
    const port = await freePort();
    expect((await bench.diff(state, { port, memory: "3 GB" })).changes).toEqual({ port: "update", memory: "update" });

    const moved = await bench.update(state, { port, memory: "3 GB" });
    expect(moved.outputs).toEqual({ ...state.outputs, port, memory: 3072, apiHost: `http://127.0.0.1:${port}` });
    expect(await health()).toBeUndefined();
    expect((await health(port))?.pid).toBe(bench.dir().pid());
  });

  test("is restarted by a new build of the program", async () => {
    const state = await bench.create();
    bench.build("stubborn");
    expect((await bench.diff(state)).changes).toEqual({ program: "update" });
    await bench.update(state);
    expect((await health())?.pid).toBe(bench.dir().pid());
  });

  test("keeps serving when its new port is taken", async () => {
    const state = await bench.create();
    const other = await Bench.make();
    try {
      await other.create();
      await expect(bench.update(state, { port: other.port })).rejects.toThrow(`port ${other.port} on 127.0.0.1 is taken`);
      expect((await bench.diff(state)).changes).toEqual({});
    } finally {
      await other.clean();
    }
  });

  test("is replaced, the old one first, when its folder or namespace changes", async () => {
    const state = await bench.create();
    expect(await bench.diff(state, { dataDir: "elsewhere" })).toEqual({ changes: { dataDir: "update-replace" }, deleteBeforeReplace: true });
    expect(await bench.diff(state, { namespace: "shop" })).toEqual({ changes: { namespace: "update-replace" }, deleteBeforeReplace: true });
  });

  test("is changed by inputs that are not known yet", async () => {
    const state = await bench.create();
    expect((await bench.diff(state, { logLevel: UNKNOWN })).changes).toEqual({ logLevel: "update" });
  });

  onLinux("asks for a restart, and gets it, after its folder was moved", async () => {
    const state = await bench.create();
    const before = (await health())!.pid;
    const directory = `${bench.directory}/moved`;
    mkdirSync(directory);
    renameSync(path.join(bench.directory, ".stackwhisk"), path.join(directory, ".stackwhisk"));
    bench.dir("moved/.stackwhisk/trial");
    const context = { ...bench.context, directory };
    expect((await bench.handler.diff(state, state.inputs, { ...bench.checkContext(), directory })).changes).toEqual({ running: "update" });
    expect(await bench.handler.update(state, state.inputs, context)).toEqual(state.outputs);
    expect((await health())!.pid).not.toBe(before);
  });
});

describe("refreshing a local platform", () => {
  test("finds what was created", async () => {
    const state = await bench.create();
    expect(await bench.handler.read(state, bench.context)).toEqual(state);
  });

  test("finds that it was stopped, its data being there", async () => {
    const state = await bench.create();
    await killPlatform();
    const found = await bench.handler.read(state, bench.context);
    expect(found).toEqual({ ...state, outputs: { ...state.outputs, running: false } });
    expect((await bench.diff(found!)).changes).toEqual({ running: "update" });
  });

  test("finds that its data directory is gone", async () => {
    const state = await bench.create();
    await bench.handler.delete(state, bench.context);
    expect(await bench.handler.read(state, bench.context)).toBeUndefined();
  });

  test("imports one by its data directory", async () => {
    const state = await bench.create();
    expect(await bench.handler.read({ id: state.id, inputs: {}, outputs: {} }, bench.context)).toEqual(state);
  });

  test("names a configuration file that cannot be read", async () => {
    const state = await bench.create();
    writeFileSync(bench.dir().configFile, "{");
    await expect(bench.handler.read(state, bench.context)).rejects.toThrow(`${bench.dir().configFile} cannot be read: it is not JSON`);
  });
});

describe("deleting a local platform", () => {
  const stopped = async () => (await findPlatform(bench.dir(), { host: "127.0.0.1", port: bench.port }, bench.cancel.signal)).state;

  test("leaves no process, no port and no folder, and can be repeated", async () => {
    const state = await bench.create();
    await bench.handler.delete(state, bench.context);
    expect(await stopped()).toBe("stopped");
    expect(existsSync(path.join(bench.directory, ".stackwhisk"))).toBe(false);
    await bench.handler.delete(state, bench.context);
  });

  test("ends by force a process that does not end by itself", async () => {
    bench.build("stubborn");
    const state = await bench.create();
    await bench.handler.delete(state, bench.context);
    expect(await stopped()).toBe("stopped");
    expect(await health()).toBeUndefined();
  });

  test("works when the process is dead already", async () => {
    const state = await bench.create();
    await killPlatform();
    await bench.handler.delete(state, bench.context);
    expect(existsSync(bench.dir().path)).toBe(false);
  });

  test("finds the process also when its folder is gone", async () => {
    const state = await bench.create();
    renameSync(bench.dir().path, path.join(bench.directory, "trash"));
    await bench.handler.delete(state, bench.context);
    expect(await health()).toBeUndefined();
  });

  test("removes no folder that is not a platform's", async () => {
    const state = await bench.create();
    await bench.handler.delete(state, bench.context);
    mkdirSync(bench.dir().path, { recursive: true });
    writeFileSync(path.join(bench.dir().path, "thesis.txt"), "years of work");
    await bench.handler.delete(state, bench.context);
    expect(existsSync(path.join(bench.dir().path, "thesis.txt"))).toBe(true);
  });
});
