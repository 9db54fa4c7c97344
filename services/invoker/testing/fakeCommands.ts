import { join } from "node:path";
import type { ProcessCommands } from "../drivers/process";

/** Kinds: `fake:1` runs JavaScript, `fake:mute` never listens, `fake:crash` ends at once. */
export const fakeCommands: ProcessCommands = (kind) => {
  const [family, mode] = kind.split(":");
  if (family !== "fake") return { missing: `The kind ${kind} is not a fake one.` };
  return { command: process.execPath, args: [join(__dirname, "fakeRuntime.cjs")], env: { MODE: mode ?? "" } };
};
