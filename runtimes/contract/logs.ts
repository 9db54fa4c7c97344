import { MARKER } from "../testing/runtime";
import type { Suite } from "./suite";

/** What the logs promise. */
export function logsContract({ launchWith, samples }: Suite): void {
  describe("logs", () => {
    it("each stream gets its own text and its own marker, for each run", async () => {
      const runtime = await launchWith(samples.hello);
      for (let count = 0; count < 3; count++) expect((await runtime.run({ count })).body).toEqual({ count });
      expect(await runtime.logs(3)).toEqual(Array(3).fill({ stdout: "hello stdout\n", stderr: "hello stderr\n" }));
      expect(runtime.output()).toEqual({
        stdout: `hello stdout\n${MARKER}\n`.repeat(3),
        stderr: `hello stderr\n${MARKER}\n`.repeat(3),
      });
    });

    it("a silent run has just the markers", async () => {
      const runtime = await launchWith(samples.echo);
      await runtime.run();
      expect(await runtime.logs(1)).toEqual([{ stdout: "", stderr: "" }]);
    });

    it("a hundred thousand lines arrive complete, in order and before the marker", async () => {
      const runtime = await launchWith(samples.lines);
      await runtime.run({ lines: 100_000 });
      const [log] = await runtime.logs(1);
      expect(log?.stdout === Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join("")).toBe(true);
    });
  });
}
