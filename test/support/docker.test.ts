import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until";
import { docker } from "./docker/cli";
import { baseImage } from "./docker/baseImages";
import { Dockerd } from "./docker/dockerd";
import { TestDocker, describeWithDocker } from "./docker";

describeWithDocker("a Docker engine for tests", () => {
  it.each([
    ["node:24", ["node", "--version"], /^v24\./],
    ["python:3", ["python3", "--version"], /^Python 3\./],
  ] as const)("has %s without anything that is pulled", async (name, command, version) => {
    const host = await TestDocker.host();
    const image = await baseImage(name);
    expect(await docker(host, "run", "--rm", "--network=none", image, ...command)).toMatch(version);
    const before = await docker(host, "image", "inspect", "--format", "{{.Id}}", image);
    expect(await baseImage(name)).toBe(image);
    expect(await docker(host, "image", "inspect", "--format", "{{.Id}}", image)).toBe(before);
  }, 600_000);
});

describeWithDocker("a Docker engine of one's own", () => {
  it.each([
    ["keeps its containers", true],
    ["ends its containers", false],
  ])("that %s can be killed and started again, and leaves nothing when it is disposed of", async (_what, liveRestore) => {
    // The network that the machine's own engine has there.
    await TestDocker.host();
    const links = () => readdirSync("/sys/class/net").filter((name) => !name.startsWith("veth")).sort();
    const before = links();
    const engine = await TestDocker.own({ liveRestore });
    try {
      const image = await baseImage("debian:trixie", engine.host);
      const container = await docker(engine.host, "run", "--detach", "--network=none", image, "sleep", "600");
      await engine.kill();
      await engine.start();
      expect(await docker(engine.host, "ps", "--quiet", "--no-trunc")).toBe(liveRestore ? container : "");
      await engine.kill();
      await engine.start();
    } finally {
      await engine.dispose();
    }
    expect(engine.pids).toEqual([]);
    expect(links()).toEqual(before);
  }, 600_000);

  it("is started again when the containerd that it has started dies meanwhile", async () => {
    const engine = new Dockerd(mkdtempSync(join(tmpdir(), "dockerd-")), { isolated: true });
    try {
      const started = engine.start();
      const containerd = await until("containerd", () => engine.pids.find((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "containerd"));
      process.kill(containerd, "SIGKILL");
      await started;
      expect(await docker(engine.host, "ps", "--quiet")).toBe("");
    } finally {
      await engine.dispose();
    }
  }, 120_000);
}, { own: true });
