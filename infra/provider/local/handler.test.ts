import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findPlatform } from "../background/find";
import { Bench } from "../background/testing/bench";

let bench: Bench;
beforeEach(async () => (bench = await Bench.make()));
afterEach(() => bench.clean());

describe("refreshing a local platform", () => {
  test("finds what was created", async () => {
    const state = await bench.create();
    expect(await bench.handler.read(state, bench.context)).toEqual(state);
  });

  test("finds that it was stopped, its data being there", async () => {
    const state = await bench.create();
    await bench.killPlatform();
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
    expect(await bench.health()).toBeUndefined();
  });

  test("works when the process is dead already", async () => {
    const state = await bench.create();
    await bench.killPlatform();
    await bench.handler.delete(state, bench.context);
    expect(existsSync(bench.dir().path)).toBe(false);
  });

  test("finds the process also when its folder is gone", async () => {
    const state = await bench.create();
    renameSync(bench.dir().path, path.join(bench.directory, "trash"));
    await bench.handler.delete(state, bench.context);
    expect(await bench.health()).toBeUndefined();
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
