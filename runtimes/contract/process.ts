import { readdirSync } from "node:fs";
import type { Sample } from "../testing/runtime";
import { gone, type ProcessOptions, type RuntimeProcess } from "../testing/runtimeProcess";

/** Promises of a runtime that is a process of the platform's machine. @param samples `busy`: prints `busy` and the ids of the runtime's processes, parted by blanks, and then computes for ever */
export function processContract(name: string, start: (options?: ProcessOptions) => Promise<RuntimeProcess>, samples: Record<"archive" | "busy" | "echo", Sample>): void {
  describe(`the process of a runtime: ${name}`, () => {
    const started: RuntimeProcess[] = [];
    const launch = async (options?: ProcessOptions) => {
      const runtime = await start(options);
      started.push(runtime);
      return runtime;
    };
    const launchWith = async (sample: Sample, options?: ProcessOptions) => {
      const runtime = await launch(options);
      expect(await runtime.init(sample)).toEqual({ status: 200, body: { ok: true } });
      return runtime;
    };
    afterEach(async () => {
      await Promise.all(started.splice(0).map((runtime) => runtime.stop()));
    });

    it("says once that it is ready", async () => {
      const runtime = await launch();
      expect(runtime.ready).toBe('{"ready":true}\n');
    });

    it("ends when its standard input closes", async () => {
      const runtime = await launchWith(samples.echo);
      runtime.closeStdin();
      expect(await runtime.exited).toEqual({ code: 0, signal: null });
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
