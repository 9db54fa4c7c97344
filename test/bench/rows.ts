import type { Bench, Row } from "./row";
import { accepted } from "./rows/accepted";
import { manyActions } from "./rows/manyActions";
import { memory } from "./rows/memory";
import { path } from "./rows/path";
import { scarceSlots } from "./rows/scarceSlots";
import { sequences } from "./rows/sequences";
import { starts } from "./rows/starts";
import { triggers } from "./rows/triggers";
import { warm } from "./rows/warm";
import type { Start } from "./subject";

type Measure = (bench: Bench) => Promise<Row[]>;

/** Measures that share a platform, with its settings. */
const GROUPS: { settings: Record<string, unknown>; measures: Measure[] }[] = [
  { settings: { prewarm: false }, measures: [memory] },
  { settings: { memory: 40_000 }, measures: [warm, path, triggers, accepted, sequences, manyActions] },
  { settings: { memory: 48 * 256, prewarm: false }, measures: [scarceSlots] },
  { settings: { memory: 8192 }, measures: [starts] },
];

/** All rows for one kind of platform, in order; each is told as soon as it is there. */
export async function rowsOf(start: Start, program: string, tell: (row: Row) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { settings, measures } of GROUPS) {
    const subject = await start(settings);
    try {
      const bench = { subject, client: subject.client(), program };
      for (const measure of measures) {
        const more = await measure(bench);
        rows.push(...more);
        more.forEach(tell);
      }
    } finally {
      await subject.dispose();
    }
  }
  return rows;
}
