import type { Bench, Row } from "../row";

/** Resident memory of the platform's processes when nothing has happened yet, with no containers counted. */
export async function memory({ subject }: Bench): Promise<Row[]> {
  const mb = subject.memory();
  return [{ measure: "idle memory of the platform", result: `${Math.round(mb)} MB`, target: "≤ 150 MB", reached: mb <= 150, figures: { mb } }];
}
