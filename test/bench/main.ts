import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { runtimesFolder } from "../../services/process/kinds";
import { serveFloor } from "./floor";
import { embeddedRows, type Row } from "./rows";

/** `npm run bench`: prints a table and writes `.stackwhisk/bench.json`. */
async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === "serve-floor") return serveFloor(runtimesFolder(), Number(rest[0]), rest[1]!);
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  console.log(`Embedded platform on ${machine}\n`);
  console.log(line("measure", "result", "to reach", ""));
  const rows = await embeddedRows(process.argv[1]!, (row: Row) => console.log(line(row.measure, row.result, row.target, row.reached ? "reached" : "MISSED")));
  const folder = path.resolve(".stackwhisk");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "bench.json");
  writeFileSync(file, JSON.stringify({ machine, at: new Date().toISOString(), rows }, undefined, 2));
  console.log(`\nFigures: ${path.relative(process.cwd(), file)}`);
}

const line = (measure: string, result: string, target: string, verdict: string) => `| ${measure.padEnd(48)} | ${result.padEnd(44)} | ${target.padEnd(18)} | ${verdict} |`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
