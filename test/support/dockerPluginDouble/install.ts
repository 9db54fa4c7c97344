import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundleProgram, ROOT } from "../../../infra/provider/testing/bundle";

/** Puts the double into a folder of its own, under the name by which Pulumi finds a Docker plugin on PATH. */
export async function installDockerPluginDouble(): Promise<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-docker-plugin-double-"));
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  await bundleProgram("test/support/dockerPluginDouble/main.ts", path.join(folder, "main.js"));
  const executable = path.join(folder, "pulumi-resource-docker");
  writeFileSync(executable, `#!/bin/sh\nexec ${process.execPath} ${path.join(folder, "main.js")} "$@"\n`);
  chmodSync(executable, 0o755);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
