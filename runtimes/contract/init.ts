import { asTarGz } from "../testing/archive";
import type { Suite } from "./suite";

/** What /init promises, whatever runs the code. */
export function initContract({ launch, launchWith, samples, comment }: Suite): void {
  describe("init", () => {
    it("a second init is refused, the log says so, and the first action stays", async () => {
      const runtime = await launchWith(samples.echo);
      const refusal = { status: 403, body: { error: "Cannot initialize the action more than once." } };
      expect(await runtime.init(samples.hello)).toEqual(refusal);
      expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { a: 1 } });
      const [log] = await runtime.logs(1);
      expect(log?.stderr).toContain(refusal.body.error);
    });

    it("main may be left out of the request", async () => {
      const runtime = await launch();
      expect((await runtime.post("/init", JSON.stringify({ value: { code: samples.echo.code } }))).status).toBe(200);
      expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { a: 1 } });
    });

    it("the environment of init is there when the code is loaded", async () => {
      const runtime = await launchWith({ ...samples.environment, env: { SOME_VAR: "xyz", ANOTHER_VAR: "", OBJECT_VAR: { a: [1] } } });
      expect(await runtime.run()).toEqual({ status: 200, body: { SOME_VAR: "xyz", ANOTHER_VAR: "", OBJECT_VAR: '{"a":[1]}' } });
    });

    it("asked to work on several runs at a time, it says whether it does; otherwise nothing of it", async () => {
      expect(await (await launch()).init({ ...samples.echo, concurrency: 5 })).toEqual({ status: 200, body: { ok: true, concurrent: expect.any(Boolean) } });
      for (const concurrency of [undefined, 1]) expect(await (await launch()).init({ ...samples.echo, concurrency })).toEqual({ status: 200, body: { ok: true } });
    });

    it("code of several megabytes is taken", async () => {
      const runtime = await launchWith({ code: `${samples.echo.code}\n${`${comment} ${"padding ".repeat(16)}\n`.repeat(40_000)}` });
      expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { a: 1 } });
    });
  });

  describe("archives", () => {
    it("a zip archive runs in its own folder, with its files", async () => {
      const runtime = await launchWith(samples.archive);
      expect(await runtime.run()).toEqual({ status: 200, body: { helper: "helped", data: "some data" } });
    });

    it("a tar.gz archive does as well", async () => {
      const runtime = await launchWith({ ...samples.archive, code: asTarGz(samples.archive.code) });
      expect(await runtime.run()).toEqual({ status: 200, body: { helper: "helped", data: "some data" } });
    });

    it("an archive without its entry file fails init and says which is missing", async () => {
      const runtime = await launch();
      const answer = await runtime.init(samples.archiveWithoutEntry);
      expect(answer).toEqual({ status: 502, body: { error: expect.stringMatching(/must contain|does not include|failed to generate or locate/) } });
      await runtime.logs(1);
    });
  });
}
