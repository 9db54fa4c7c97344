import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UNKNOWN } from "../resource";
import { commandLine, hasEnded } from "../background/processes";
import { Bench, freePort } from "../background/testing/bench";
import { until } from "../background/wait";

let bench: Bench;
beforeEach(async () => (bench = await Bench.make()));
afterEach(() => bench.clean());

/** Elsewhere the folder of a process that moved cannot be told. */
const onLinux = process.platform === "linux" ? test : test.skip;

describe("a local platform that exists", () => {
  test("comes back with its data and key after its process was killed", async () => {
    const state = await bench.create();
    writeFileSync(path.join(bench.dir().path, "data"), "kept");
    await bench.killPlatform();
    expect((await bench.diff(state)).changes).toEqual({ running: "update" });

    const back = await bench.update(state);
    expect(back.outputs).toEqual(state.outputs);
    expect(readFileSync(path.join(bench.dir().path, "data"), "utf8")).toBe("kept");
    expect((await bench.diff(back)).changes).toEqual({});
  });

  test("that has no admin key yet gets one when it is started again, and keeps it", async () => {
    const { adminKey: _, ...outputs } = (await bench.create()).outputs;
    const state = { id: ".stackwhisk/trial", inputs: await bench.inputs(), outputs };
    const changed = await bench.update(state, { memory: 1024 });
    expect(changed.outputs.adminKey).toMatch(/^[A-Za-z0-9]{64}$/);
    expect((await bench.update(changed)).outputs.adminKey).toBe(changed.outputs.adminKey);
  });

  test("comes back although what is left of its process stays in the process table", async () => {
    const state = await bench.create();
    await bench.killPlatform();
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
    await bench.killPlatform();
    writeFileSync(path.join(bench.dir().path, "platform.pid"), String(process.pid));
    expect((await bench.diff(state)).changes).toEqual({ running: "update" });
    await bench.handler.delete(state, bench.context);
    expect(existsSync(bench.dir().path)).toBe(false);
  });

  test("starts afresh, with the same key and one process, after somebody removed its folder", async () => {
    const state = await bench.create();
    const before = (await bench.health())!.pid;
    rmSync(bench.dir().path, { recursive: true });
    expect((await bench.diff(state)).changes).toEqual({ running: "update" });
    const port = await freePort();
    const back = await bench.update(state, { port });
    expect(back.outputs.auth).toBe(state.outputs.auth);
    expect(await commandLine(before)).toBeUndefined();
    expect((await bench.health(port))?.pid).toBe(bench.dir().pid());
  });

  test("is created again after somebody removed its folder and a refresh noticed", async () => {
    const state = await bench.create();
    rmSync(bench.dir().path, { recursive: true });
    expect(await bench.handler.read(state, bench.context)).toBeUndefined();
    await bench.create();
    expect((await bench.health())?.pid).toBe(bench.dir().pid());
  });

  test("is restarted in place, with its data and key, when an option changes", async () => {
    const state = await bench.create();
    const port = await freePort();
    expect((await bench.diff(state, { port, memory: "3 GB" })).changes).toEqual({ port: "update", memory: "update" });

    const moved = await bench.update(state, { port, memory: "3 GB" });
    expect(moved.outputs).toEqual({ ...state.outputs, port, memory: 3072, apiHost: `http://127.0.0.1:${port}` });
    expect(await bench.health()).toBeUndefined();
    expect((await bench.health(port))?.pid).toBe(bench.dir().pid());
  });

  test("is restarted by a new build of the program", async () => {
    const state = await bench.create();
    bench.build("stubborn");
    expect((await bench.diff(state)).changes).toEqual({ program: "update" });
    await bench.update(state);
    expect((await bench.health())?.pid).toBe(bench.dir().pid());
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
    const before = (await bench.health())!.pid;
    const directory = `${bench.directory}/moved`;
    mkdirSync(directory);
    renameSync(path.join(bench.directory, ".stackwhisk"), path.join(directory, ".stackwhisk"));
    bench.dir("moved/.stackwhisk/trial");
    const context = { ...bench.context, directory };
    expect((await bench.handler.diff(state, state.inputs, { ...bench.checkContext(), directory })).changes).toEqual({ running: "update" });
    expect(await bench.handler.update(state, state.inputs, context)).toEqual(state.outputs);
    expect((await bench.health())!.pid).not.toBe(before);
  });
});
