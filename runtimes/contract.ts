import { initContract } from "./contract/init";
import { logsContract } from "./contract/logs";
import { processContract } from "./contract/process";
import { runContract } from "./contract/run";
import type { Contract, Suite } from "./contract/suite";
import type { RunningRuntime } from "./testing/runtimeProcess";

export type { Contract, Samples } from "./contract/suite";

/** The promises of OpenWhisk's container contract, and of ours around the process, for one runtime. */
export function runtimeContract(name: string, contract: Contract): void {
  describe(`the runtime contract: ${name}`, () => {
    const started: RunningRuntime[] = [];
    const launch: Suite["launch"] = async (options) => {
      const runtime = await contract.start(options);
      started.push(runtime);
      return runtime;
    };
    const launchWith: Suite["launchWith"] = async (sample, options) => {
      const runtime = await launch(options);
      expect(await runtime.init(sample)).toEqual({ status: 200, body: { ok: true } });
      return runtime;
    };
    afterEach(async () => {
      await Promise.all(started.splice(0).map((runtime) => runtime.stop()));
    });

    const suite: Suite = { ...contract, launch, launchWith };
    initContract(suite);
    runContract(suite);
    logsContract(suite);
    processContract(suite);
  });
}
