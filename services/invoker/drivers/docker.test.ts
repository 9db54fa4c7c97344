import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { runtimeImage } from "../../../runtimes/testing/images";
import { describeWithDocker, TestDocker } from "../../../test/support/docker";
import { baseImage } from "../../../test/support/docker/baseImages";
import { docker } from "../../../test/support/docker/cli";
import { until } from "../../../test/support/until";
import type { ContainerSpec } from "../../core/ports/containers";
import { ContainerClient } from "../containerClient";
import { containerDriverContract } from "./contract";
import { DockerDriver, type DockerDriverOptions } from "./docker";
import { processIdentity } from "./process/identity";

const KIND = "nodejs:24";
/** Base images and runtimes may have to be built first. */
const BUILD_LIMIT = 600_000;

describeWithDocker("the Docker driver", () => {
  let host: string;
  let runtime: string;
  let driver: DockerDriver;
  const drivers: DockerDriver[] = [];
  const clients: ContainerClient[] = [];

  beforeAll(async () => {
    host = await TestDocker.host();
    runtime = await runtimeImage("stackwhisk/runtime-nodejs:24");
    driver = make();
  }, BUILD_LIMIT);
  afterAll(async () => {
    for (const client of clients) client.close();
    await Promise.all(drivers.map((each) => each.close()));
  });

  const randomPlatform = () => `test-${randomBytes(4).toString("hex")}`;
  const spec = (more: Partial<ContainerSpec> = {}): ContainerSpec => ({ name: "guest/mine", kind: KIND, memory: 128, env: {}, ...more });
  const inspect = async <T>(id: string, format: string): Promise<T> => JSON.parse(await docker(host, "inspect", "--format", `{{json ${format}}}`, id)) as T;
  const present = async (id: string): Promise<boolean> => docker(host, "inspect", id).then(() => true, () => false);

  function make(more: Partial<DockerDriverOptions> = {}): DockerDriver {
    const made = new DockerDriver({ host, platform: randomPlatform(), imageOf: (kind) => (kind === KIND ? runtime : undefined), ...more });
    drivers.push(made);
    return made;
  }

  /** Name of an image, to be removed, whose containers run that command. */
  async function imageThatRuns(...command: string[]): Promise<string> {
    const image = randomPlatform();
    const source = await docker(host, "create", "--network=none", await baseImage("debian:trixie"), ...command);
    await docker(host, "commit", source, image);
    await docker(host, "rm", source);
    return image;
  }

  async function started(code: string, more: Partial<ContainerSpec> = {}, told = false) {
    const container = await driver.create(spec(more));
    if (told) await container.loading!(code.length);
    const client = new ContainerClient(container.address);
    clients.push(client);
    const reply = await client.post("/init", JSON.stringify({ value: { name: "a", main: "main", code, binary: false, env: {} } }), 20_000);
    expect(reply).toMatchObject({ kind: "answered", status: 200 });
    if (told) container.loaded!();
    return { container, run: (value: object = {}) => client.post("/run", JSON.stringify({ value }), 20_000) };
  }

  containerDriverContract("docker", async () => ({ driver, kind: KIND, unavailableKind: "cobol:1", close: () => Promise.resolve() }));

  it("holds its containers to their limits", async () => {
    const container = await driver.create(spec({ memory: 192 }));
    const settings = await inspect<Record<string, unknown>>(container.id, ".HostConfig");
    expect(settings).toMatchObject({
      Memory: 192 * 1024 * 1024,
      MemorySwap: 192 * 1024 * 1024,
      CpuShares: 768,
      PidsLimit: 1024,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      LogConfig: { Type: "none" },
      Ulimits: [{ Name: "nofile", Soft: 1024, Hard: 1024 }, { Name: "core", Soft: 0, Hard: 0 }],
      Privileged: false,
      Binds: null,
    });
    expect(await inspect(container.id, ".Name")).toMatch(/^\/test-[0-9a-f]{8}-guest-mine-[0-9a-f]{8}$/);
    await container.destroy();
    expect(await present(container.id)).toBe(false);
  });

  it("gives an action no capability, and no way to get one", async () => {
    const { container, run } = await started(`function main() {
      const status = require("node:fs").readFileSync("/proc/self/status", "utf8");
      return Object.fromEntries(["CapEff", "CapBnd", "NoNewPrivs"].map((name) => [name, new RegExp(name + ":\\\\s*(\\\\w+)").exec(status)[1]]));
    }`);
    const reply = await run();
    expect(reply.kind === "answered" && JSON.parse(reply.body)).toEqual({ CapEff: "0000000000000000", CapBnd: "0000000000000000", NoNewPrivs: "1" });
    await container.destroy();
  });

  it("knows of a container that has ended whether it was for lack of memory", async () => {
    const { container, run } = await started("const kept = []; function main() { for (;;) kept.push(Buffer.alloc(8e6, 1)) }");
    expect(container.exhausted!()).toBe(false);
    expect((await run()).kind).toBe("closed");
    expect(await container.gone).toBe("needed more memory than it had, and was ended");
    expect(container.exhausted!()).toBe(true);
  });

  it("knows of a container that goes on whether a process of it was ended for lack of memory", async () => {
    const { container, run } = await started(`async function main() {
      const code = "const kept = []; for (;;) kept.push(Buffer.alloc(8e6, 1))";
      const child = require("node:child_process").spawn(process.execPath, ["-e", code], {stdio: "ignore"});
      require("node:fs").writeFileSync("/proc/" + child.pid + "/oom_score_adj", "1000");
      return {signal: await new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)))};
    }`);
    const reply = await run();
    expect(reply.kind === "answered" && JSON.parse(reply.body)).toEqual({ signal: "SIGKILL" });
    await until("the engine has told of it", () => container.exhausted!());
    await container.destroy();
  });

  it("leaves room for much code while it is loaded, and then takes back what is not in use of it", async () => {
    const { container, run } = await started(`function main() { return {} }${" ".repeat(40 * 1024 * 1024)}`, {}, true);
    expect(await run()).toMatchObject({ status: 200 });
    await until("the limit is back", async () => (await inspect<number>(container.id, ".HostConfig.Memory")) <= (128 + 5 * 40) * 1024 * 1024);
    await container.destroy();
  });

  it("hears of a container that somebody kills, and removes it", async () => {
    const { container } = await started("function main() { return {} }");
    await docker(host, "kill", container.id);
    expect(await container.gone).toBe("was ended by SIGKILL");
    await until("the container is removed", async () => !(await present(container.id)));
    await container.pause();
    await container.destroy();
  });

  it("has containers that end at once when the engine ends them in order: it would wait for each, and come back so much later", async () => {
    const { container } = await started("function main() { return {} }");
    await docker(host, "stop", "--time", "600", container.id);
    expect(await container.gone).toBe("was ended by SIGKILL");
  });

  it("hears of a container that somebody removes", async () => {
    const { container } = await started("function main() { return {} }");
    await docker(host, "rm", "--force", container.id);
    expect(await container.gone).toMatch(/^was (removed|ended by SIGKILL)$/);
  });

  it("says what a container that does not come up has written, and leaves nothing of it", async () => {
    const image = await imageThatRuns("sh", "-c", "echo looking; echo no such module >&2; exit 7");
    try {
      const error = (await driver.create(spec({ image: `${image}:latest` })).catch((reason: unknown) => reason)) as Error;
      expect(error).toMatchObject({ name: "ContainerError", fault: "ended" });
      expect(error.message).toContain(`The container guest/mine of the image ${image}:latest did not come up: it exited with code 7.\n`);
      expect(error.message.split("\n").slice(1).sort()).toEqual(["looking", "no such module"]);
      expect(await docker(host, "ps", "--all", "--quiet", "--filter", `ancestor=${image}`)).toBe("");
    } finally {
      await docker(host, "rmi", image);
    }
  });

  it("says that an image has no program that could be started", async () => {
    const image = await imageThatRuns("/no/such/program");
    try {
      await expect(driver.create(spec({ image: `${image}:latest` }))).rejects.toMatchObject({ fault: "ended", message: expect.stringContaining("/no/such/program") as string });
      expect(await docker(host, "ps", "--all", "--quiet", "--filter", `ancestor=${image}`)).toBe("");
    } finally {
      await docker(host, "rmi", image);
    }
  });

  it("gives up on a container that does not listen in time, and ends it", async () => {
    const image = await imageThatRuns("sleep", "600");
    try {
      await expect(make({ readyTimeout: 300 }).create(spec({ image: `${image}:latest` }))).rejects.toMatchObject({ fault: "silent", message: expect.stringContaining("it did not listen on port 8080 within 300 ms.") as string });
      expect(await docker(host, "ps", "--all", "--quiet", "--filter", `ancestor=${image}`)).toBe("");
    } finally {
      await docker(host, "rmi", image);
    }
  });

  it("says the way out when the image of a kind is not there", async () => {
    const absent = make({ imageOf: () => "stackwhisk-test/not-there:1", pull: "never" });
    await expect(absent.create(spec())).rejects.toThrow("The image stackwhisk-test/not-there:1 is not on the machine of the Docker engine, and this platform pulls none");
  });

  it("says which engine does not answer", async () => {
    const nowhere = make({ host: "unix:///nowhere/docker.sock" });
    await expect(nowhere.reap()).rejects.toThrow("the Docker engine at unix:///nowhere/docker.sock does not answer");
  });

  it("ends all its containers when it is closed, also those that just start, and takes its network along", async () => {
    const platform = randomPlatform();
    const closing = make({ platform });
    const container = await closing.create(spec());
    const starting = closing.create(spec()).catch(() => undefined);
    await closing.close();
    await container.gone;
    await starting;
    expect(await docker(host, "ps", "--all", "--quiet", "--filter", `label=stackwhisk.platform=${platform}`)).toBe("");
    expect(await docker(host, "network", "ls", "--quiet", "--filter", `name=${platform}`)).toBe("");
    await expect(closing.create(spec())).rejects.toThrow("the driver is closed");
  });

  it("makes its network anew when another invoker of the platform has removed it", async () => {
    const platform = randomPlatform();
    const [a, b] = [make({ platform }), make({ platform })];
    await a.reap();
    await b.reap();
    await a.close();
    const container = await b.create(spec());
    await container.destroy();
  });

  describe("reaping", () => {
    /** A container as an earlier process would have left it. */
    async function leftBehind(platform: string, owner: string, machine = hostname()): Promise<string> {
      const labels = Object.entries({ platform, invoker: machine, process: owner }).flatMap(([name, value]) => ["--label", `stackwhisk.${name}=${value}`]);
      return docker(host, "run", "--detach", "--network=none", ...labels, await baseImage("debian:trixie"), "sleep", "600");
    }

    it("removes containers of earlier processes of the invoker, and of nobody else", async () => {
      const platform = randomPlatform();
      const living = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      const identity = processIdentity(living.pid!)!;
      const orphans = [await leftBehind(platform, "999999999 1"), await leftBehind(platform, `${living.pid} another time`)];
      const others = [
        await leftBehind(platform, `${living.pid} ${identity}`),
        await leftBehind(platform, "999999999 1", "another machine"),
        await leftBehind(randomPlatform(), "999999999 1"),
      ];
      try {
        await make({ platform }).reap();
        expect(await Promise.all(orphans.map(present))).toEqual([false, false]);
        expect(await Promise.all(others.map(present))).toEqual([true, true, true]);
      } finally {
        living.kill("SIGKILL");
        await docker(host, "rm", "--force", ...others);
      }
    });
  });
});
