import { appendFileSync } from "node:fs";

/** A file in which `npm test` finds what was left out. */
const FILE = "STACKWHISK_TEST_LEFT_OUT";

/**
 * In the place of `describe`, for what cannot be tested on this machine: its tests are skipped, and that is told at the end of
 * the run. Where CI is set they fail.
 *
 * @param reason what is missing: one sentence
 */
export function leaveOut(name: string, reason: string, tests: () => void): void {
  if (process.env.CI) return describe(name, () => test("there is what it needs", () => Promise.reject(new Error(reason))));
  noteLeftOut(name, reason);
  describe.skip(name, tests);
}

/** Has it told at the end of the run that something was left out. */
export function noteLeftOut(name: string, reason: string): void {
  const file = process.env[FILE];
  if (file) appendFileSync(file, `${reason}\t${name}\n`);
  else console.warn(`Left out: ${name}. ${reason}`);
}
