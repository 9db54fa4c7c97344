import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithDocker, TestDocker } from "../../test/support/docker";
import { docker } from "../../test/support/docker/cli";
import { runtimeContract } from "../contract";
import { archive } from "../testing/archive";
import { runtimeImage } from "../testing/images";
import { RuntimeContainers } from "../testing/runtimeContainer";
import { javaScriptActions } from "./actions";
import { contract } from "./samples";

describeWithDocker("the image of nodejs:24", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/runtime-nodejs:24"));
  afterAll(() => containers.close());

  runtimeContract("nodejs:24 in a container", { ...contract, start: containers.start });
});

describeWithDocker("the image of nodejs:22", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/runtime-nodejs:22"));
  afterAll(() => containers.close());

  runtimeContract("nodejs:22 in a container", { ...contract, start: containers.start });
  // What differs between versions of Node is how code is loaded.
  javaScriptActions(containers.start);
});

describeWithDocker("an image that starts from that of nodejs:24", () => {
  const folder = mkdtempSync(join(tmpdir(), "stackwhisk-derived-"));
  const derived = new RuntimeContainers(async () => {
    writeFileSync(join(folder, "given.js"), "module.exports = 'of the image';\n");
    writeFileSync(join(folder, "Dockerfile"), `FROM ${await runtimeImage("stackwhisk/runtime-nodejs:24")}\nADD given.js node_modules/given/index.js\n`);
    return docker(await TestDocker.host(), "build", "--quiet", folder);
  });
  afterAll(async () => {
    await derived.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["a script", { code: "function main() { return { given: require('given') }; }" }],
    ["an ES module", { code: "import given from 'given'; export const main = () => ({ given });" }],
    ["an archive", { code: archive({ "index.js": "exports.main = () => ({ given: require('given') });" }), binary: true }],
  ])("gives the packages that it has installed to %s", async (_what, sample) => {
    const runtime = await derived.start();
    try {
      expect((await runtime.init(sample)).status).toBe(200);
      expect(await runtime.run()).toEqual({ status: 200, body: { given: "of the image" } });
    } finally {
      await runtime.stop();
    }
  });
});
