import type { Suite } from "./suite";

/** What the HTTP side and the environment promise, whatever the action does. */
export function httpContract({ launch, launchWith, samples }: Suite): void {
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

  describe("the runtime", () => {
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
  });
}
