import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithDocker, TestDocker } from "../../test/support/docker";
import { docker } from "../../test/support/docker/cli";
import { runtimeContract } from "../contract";
import { runtimeImage } from "../testing/images";
import { RuntimeContainers } from "../testing/runtimeContainer";
import { programs } from "./programs";
import { contract } from "./samples";

describeWithDocker("the image of any program", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/dockerskeleton:latest"));
  afterAll(() => containers.close());

  runtimeContract("programs in a container", { ...contract, start: containers.start });
  programs(containers.start, "/action");

  describe("an image that starts from it", () => {
    const folder = mkdtempSync(join(tmpdir(), "stackwhisk-derived-"));
    const derived = new RuntimeContainers(async () => {
      writeFileSync(join(folder, "exec"), "#!/bin/sh\necho '{\"of\": \"the image\"}'\n", { mode: 0o755 });
      writeFileSync(join(folder, "Dockerfile"), `FROM ${await runtimeImage("stackwhisk/dockerskeleton:latest")}\nADD exec /action/exec\n`);
      return docker(await TestDocker.host(), "build", "--quiet", folder);
    });
    afterAll(async () => {
      await derived.close();
      rmSync(folder, { recursive: true });
    });

    it("runs the program that it brings", async () => {
      const runtime = await derived.start();
      try {
        expect(await runtime.post("/init", '{"value":{"name":"x","main":"main","binary":false}}')).toEqual({ status: 200, body: { ok: true } });
        expect(await runtime.run()).toEqual({ status: 200, body: { of: "the image" } });
      } finally {
        await runtime.stop();
      }
    });
  });
});
