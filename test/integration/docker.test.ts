import { describeWithDocker, TestDocker } from "../support/docker";
import { docker } from "../support/docker/cli";
import { DockerTestPlatform } from "../support/docker/platform";
import { freePort } from "../support/freePort";
import { until } from "../support/until";
import { invocationCases } from "./cases/invocation";
import { isolationCases } from "./cases/isolation";

/** Each container notes in a file how many runs it has begun. */
const RUNS_NOTED = `let runs = 0;
function main({ ms = 0 }) {
  require("node:fs").writeFileSync("/tmp/runs", String(++runs));
  return new Promise((done) => setTimeout(() => done({ waited: true }), ms));
}`;

// Images may have to be built first.
jest.setTimeout(600_000);

describeWithDocker("an embedded platform on Docker", () => {
  let platform: DockerTestPlatform | undefined;

  afterEach(async () => {
    await platform?.dispose();
    platform = undefined;
  });

  describe("keeps what one on processes promises of invocations:", () =>
    invocationCases(() => DockerTestPlatform.start(), { unavailableKind: "cobol:1", noImage: "this platform pulls none" }));

  describe("keeps containers to themselves:", () =>
    isolationCases(async () => {
      const adminPort = await freePort();
      platform = await DockerTestPlatform.start({ adminPort, adminKey: "a".repeat(32) });
      return { platform, network: `${platform.name}-actions`, privatePorts: [adminPort] };
    }));

  test("a container is used again by its action, and never by another", async () => {
    platform = await DockerTestPlatform.start();
    const client = platform.client();
    const hostOf = async (name: string) => (await client.invoke(name)).body.host as string;
    for (const name of ["a", "b"]) await client.putAction(name, "function main() { return { host: require('os').hostname() } }");
    const [a, b] = [await hostOf("a"), await hostOf("b")];
    expect(a).not.toBe(b);
    expect([await hostOf("a"), await hostOf("b")]).toEqual([a, b]);
  });

  test("any program runs in the skeleton's container, and an image that speaks the contract in its own", async () => {
    platform = await DockerTestPlatform.start();
    const client = platform.client();
    const skeleton = "stackwhisk/dockerskeleton";
    await client.must("PUT", "actions/shell", { exec: { kind: "blackbox", image: skeleton, code: "#!/bin/sh\necho working\necho \"{\\\"given\\\": $1}\"\n" } });
    expect((await client.invoke("shell", { a: 1 })).body).toEqual({ given: { a: 1 } });
    const answer = await client.invoke("shell", {}, "blocking=true");
    expect((await client.activation(answer.body.activationId as string)).logs).toEqual([expect.stringMatching(/Z stdout: working$/)]);
    await client.must("PUT", "actions/own", { exec: { kind: "blackbox", image: "stackwhisk-test/runtime-nodejs:24", code: "function main({ n }) { return { twice: 2 * n } }" } });
    expect((await client.invoke("own", { n: 21 })).body).toEqual({ twice: 42 });
  });

  test("a container that is killed while it is idle is replaced without anybody noticing; one that is killed while it runs is its action's error", async () => {
    platform = await DockerTestPlatform.start({ prewarm: false });
    const [client, host] = [platform.client(), await TestDocker.host()];
    await client.putAction("wait", RUNS_NOTED);
    expect((await client.invoke("wait")).body).toEqual({ waited: true });
    await docker(host, "kill", await platform.containerOf("wait"));
    expect((await client.invoke("wait")).body).toEqual({ waited: true });
    const running = client.invoke("wait", { ms: 60_000 }, "blocking=true");
    await until("it runs", async () => (await docker(host, "exec", await platform!.containerOf("wait"), "cat", "/tmp/runs")) === "2");
    await docker(host, "kill", await platform.containerOf("wait"));
    const { status, body } = await running;
    expect([status, body]).toMatchObject([502, { response: { status: "action developer error" } }]);
    expect((await client.invoke("wait")).body).toEqual({ waited: true });
  });

  test("nothing runs any more after the idle time, and nothing is left when the platform has ended", async () => {
    platform = await DockerTestPlatform.start({ idleTimeout: 1, prewarm: false });
    const client = platform.client();
    await client.putAction("brief", "function main() { return {} }");
    await client.invoke("brief");
    expect(await platform.containerIds()).toHaveLength(1);
    await until("no container is left", async () => (await platform!.containerIds()).length === 0);
    await client.invoke("brief");
    expect(await platform.stop()).toBe(0);
    expect(await platform.containerIds()).toEqual([]);
    expect(await docker(await TestDocker.host(), "network", "ls", "--quiet", "--filter", `name=${platform.name}`)).toBe("");
  });

  test("what a platform leaves that was killed is removed when it is started again", async () => {
    platform = await DockerTestPlatform.start({ prewarm: false });
    const client = platform.client();
    await client.putAction("who", "function main() { return { host: require('os').hostname() } }");
    await client.invoke("who");
    const [left] = await platform.containerIds();
    await platform.kill();
    expect(await platform.containerIds()).toEqual([left]);
    await platform.start();
    expect(await platform.containerIds()).toEqual([]);
    expect((await client.invoke("who")).status).toBe(200);
  });

  test("a platform without an engine does not start, and says why", async () => {
    await expect(DockerTestPlatform.start({ docker: { host: "unix:///nowhere/docker.sock" } })).rejects.toThrow(
      /the driver 'docker' cannot be used: .*the Docker engine at unix:\/\/\/nowhere\/docker\.sock does not answer/,
    );
  });
});
