import Table from "cli-table3";
import type { Outcome } from "./campaign";

/** What became of everything, by fault, as a table. */
export function report({ rows }: Outcome): string {
  const table = new Table({
    head: ["fault", "202", "refused", "no answer", "records", "lost", "doubled", "blocking ok", "error", "resumed s"],
    colAligns: ["left", ...Array.from({ length: 9 }, () => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    table.push([
      row.fault,
      row.accepted,
      row.refused,
      row.unanswered,
      row.recorded,
      row.lost.length,
      row.doubled.length,
      row.blockingOk,
      row.blockingError,
      row.resumed === undefined ? "never" : (row.resumed / 1000).toFixed(1),
    ]);
  }
  const sum = (of: (row: Outcome["rows"][number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  table.push([
    "all",
    sum((row) => row.accepted),
    sum((row) => row.refused),
    sum((row) => row.unanswered),
    sum((row) => row.recorded),
    sum((row) => row.lost.length),
    sum((row) => row.doubled.length),
    sum((row) => row.blockingOk),
    sum((row) => row.blockingError),
    (Math.max(0, ...rows.map(({ resumed }) => resumed ?? Infinity)) / 1000).toFixed(1),
  ]);
  return table.toString();
}
