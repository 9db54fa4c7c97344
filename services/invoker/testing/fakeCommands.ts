import { join } from "node:path";
import type { ProcessCommands } from "../drivers/process";

/** Kinds: `fake:1` runs JavaScript, `fake:concurrent` tells the logs of runs apart, `fake:single` takes one run at a time, `fake:mute` never listens, `fake:crash` ends at once. */
export const fakeCommands: ProcessCommands = (kind, image) => {
  if (image !== undefined) return { missing: `The image ${image} cannot run here: all that runs are fakes.` };
  const [family, mode] = kind.split(":");
  if (family !== "fake") return { missing: `The kind ${kind} is not a fake one.` };
  return { command: process.execPath, args: [join(__dirname, "fakeRuntime.cjs")], env: { MODE: mode ?? "" } };
};
