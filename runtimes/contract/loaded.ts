import type { LoadedContract, Suite } from "./suite";

/** What is promised where code is loaded once, at /init, and a function of it called for each /run. */
export function loadedContract({ launch, launchWith, samples: { echo } }: Suite, { samples, thrownStatus, syntaxError, trace }: LoadedContract): void {
  describe("loading code", () => {
    it("a run before init is refused", async () => {
      const runtime = await launch();
      expect(await runtime.run()).toEqual({ status: 403, body: { error: "System not initialized." } });
    });

    it.each(["{}", '{"value":{}}', '{"value":{"code":"","main":"main"}}', '{"value":{"code":7}}'])(
      "init without code is refused with an end of the log: %s",
      async (body) => {
        const runtime = await launch();
        expect(await runtime.post("/init", body)).toEqual({ status: 403, body: { error: "Missing main/no code to execute." } });
        expect((await runtime.logs(1))[0]?.stderr).toBe("Missing main/no code to execute.\n");
        expect((await runtime.init(echo)).status).toBe(200);
      },
    );

    it("code that is not the language fails init with a message and the log's end", async () => {
      const runtime = await launch();
      const answer = await runtime.init(samples.syntaxError);
      expect(answer).toEqual({ status: 502, body: { error: expect.stringMatching(/^Initialization has failed due to: /) } });
      expect((answer.body as { error: string }).error).toMatch(syntaxError);
      expect((await runtime.logs(1))[0]?.stderr).toMatch(syntaxError);
    });

    const { throwingAtLoad } = samples;
    if (throwingAtLoad) {
      it("an exception while the code is loaded fails init, with its message and a trace in the log", async () => {
        const runtime = await launch();
        const answer = await runtime.init(throwingAtLoad);
        expect(answer).toEqual({ status: 502, body: { error: expect.stringMatching(/^Initialization has failed due to: [^]*not today/) } });
        const [log] = await runtime.logs(1);
        expect(log?.stderr).toContain("not today");
        expect(log?.stderr).toMatch(trace);
      });
    }

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

    it("what is printed while the code is loaded belongs to the first run", async () => {
      const runtime = await launchWith(samples.printingAtLoad);
      await runtime.run();
      await runtime.run();
      expect(await runtime.logs(2)).toEqual([
        { stdout: "loading\nrunning\n", stderr: "" },
        { stdout: "running\n", stderr: "" },
      ]);
    });

    it("something that is no archive fails init", async () => {
      const runtime = await launch();
      const answer = await runtime.init({ code: Buffer.from("Ceci n'est pas un zip.").toString("base64"), binary: true });
      expect(answer).toEqual({ status: 502, body: { error: expect.stringContaining("There was an error uncompressing the action archive.") } });
      expect((await runtime.logs(1))[0]?.stderr).toContain("uncompressing");
    });
  });

  describe("calling the function", () => {
    it("runs one after the other share the action's state", async () => {
      const runtime = await launchWith(samples.counter);
      for (const count of [1, 2, 3]) expect(await runtime.run()).toEqual({ status: 200, body: { count } });
    });

    it("a result that has no JSON is the developer's error and the log says why", async () => {
      const runtime = await launchWith(samples.notJson);
      expect(await runtime.run()).toEqual({ status: 502, body: { error: expect.any(String) } });
      expect((await runtime.logs(1))[0]?.stderr).toContain("cannot be written as JSON");
    });

    it("an exception is answered with its message, traced in the log, and the next run works", async () => {
      const runtime = await launchWith(samples.throwing);
      for (let count = 0; count < 2; count++) {
        expect(await runtime.run()).toEqual({ status: thrownStatus, body: { error: expect.stringContaining("nooooo") } });
      }
      for (const log of await runtime.logs(2)) {
        expect(log.stderr).toContain("nooooo");
        expect(log.stderr).toMatch(trace);
      }
    });

    it("an action that ends the process is answered with an error or a lost connection, and the runtime ends", async () => {
      const runtime = await launchWith(samples.exitInRun);
      const outcome = await runtime.run().catch(() => "connection lost");
      const expected = { status: 502, body: { error: "The action did not produce a valid response and exited unexpectedly." } };
      expect([expected, "connection lost"]).toContainEqual(outcome);
      await runtime.exited;
      expect(await runtime.logs(1)).toEqual([{ stdout: "last words\n", stderr: "" }]);
    });

    it("the marker stands on its own line after text without a line end", async () => {
      const runtime = await launchWith(samples.unfinishedLine);
      await runtime.run();
      await runtime.run();
      expect(await runtime.logs(2)).toEqual(Array(2).fill({ stdout: "no line end\n", stderr: "no line end\n" }));
    });
  });
}
