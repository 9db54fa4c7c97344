import { createHash } from "node:crypto";
import { runtimeContract } from "../../runtimes/contract";
import { swiftActions } from "../../runtimes/swift/actions";
import { contract } from "../../runtimes/swift/samples";
import { runtimeImage } from "../../runtimes/testing/images";
import type { RunningRuntime, Sample, StartOptions } from "../../runtimes/testing/runtime";
import { RuntimeContainers } from "../../runtimes/testing/runtimeContainer";
import { describeWithDocker } from "../support/docker";

describeWithDocker("the image of swift:6", () => {
  const containers = new RuntimeContainers(() => runtimeImage("stackwhisk/runtime-swift:6"));
  afterAll(() => containers.close());

  /** What was compiled for an earlier test of the same code is not compiled again, as on the platform. */
  const artifacts = new Map<string, string>();
  const start = async (options?: StartOptions): Promise<RunningRuntime> => {
    const runtime = await containers.start(options);
    const init = async ({ env, ...sample }: Sample) => {
      const key = createHash("sha256").update(JSON.stringify(sample)).digest("hex");
      const known = artifacts.get(key);
      if (known) return runtime.init({ ...sample, code: known, binary: true, env });
      const answer = await runtime.post("/init", JSON.stringify({ value: { main: "main", ...sample, env, artifact: true } }));
      const { artifact, ...body } = answer.body as { artifact?: string };
      if (artifact) artifacts.set(key, artifact);
      return { ...answer, body };
    };
    return { ...runtime, init };
  };

  runtimeContract("swift:6 in a container", { ...contract, start });
  swiftActions(containers.start, { env: { PATH: "/usr/local/bin" } });
});
