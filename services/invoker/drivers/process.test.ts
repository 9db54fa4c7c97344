import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fakeCommands } from "../testing/fakeCommands";
import { containerDriverContract, until } from "./contract";
import { ProcessDriver, type RuntimeCommand } from "./process";
import { Homes } from "./process/homes";
import { processIdentity } from "./process/identity";

const isAlive = (pid: number) => processIdentity(pid) !== undefined;

containerDriverContract("process", async () => {
  const driver = new ProcessDriver({ commands: fakeCommands });
  return { driver, kind: "fake:1", unavailableKind: "cobol:1", isAlive, close: () => driver.close() };
});

describe("the process driver", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "sw-test-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const spec = (kind: string) => ({ name: "mine", kind, memory: 128, env: {} });

  it("says what a runtime that does not start has written, and leaves nothing of it", async () => {
    const driver = new ProcessDriver({ commands: fakeCommands, root });
    await expect(driver.create(spec("fake:crash"))).rejects.toThrow(
      "The runtime process mine (fake:crash) did not start: it exited with code 7.\nno such module",
    );
    await driver.close();
    expect(readdirSync(root)).toEqual([]);
  });

  it("gives up on a runtime that does not listen in time, and ends it", async () => {
    const driver = new ProcessDriver({ commands: fakeCommands, root, readyTimeout: 300 });
    await expect(driver.create(spec("fake:mute"))).rejects.toThrow("it did not listen within 300 ms.");
    await driver.close();
  });

  it("names the program that it cannot start", async () => {
    const driver = new ProcessDriver({ commands: () => ({ command: "/no/such/program", args: [], env: {} }), root });
    await expect(driver.create(spec("fake:1"))).rejects.toThrow(/did not start: .*\s.*\/no\/such\/program/);
    await driver.close();
  });

  describe("what has to be prepared for a runtime", () => {
    const prepares = (prepare: () => Promise<Record<string, string>>) =>
      new ProcessDriver({ root, commands: (kind) => ({ ...(fakeCommands(kind) as RuntimeCommand), prepare }) });

    it("is done first, and what it gives is in the runtime's environment", async () => {
      const driver = prepares(() => Promise.resolve({ MODE: "crash" }));
      await expect(driver.create(spec("fake:1"))).rejects.toThrow("exited with code 7");
      await driver.close();
    });

    it("may fail, and then it is told why", async () => {
      const driver = prepares(() => Promise.reject(new Error("no compiler")));
      await expect(driver.create(spec("fake:1"))).rejects.toMatchObject({ name: "ContainerError", message: "The runtime process mine (fake:1) was not started: no compiler" });
      await driver.close();
      expect(readdirSync(root)).toEqual([]);
    });

    it("starts nothing when the driver was closed meanwhile", async () => {
      let ready = (_env: Record<string, string>): void => undefined;
      const driver = prepares(() => new Promise((resolve) => (ready = resolve)));
      const created = driver.create(spec("fake:1"));
      await driver.close();
      ready({});
      await expect(created).rejects.toThrow("the driver is closed");
      expect(readdirSync(root)).toEqual([]);
    });
  });

  it("survives that no descriptor is free for another process", async () => {
    // So Node answers then: no process, no streams, and an event.
    const childProcess = jest.requireActual<typeof import("node:child_process")>("node:child_process");
    const spawned = jest.spyOn(childProcess, "spawn").mockImplementation(() => {
      const child = new childProcess.ChildProcess();
      process.nextTick(() => child.emit("error", new Error("spawn node EMFILE")));
      return child;
    });
    const driver = new ProcessDriver({ commands: fakeCommands, root });
    await expect(driver.create(spec("fake:1"))).rejects.toThrow("The runtime process mine (fake:1) could not be started: spawn node EMFILE.");
    spawned.mockRestore();
    await driver.close();
    expect(readdirSync(root)).toEqual([]);
  });

  it("ends a process that it cannot note down", async () => {
    const pids: number[] = [];
    const noted = jest.spyOn(Homes.prototype, "inhabit").mockImplementation((_home, pid) => {
      pids.push(pid);
      throw new Error("no space left on device");
    });
    const driver = new ProcessDriver({ commands: fakeCommands, root });
    await expect(driver.create(spec("fake:1"))).rejects.toThrow("no space left on device");
    noted.mockRestore();
    expect(pids.map(isAlive)).toEqual([false]);
    await driver.close();
  });

  it("ends all its containers and removes their folders when it is closed", async () => {
    const driver = new ProcessDriver({ commands: fakeCommands, root });
    const [a, b] = await Promise.all([driver.create(spec("fake:1")), driver.create(spec("fake:1"))]);
    await driver.close();
    await Promise.all([a.gone, b.gone]);
    expect(readdirSync(root)).toEqual([]);
    await expect(driver.create(spec("fake:1"))).rejects.toThrow("the driver is closed");
  });

  it("refuses a folder that others can enter", async () => {
    mkdirSync(join(root, "open"), { mode: 0o755 });
    const driver = new ProcessDriver({ commands: fakeCommands, root: join(root, "open") });
    await expect(driver.create(spec("fake:1"))).rejects.toThrow("only this user can enter");
  });

  describe("folders that an action has closed", () => {
    const { geteuid, seteuid } = process;
    const isRoot = geteuid?.() === 0;
    // Root may write everywhere.
    beforeEach(() => {
      if (!isRoot) return;
      chownSync(root, 65534, 65534);
      seteuid!(65534);
    });
    afterEach(() => isRoot && seteuid!(0));

    function close(work: string): void {
      mkdirSync(join(work, "cache", "deep"), { recursive: true });
      writeFileSync(join(work, "cache", "deep", "file"), "");
      chmodSync(join(work, "cache", "deep"), 0);
      chmodSync(join(work, "cache"), 0o500);
    }

    it("are removed at the end", async () => {
      const homes = new Homes(root);
      close(homes.create().work);
      await homes.close();
      expect(readdirSync(root)).toEqual([]);
    });

    it("do not keep a later platform from starting", async () => {
      const work = join(root, "999999999-abc", "1", "work");
      close(work);
      await new Homes(root).reap();
      expect(readdirSync(root)).toEqual([]);
    });
  });

  describe("reaping", () => {
    it("believes nothing that others can have written", async () => {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
      const dir = leftBehind(child.pid!, processIdentity(child.pid!)!);
      chmodSync(root, 0o777);
      await expect(new ProcessDriver({ commands: fakeCommands, root }).reap()).rejects.toThrow("only this user can enter");
      expect(isAlive(child.pid!)).toBe(true);
      expect(existsSync(dir)).toBe(true);
      child.kill("SIGKILL");
    });

    it("leaves the folder of a process that has just made it, and not yet noted that it is its own", async () => {
      const starting = join(root, `${process.ppid}-abc123`);
      mkdirSync(starting);
      await new Homes(root).reap();
      expect(existsSync(starting)).toBe(true);
    });

    it("of a folder that is in use, by whoever cleans up temporary files, does not keep containers from starting", async () => {
      const driver = new ProcessDriver({ commands: fakeCommands, root });
      await driver.create(spec("fake:1"));
      rmSync(join(root, readdirSync(root)[0]!), { recursive: true });
      const container = await driver.create(spec("fake:1"));
      await container.destroy();
      await driver.close();
    });

    /** The folder of a platform that is no more, with a note that a process of it lives on. */
    function leftBehind(pid: number, identity: string): string {
      const dir = join(root, "1-abc", "1");
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(root, "1-abc", "owner"), "999999999 1");
      writeFileSync(join(dir, "pid"), `${pid} ${identity}`);
      return dir;
    }

    it("ends processes and removes folders of a platform that was killed", async () => {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
      const dir = leftBehind(child.pid!, processIdentity(child.pid!)!);
      await new ProcessDriver({ commands: fakeCommands, root }).reap();
      await until(() => child.signalCode === "SIGKILL");
      expect(existsSync(dir)).toBe(false);
    });

    it("does not touch a process that only has the number of one of ours", async () => {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
      leftBehind(child.pid!, "some other time");
      await new ProcessDriver({ commands: fakeCommands, root }).reap();
      expect(isAlive(child.pid!)).toBe(true);
      child.kill("SIGKILL");
      expect(readdirSync(root)).toEqual([]);
    });

    it("does not touch a platform that lives", async () => {
      const living = new ProcessDriver({ commands: fakeCommands, root });
      const container = await living.create(spec("fake:1"));
      await new ProcessDriver({ commands: fakeCommands, root }).reap();
      expect(isAlive(Number(container.id))).toBe(true);
      await living.close();
    });
  });
});
