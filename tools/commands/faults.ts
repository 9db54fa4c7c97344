import { existsSync } from "node:fs";
import path from "node:path";
import { ToolError } from "../lib/errors";
import { foreground } from "../lib/foreground";
import { ROOT } from "../lib/paths";
import { say } from "../lib/say";
import { ensureFerretDb } from "../testServers/ferretdb";

/** Breaks the parts of a distributed platform under load and looks what became of its promises; the arguments are the campaign's. */
export async function faults(args: readonly string[]): Promise<number> {
  const program = path.join(ROOT, "dist", "faults", "main.js");
  if (!existsSync(program)) throw new ToolError("There is no fault campaign in this checkout: test/faults/main.ts is missing.");
  const noFerretDb = await ensureFerretDb(process.env);
  if (noFerretDb) say(`There is no FerretDB: ${noFerretDb}. MongoDB's image is tried.`);
  const { code } = await foreground(process.execPath, ["--enable-source-maps", program, ...args], { cwd: ROOT });
  return code;
}
