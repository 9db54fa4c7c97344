import { homedir } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { run } from "./run";

function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

// A reader that has read enough (`whisk … | head`) is no failure.
process.stdout.on("error", (failure: NodeJS.ErrnoException) => process.exit(failure.code === "EPIPE" ? 0 : 1));

void run(process.argv.slice(2), {
  env: process.env,
  home: homedir(),
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
  onInterrupt: interruptSignal,
}).then((code) => {
  process.exitCode = code;
});
