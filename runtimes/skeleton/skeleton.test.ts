import { join } from "node:path";
import { runtimeContract } from "../contract";
import { processContract } from "../contract/process";
import { programCommand } from "../runtimes";
import { gone, type ProcessOptions, startProcess } from "../testing/runtimeProcess";
import { programs } from "./programs";
import { busy, contract, samples } from "./samples";

const command = programCommand(join(__dirname, ".."));
const start = (options?: ProcessOptions) => startProcess(command, options);

runtimeContract("programs as processes", { ...contract, start });
processContract("programs", start, { ...samples, busy });
programs(start);

it.each(["SIGTERM", "the end of its standard input"])("a program that is under way ends with its runtime, by %s", async (how) => {
  const runtime = await start();
  await runtime.init(busy);
  void runtime.run().catch(() => undefined);
  await runtime.printed("busy");
  const pids = /busy ([0-9 ]+)/.exec(runtime.output().stdout)![1]!.split(" ").map(Number);
  if (how === "SIGTERM") runtime.kill("SIGTERM");
  else runtime.closeStdin();
  await Promise.all(pids.map(gone));
  await runtime.stop();
});
