import { join } from "node:path";
import { noteLeftOut } from "../../test/support/leftOut";
import { runtimeContract } from "../contract";
import { processContract } from "../contract/process";
import { processCommand, type ProcessCommand } from "../runtimes";
import { compiledOnce } from "../testing/compiledOnce";
import { examplesWork } from "../testing/examples";
import { type ProcessOptions, startProcess } from "../testing/runtimeProcess";
import { swiftActions } from "./actions";
import { busy, contract } from "./samples";

const command = processCommand("swift:6", join(__dirname, ".."));
const here = !("missing" in command);
// Not a failure in CI: test/full/swiftProcess.test.ts has a machine with the toolchain.
if (!here) noteLeftOut("Swift as a process", `This machine has no Swift toolchain: npm run test:full tests it in a container.`);

(here ? describe : describe.skip)("Swift as a process", () => {
  const start = (options?: ProcessOptions) => startProcess(command as ProcessCommand, options);
  const once = compiledOnce(start);

  runtimeContract("swift as a process", { ...contract, start: once });
  processContract("swift", once, { ...contract.samples, busy });
  examplesWork("swift", 3, start);
  swiftActions(start, { env: { PATH: "/no/programs" } });
});
