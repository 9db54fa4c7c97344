import { LogCollector } from "./logs";

const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";

describe("waiting for the end of the output", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it("ends, although something that the action started never stops writing", async () => {
    const logs = new LogCollector(10);
    const writing = setInterval(() => logs.listener("stdout", "tick", 0), 100);
    const complete = logs.completed(500);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await Promise.race([complete, "still waiting"])).toBe(false);
    clearInterval(writing);
    expect(jest.getTimerCount()).toBe(0);
  });

  it("lasts as long as there is output before the markers, and leaves no timer", async () => {
    const logs = new LogCollector(10);
    const complete = logs.completed(500);
    for (let i = 0; i < 20; i++) {
      logs.listener("stdout", String(i), 0);
      await jest.advanceTimersByTimeAsync(400);
    }
    for (const stream of ["stdout", "stderr"] as const) logs.listener(stream, MARKER, 0);
    expect(await complete).toBe(true);
    expect(logs.finish()).toHaveLength(20);
    expect(jest.getTimerCount()).toBe(0);
  });
});
