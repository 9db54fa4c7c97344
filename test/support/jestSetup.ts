import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUN_FOLDER, RUN_PID } from "./sharedServer";

/** Names the folder of the servers that this run may share; whoever needs one starts it. */
export default function setup(): void {
  process.env[RUN_FOLDER] = mkdtempSync(join(tmpdir(), "stackwhisk-test-"));
  process.env[RUN_PID] = String(process.pid);
}
