import type { Suite } from "./suite";

/** What /init promises. */
export function initContract({ launch, launchWith, samples, comment, trace }: Suite): void {
  describe("init", () => {
    it("a run before init is refused", async () => {
      const runtime = await launch();
      expect(await runtime.run()).toEqual({ status: 403, body: { error: "System not initialized." } });
    });

    it("a second init is refused, the log says so, and the first action stays", async () => {
      const runtime = await launchWith(samples.echo);
      const refusal = { status: 403, body: { error: "Cannot initialize the action more than once." } };
      expect(await runtime.init(samples.counter)).toEqual(refusal);
      expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { a: 1 } });
      const [log] = await runtime.logs(1);
      expect(log?.stderr).toContain(refusal.body.error);
    });

    it.each(["{}", '{"value":{}}', '{"value":{"code":"","main":"main"}}', '{"value":{"code":7}}'])(
      "init without code is refused with an end of the log: %s",
      async (body) => {
        const runtime = await launch();
        expect(await runtime.post("/init", body)).toEqual({ status: 403, body: { error: "Missing main/no code to execute." } });
        expect((await runtime.logs(1))[0]?.stderr).toBe("Missing main/no code to execute.\n");
        expect((await runtime.init(samples.echo)).status).toBe(200);
      },
    );

    it("code that is not the language fails init with a message and the log's end", async () => {
      const runtime = await launch();
      const answer = await runtime.init(samples.syntaxError);
      expect(answer).toEqual({ status: 502, body: { error: expect.stringMatching(/^Initialization has failed due to: [^]*syntax/i) } });
      expect((await runtime.logs(1))[0]?.stderr).toMatch(/syntaxerror/i);
    });

    it("an exception while the code is loaded fails init, with its message and a trace in the log", async () => {
      const runtime = await launch();
      const answer = await runtime.init(samples.throwingAtLoad);
      expect(answer).toEqual({ status: 502, body: { error: expect.stringMatching(/^Initialization has failed due to: [^]*not today/) } });
      const [log] = await runtime.logs(1);
      expect(log?.stderr).toContain("not today");
      expect(log?.stderr).toMatch(trace);
    });

    it("code without the entry point fails init and the message names it", async () => {
      const runtime = await launch();
      const answer = await runtime.init(samples.withoutMain);
      expect(answer).toEqual({ status: 502, body: { error: expect.stringContaining("Action entrypoint 'main' is not a function.") } });
      expect((await runtime.logs(1))[0]?.stderr).toContain("Action entrypoint 'main' is not a function.");
    });

    it("code that ends the process while it is loaded ends the log too", async () => {
      const runtime = await launch();
      const outcome = await runtime.init(samples.exitAtLoad).catch(() => "connection lost");
      expect([{ status: 502, body: { error: "The action did not initialize and exited unexpectedly." } }, "connection lost"]).toContainEqual(outcome);
      await runtime.logs(1);
    });

    it("a failed init leaves the runtime without an action", async () => {
      const runtime = await launch();
      await runtime.init(samples.syntaxError);
      expect(await runtime.run()).toEqual({ status: 403, body: { error: "System not initialized." } });
    });

    it("the main option names the function", async () => {
      const runtime = await launchWith({ ...samples.otherMain, main: "niam" });
      expect(await runtime.run({ string: "hello" })).toEqual({ status: 200, body: { string: "hello" } });
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

    it("what is printed while the code is loaded belongs to the first run", async () => {
      const runtime = await launchWith(samples.printingAtLoad);
      await runtime.run();
      await runtime.run();
      expect(await runtime.logs(2)).toEqual([
        { stdout: "loading\nrunning\n", stderr: "" },
        { stdout: "running\n", stderr: "" },
      ]);
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

    it("an archive without its entry file fails init and says which is missing", async () => {
      const runtime = await launch();
      const answer = await runtime.init(samples.archiveWithoutEntry);
      expect(answer).toEqual({ status: 502, body: { error: expect.stringMatching(/must contain|does not include/) } });
      await runtime.logs(1);
    });

    it("something that is no archive fails init", async () => {
      const runtime = await launch();
      const answer = await runtime.init({ code: Buffer.from("Ceci n'est pas un zip.").toString("base64"), binary: true });
      expect(answer).toEqual({ status: 502, body: { error: expect.stringContaining("There was an error uncompressing the action archive.") } });
      expect((await runtime.logs(1))[0]?.stderr).toContain("uncompressing");
    });
  });
}
