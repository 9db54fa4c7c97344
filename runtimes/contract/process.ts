import { readdirSync } from "node:fs";
import { gone } from "../testing/runtimeProcess";
import type { Suite } from "./suite";

/** What the HTTP side and the process promise, whatever the action does. */
export function processContract({ launch, launchWith, samples }: Suite): void {
  describe("HTTP", () => {
    it.each(["/init", "/run"])("a body that is not JSON is a bad request: %s", async (path) => {
      const runtime = await launchWith(samples.echo);
      expect(await runtime.post(path, "{not json")).toEqual({ status: 400, body: { error: expect.stringContaining("not JSON") } });
      expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { a: 1 } });
    });

    it.each(['{"value":"text"}', '{"value":7}', "7"])("parameters that are no object are refused: %s", async (body) => {
      const runtime = await launchWith(samples.echo);
      expect(await runtime.post("/run", body)).toEqual({ status: 403, body: { error: expect.stringContaining("the argument must be a dictionary") } });
      expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { a: 1 } });
    });

    it("anything else is not found", async () => {
      const runtime = await launch();
      expect((await runtime.post("/other", "{}")).status).toBe(404);
      expect((await runtime.post("/run", "", "GET")).status).toBe(404);
    });
  });

  describe("the process", () => {
    it("says once that it is ready", async () => {
      const runtime = await launch();
      expect(runtime.ready).toBe('{"ready":true}\n');
    });

    it("ends when its standard input closes", async () => {
      const runtime = await launchWith(samples.echo);
      runtime.closeStdin();
      expect(await runtime.exited).toEqual({ code: 0, signal: null });
    });

    it("ends on SIGTERM, before init as after it", async () => {
      for (const runtime of [await launch(), await launchWith(samples.echo)]) {
        runtime.kill("SIGTERM");
        expect(await runtime.exited).toEqual({ code: 0, signal: null });
      }
    });

    it("its settings are not in the action's environment", async () => {
      const runtime = await launchWith(samples.context, { env: { __OW_SAMPLE: "seen" } });
      expect((await runtime.run()).body).toEqual({ __OW_SAMPLE: "seen" });
    });

    it("leaves no files when it ends", async () => {
      const runtime = await launchWith(samples.archive);
      expect(readdirSync(runtime.folder)).toHaveLength(2);
      runtime.kill("SIGTERM");
      await runtime.exited;
      expect(readdirSync(runtime.folder)).toEqual([]);
    });

    it("does not outlive a platform that is killed, not even while an action computes for ever", async () => {
      const runtime = await launchWith(samples.busy, { underParent: true });
      void runtime.run().catch(() => undefined);
      await runtime.printed("busy");
      const pids = /busy ([0-9 ]+)/.exec(runtime.output().stdout)?.[1]?.split(" ").map(Number) ?? [];
      expect(pids.length).toBeGreaterThan(0);
      runtime.kill("SIGKILL");
      await Promise.all(pids.map(gone));
    });
  });
}
