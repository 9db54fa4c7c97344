import type { Bench, Row } from "../row";

/** Resident memory of the platform's processes when nothing has happened yet, with no containers counted. */
export async function memory({ subject }: Bench): Promise<Row[]> {
  const mb = subject.memory();
  const { memory: most } = subject.goals;
  return [{ measure: "idle memory of the platform", result: `${Math.round(mb)} MB`, target: most === undefined ? "" : `≤ ${most} MB`, reached: most === undefined || mb <= most, figures: { mb } }];
}
