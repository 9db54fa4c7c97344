import { execFileSync } from "node:child_process";
import { runtimeContract } from "../../runtimes/contract";
import { swiftActions } from "../../runtimes/swift/actions";
import { contract } from "../../runtimes/swift/samples";
import { compiledOnce } from "../../runtimes/testing/compiledOnce";
import { examplesWork } from "../../runtimes/testing/examples";
import { archive } from "../../runtimes/testing/archive";
import { runtimeImage } from "../../runtimes/testing/images";
import { RuntimeContainers } from "../../runtimes/testing/runtimeContainer";
import { describeWithDocker, TestDocker } from "../support/docker";
import { docker } from "../support/docker/cli";
import { DockerTestPlatform } from "../support/docker/platform";
import { dockerSettings } from "../support/docker/runtimes";

describeWithDocker("the image of swift:6", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/runtime-swift:6"));
  afterAll(() => containers.close());

  it("on a platform a second cold start does not compile, also of a later version of the action", async () => {
    const settings = await dockerSettings(["stackwhisk/runtime-swift:6"]);
    const platform = await DockerTestPlatform.start({ ...settings, prewarm: false });
    try {
      const client = platform.client();
      // Only where it was compiled the source lies beside the program.
      const source = 'func main() -> [String: Bool] { ["compiled": FileManager.default.fileExists(atPath: (CommandLine.arguments[0] as NSString).deletingLastPathComponent + "/main.swift")] }';
      const exec = { kind: "swift:default", code: source };
      await client.must("PUT", "actions/swifty", { exec });
      expect(await client.invoke("swifty")).toMatchObject({ status: 200, body: { compiled: true } });
      await docker(await TestDocker.host(), "kill", await platform.containerOf("swifty"));
      expect(await client.invoke("swifty")).toMatchObject({ status: 200, body: { compiled: false } });
      await client.must("PUT", "actions/swifty?overwrite=true", { exec, parameters: [{ key: "a", value: 1 }] });
      expect(await client.invoke("swifty")).toMatchObject({ status: 200, body: { compiled: false } });
    } finally {
      await platform.dispose();
    }
  });

  it.each([
    ["a source", Buffer.from('func niam(args: Any) -> Any { ["compiled": "before"] }')],
    ["an archive of sources", Buffer.from(archive({ "main.swift": 'func niam(args: Any) -> Any { ["compiled": before()] }', "Before.swift": 'func before() -> String { "before" }' }), "base64")],
  ])("%s is compiled beforehand as docs/runtimes.md says", async (_what, input) => {
    const image = await runtimeImage("stackwhisk/runtime-swift:6");
    const env = { ...process.env, DOCKER_HOST: await TestDocker.host() };
    const code = execFileSync("docker", ["run", "--rm", "-i", "--network", "none", "--entrypoint", "node", image, "/runtime/swift/compile.cjs", "niam"], { input, env });
    const runtime = await containers.start();
    try {
      expect(await runtime.init({ code: code.toString("base64"), binary: true, main: "niam" })).toEqual({ status: 200, body: { ok: true } });
      expect((await runtime.run()).body).toEqual({ compiled: "before" });
    } finally {
      await runtime.stop();
    }
  });

  runtimeContract("swift:6 in a container", { ...contract, start: compiledOnce(containers.start) });
  examplesWork("swift", 3, containers.start);
  swiftActions(containers.start, { env: { PATH: "/usr/local/bin" } });
});
