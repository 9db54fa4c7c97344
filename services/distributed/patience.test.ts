import { WhiskError } from "../core/errors";
import { patiently } from "./patience";

/** Work that fails so often, each time after a second, on a clock of its own. */
function rig(failures: number, error: Error) {
  let [time, tries] = [0, 0];
  const work = async () => {
    tries++;
    time += 1_000;
    if (tries <= failures) throw error;
    return "done";
  };
  const pause = async (milliseconds: number) => void (time += milliseconds);
  return { work, tries: () => tries, patience: { limit: 10_000, now: () => time, pause } };
}

const AWAY = new WhiskError(503, "The database does not answer; try again later.");

test("a server that is away for a moment is waited for", async () => {
  const { work, tries, patience } = rig(3, AWAY);
  expect(await patiently(work, patience)).toBe("done");
  expect(tries()).toBe(4);
});

test("one that stays away is told after the limit", async () => {
  const { work, tries, patience } = rig(Infinity, AWAY);
  await expect(patiently(work, patience)).rejects.toBe(AWAY);
  expect(tries()).toBe(7);
});

test.each([
  ["of the platform", new WhiskError(500, "broken")],
  ["that is none of a server's absence", new Error("The database refuses who asks")],
])("a failure %s is told at once", async (_, error) => {
  const { work, tries, patience } = rig(1, error);
  await expect(patiently(work, patience)).rejects.toBe(error);
  expect(tries()).toBe(1);
});
