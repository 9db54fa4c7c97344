import { existsSync } from "node:fs";
import path from "node:path";
import { ToolError } from "../lib/errors";
import { foreground } from "../lib/foreground";
import { ROOT } from "../lib/paths";

/** Measures the platform against a bare handler; the arguments are the benchmark's. */
export async function bench(args: readonly string[]): Promise<number> {
  const program = path.join(ROOT, "dist", "bench", "main.js");
  if (!existsSync(program)) throw new ToolError("There is no benchmark in this checkout: test/bench/main.ts is missing.");
  const { code } = await foreground(process.execPath, ["--enable-source-maps", program, ...args], { cwd: ROOT });
  return code;
}
