import { httpContract } from "./contract/http";
import { initContract } from "./contract/init";
import { loadedContract } from "./contract/loaded";
import { logsContract } from "./contract/logs";
import { runContract } from "./contract/run";
import type { Contract, Suite } from "./contract/suite";
import type { RunningRuntime } from "./testing/runtime";

export type { Contract, LoadedSamples, Samples } from "./contract/suite";

/** The promises of OpenWhisk's container contract, and of ours beyond it, for one runtime. */
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
      expect(await runtime.init(sample)).toMatchObject({ status: 200, body: { ok: true } });
      return runtime;
    };
    afterEach(async () => {
      await Promise.all(started.splice(0).map((runtime) => runtime.stop()));
    });

    const suite: Suite = { ...contract, launch, launchWith };
    initContract(suite);
    runContract(suite);
    logsContract(suite);
    httpContract(suite);
    if (contract.loaded) loadedContract(suite, contract.loaded);
  });
}
