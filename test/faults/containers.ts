import type { TestDistributed } from "../support/distributed";
import { docker } from "../support/docker/cli";
import { childrenOf } from "../support/processes";
import type { Containers } from "./faults";

/** Actions run in processes of the invokers. */
export const processesOf = (platform: TestDistributed): Containers => ({
  list: async (invoker) => (invoker ? childrenOf(invoker.pid).map(String) : platform.containers().map(String)),
  kill: async (id) => {
    try {
      return process.kill(Number(id), "SIGKILL");
    } catch {
      return false;
    }
  },
});

/** Actions run in containers of that engine. */
export const dockerContainersOf = (platform: TestDistributed, host: string): Containers => ({
  async list(invoker) {
    const format = '{{.ID}} {{.Label "stackwhisk.process"}}';
    const text = await docker(host, "ps", "--no-trunc", "--filter", `label=stackwhisk.platform=${platform.name}`, "--format", format);
    const all = text.split("\n").filter((line) => line !== "").map((line) => line.split(" "));
    return all.filter(([, pid]) => !invoker || Number(pid) === invoker.pid).map(([id]) => id!);
  },
  kill: (id) => docker(host, "kill", id).then(() => true, () => false),
});
