import { again, pauses } from "./again";

/** Fails so often; notes the pauses and what was told. */
function rig(failures: number) {
  const slept: number[] = [];
  const told: [message: string, left: number][] = [];
  const pause = pauses({ first: 100, longest: 350 }, async (milliseconds) => slept.push(milliseconds));
  const work = async (attempt: number) => {
    if (attempt <= failures) throw new Error(`no ${attempt}`);
    return attempt;
  };
  return { slept, told, pause, work, failed: (error: unknown, left: number) => void told.push([(error as Error).message, left]) };
}

test("what succeeds is done once", async () => {
  const { work, pause, failed, slept, told } = rig(0);
  expect(await again(work, { pause, failed })).toBe(1);
  expect([slept, told]).toEqual([[], []]);
});

test("what fails is tried again after pauses that double up to the longest, and each failure is told", async () => {
  const { work, pause, failed, slept, told } = rig(4);
  expect(await again(work, { pause, failed })).toBe(5);
  expect(slept).toEqual([100, 200, 350, 350]);
  expect(told).toEqual([1, 2, 3, 4].map((n) => [`no ${n}`, Infinity]));
});

test("the failure after which no try is left is told and thrown", async () => {
  const { work, pause, failed, slept, told } = rig(Infinity);
  await expect(again(work, { pause, tries: 2, failed })).rejects.toThrow("no 2");
  expect([slept, told]).toEqual([
    [100],
    [
      ["no 1", 1],
      ["no 2", 0],
    ],
  ]);
});

test("whoever is told may end it", async () => {
  const { work, pause, slept } = rig(Infinity);
  const end = new Error("enough");
  const failed = () => {
    throw end;
  };
  await expect(again(work, { pause, failed })).rejects.toBe(end);
  expect(slept).toEqual([]);
});
