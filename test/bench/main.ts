import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { runtimesFolder } from "../../services/process/kinds";
import { cleanUpWhenInterrupted } from "./cleanup";
import { serveFloor } from "./floor";
import type { Row } from "./row";
import { rowsOf } from "./rows";
import { coldRows } from "./rows/cold";
import { noChange } from "./rows/noChange";
import { distributedStart, startEmbedded } from "./subject";

const KINDS = ["embedded", "distributed", "cold"] as const;
type Kind = (typeof KINDS)[number];

interface Result {
  machine: string;
  /** When it was measured, by ISO 8601. */
  at: string;
  rows: Row[];
}

const TITLES: Record<Kind, string> = {
  embedded: "Embedded platform",
  distributed: "Controller and invoker on RabbitMQ and a MongoDB-protocol server",
  cold: "First calls of an action on an embedded platform, by driver and kind",
};

/** `npm run bench [-- embedded|distributed|cold]`: prints a table for each, and keeps the last of each in `.stackwhisk/bench.json`. */
async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  if (command === "serve-floor") return serveFloor(runtimesFolder(), Number(rest[0]), rest[1]!);
  if (command !== undefined && !KINDS.includes(command as Kind)) throw new Error(`There is no "${command}" to measure. There are: ${KINDS.join(", ")}.`);
  cleanUpWhenInterrupted();
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  const results: Partial<Record<Kind, Result>> = {};
  for (const kind of KINDS) {
    if (command !== undefined && kind !== command) continue;
    console.log(`\n${TITLES[kind]}, on ${machine}\n`);
    console.log(line("measure", "result", "to reach", ""));
    results[kind] = { machine, at: new Date().toISOString(), rows: await measure(kind) };
  }
  const folder = path.resolve(".stackwhisk");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "bench.json");
  writeFileSync(file, JSON.stringify({ ...earlier(file), ...results }, undefined, 2));
  console.log(`\nFigures: ${path.relative(process.cwd(), file)}`);
}

/** What was measured before, of the same kinds and of others. */
function earlier(file: string): Partial<Record<Kind, Result>> {
  const found = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
  const isResult = (value: unknown) => Array.isArray((value as Partial<Result> | undefined)?.rows);
  return Object.fromEntries(KINDS.filter((kind) => isResult(found[kind])).map((kind) => [kind, found[kind] as Result]));
}

async function measure(kind: Kind): Promise<Row[]> {
  const tell = (row: Row) => console.log(line(row.measure, row.result, row.target, verdictOf(row)));
  const program = process.argv[1]!;
  if (kind === "cold") return coldRows(tell);
  if (kind === "distributed") {
    const servers = await distributedStart();
    try {
      return await rowsOf(servers.start, program, tell);
    } finally {
      await servers.dispose();
    }
  }
  const rows = await rowsOf(startEmbedded, program, tell);
  const last = await noChange();
  last.forEach(tell);
  return [...rows, ...last];
}

const verdictOf = ({ target, reached }: Row) => (target === "" ? "" : reached ? "reached" : "MISSED");

const line = (measure: string, result: string, target: string, verdict: string) => `| ${measure.padEnd(48)} | ${result.padEnd(44)} | ${target.padEnd(18)} | ${verdict} |`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
