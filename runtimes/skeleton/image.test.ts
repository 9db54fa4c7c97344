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

  it.each<[string, string]>([
    ["bash and jq", "#!/bin/bash\nARGS=$@\nNAME=`echo \"$ARGS\" | jq -r '.\"name\"'`\necho \"{\\\"greeting\\\": \\\"Hello $NAME!\\\"}\"\n"],
    ["python, by this name", "#!/usr/bin/env python\nimport json, sys\nprint(json.dumps({'greeting': 'Hello %s!' % json.loads(sys.argv[1])['name']}))\n"],
    ["perl", "#!/usr/bin/env perl\n$ARGV[0] =~ /\"name\":\\s*\"([^\"]*)\"/;\nprint qq({\"greeting\": \"Hello $1!\"});\n"],
  ])("has what scripts made for OpenWhisk's skeleton count on: %s", async (_what, code) => {
    const runtime = await containers.start();
    try {
      expect((await runtime.init({ code })).status).toBe(200);
      expect(await runtime.run({ name: "❄" })).toEqual({ status: 200, body: { greeting: "Hello ❄!" } });
    } finally {
      await runtime.stop();
    }
  });

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
