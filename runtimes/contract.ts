import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gone, MARKER, type RunningRuntime, type Sample, type StartOptions } from "./testing/runtimeProcess";

/** The actions that a language brings for the suite, each with an entry point `main` unless it says otherwise. */
export interface Samples {
  /** Returns its parameters. */
  echo: Sample;
  /** The same, but the function is called `niam`. */
  otherMain: Sample;
  /** No function `main`. */
  withoutMain: Sample;
  /** Prints `hello stdout` and `hello stderr`, each to its stream, and returns its parameters. */
  hello: Sample;
  /** `{delimiter}` → prints and returns as `winter`: delimiter, ` ☃ `, delimiter. */
  unicode: Sample;
  /** Returns every environment variable whose name starts with `__OW_`. */
  context: Sample;
  /** Returns `SOME_VAR`, `ANOTHER_VAR` and `OBJECT_VAR` of the environment as they were when the code was loaded. */
  environment: Sample;
  /** Returns `{count}`: how often it was called. */
  counter: Sample;
  /** Returns the array `["a", "b"]`. */
  array: Sample;
  /** Returns the text `not an object`. */
  text: Sample;
  /** Returns null. */
  nothing: Sample;
  /** Returns an object that has no form in JSON. */
  notJson: Sample;
  /** Returns `{error: "sorry"}`. */
  applicationError: Sample;
  /** Throws an exception with the message `nooooo`. */
  throwing: Sample;
  /** Not the language. */
  syntaxError: Sample;
  /** Throws an exception with the message `not today` while it is loaded. */
  throwingAtLoad: Sample;
  /** Prints `loading` while it is loaded and `running` in each run. */
  printingAtLoad: Sample;
  /** Ends the process while it is loaded. */
  exitAtLoad: Sample;
  /** Prints `last words`, then ends the process. */
  exitInRun: Sample;
  /** Prints `no line end` to both streams, without a line end. */
  unfinishedLine: Sample;
  /** `{lines}` → prints `line 0`, `line 1`, … to standard output. */
  lines: Sample;
  /** `{size}` → returns `{text}` of so many characters `x`. */
  large: Sample;
  /** `{file}` → prints `waiting`, and returns `{done: true}` once there is a file of that name. */
  waiting: Sample;
  /** Prints `busy` and the ids of the runtime's processes, parted by blanks, and then computes for ever. */
  busy: Sample;
  /** A zip archive whose main file uses another one and reads the file `data.txt` by a relative path: `{helper: "helped", data: "some data"}`. */
  archive: Sample;
  /** A zip archive without the file that the language starts from. */
  archiveWithoutEntry: Sample;
}

export interface Contract {
  /** Starts a new runtime. The suite stops it. */
  start: (options?: StartOptions) => Promise<RunningRuntime>;
  samples: Samples;
  /** The status for an exception in a run: 502 when the runtime can tell it from a result, else 200. */
  thrownStatus: 200 | 502;
  /** What starts a comment of one line. */
  comment: string;
  /** What the log shows of an exception, beside its message. */
  trace: RegExp;
}

/** The promises of OpenWhisk's container contract, and of ours around the process, for one runtime. */
export function runtimeContract(name: string, { start, samples, thrownStatus, comment, trace }: Contract): void {
  describe(`the runtime contract: ${name}`, () => {
    const started: RunningRuntime[] = [];
    const launch = async (options?: StartOptions) => {
      const runtime = await start(options);
      started.push(runtime);
      return runtime;
    };
    const launchWith = async (sample: Sample, options?: StartOptions) => {
      const runtime = await launch(options);
      expect(await runtime.init(sample)).toEqual({ status: 200, body: { ok: true } });
      return runtime;
    };
    afterEach(async () => {
      await Promise.all(started.splice(0).map((runtime) => runtime.stop()));
    });

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

    describe("run", () => {
      it.each([
        {},
        { string: "hello" },
        { string: "❄ ☃ ❄ \u{1f600} \u0000 \\ \"" },
        { numbers: [42, -1, 1.5, 1e21] },
        { "with\nline": null, yes: true, no: false },
        { object: { a: { b: [{}] } } },
      ])("parameters come back as they were: %j", async (value) => {
        const runtime = await launchWith(samples.echo);
        expect(await runtime.run(value)).toEqual({ status: 200, body: value });
      });

      it("a run without a value has empty parameters", async () => {
        const runtime = await launchWith(samples.echo);
        for (const body of ["{}", '{"value":null}', ""]) expect(await runtime.post("/run", body)).toEqual({ status: 200, body: {} });
      });

      it("a request with line ends between its tokens is understood", async () => {
        const runtime = await launchWith(samples.echo);
        expect(await runtime.post("/run", '{\r\n  "value": {\n    "a": 1\n  }\n}\n')).toEqual({ status: 200, body: { a: 1 } });
      });

      it("arrays are parameters and results too", async () => {
        const echo = await launchWith(samples.echo);
        expect(await echo.run(["c", { d: 1 }])).toEqual({ status: 200, body: ["c", { d: 1 }] });
        const array = await launchWith(samples.array);
        expect(await array.run()).toEqual({ status: 200, body: ["a", "b"] });
      });

      it("unicode survives in source, parameters, log and result", async () => {
        const runtime = await launchWith(samples.unicode);
        expect(await runtime.run({ delimiter: "❄" })).toEqual({ status: 200, body: { winter: "❄ ☃ ❄" } });
        expect(await runtime.logs(1)).toEqual([{ stdout: "❄ ☃ ❄\n", stderr: "" }]);
      });

      it("the context of a run is in its environment", async () => {
        const runtime = await launchWith(samples.context);
        const context = {
          api_host: "http://xyz",
          api_key: "abc",
          namespace: "zzz",
          action_name: "/zzz/xxx",
          action_version: "0.0.1",
          activation_id: "iii",
          transaction_id: "ttt",
          deadline: "123",
        };
        const names = Object.entries(context).map(([key, value]) => [`__OW_${key.toUpperCase()}`, value]);
        expect(await runtime.run({}, context)).toEqual({ status: 200, body: Object.fromEntries(names) });
      });

      it("a deadline that is a number is exported as text", async () => {
        const runtime = await launchWith(samples.context);
        expect(await runtime.run({}, { deadline: 1_700_000_000_000 })).toEqual({ status: 200, body: { __OW_DEADLINE: "1700000000000" } });
      });

      it("an API key is there only in the runs that were given one", async () => {
        const runtime = await launchWith(samples.context);
        expect((await runtime.run({}, { namespace: "n", api_key: "secret" })).body).toEqual({ __OW_NAMESPACE: "n", __OW_API_KEY: "secret" });
        expect((await runtime.run({}, { namespace: "n" })).body).toEqual({ __OW_NAMESPACE: "n" });
        expect((await runtime.run({}, { api_key: "other" })).body).toEqual({ __OW_API_KEY: "other" });
      });

      it("the container's own environment holds where a run says nothing", async () => {
        const runtime = await launchWith(samples.context, { env: { __OW_API_HOST: "container" } });
        expect((await runtime.run()).body).toEqual({ __OW_API_HOST: "container" });
        expect((await runtime.run({}, { api_host: "run" })).body).toEqual({ __OW_API_HOST: "run" });
        expect((await runtime.run()).body).toEqual({ __OW_API_HOST: "container" });
      });

      it("runs one after the other share the action's state", async () => {
        const runtime = await launchWith(samples.counter);
        for (const count of [1, 2, 3]) expect(await runtime.run()).toEqual({ status: 200, body: { count } });
      });

      it("parameters and results of megabytes come through", async () => {
        const echo = await launchWith(samples.echo);
        const value = { text: "å".repeat(1 << 20), list: Array.from({ length: 10_000 }, (_, index) => ({ index })) };
        expect(await echo.run(value)).toEqual({ status: 200, body: value });
        const large = await launchWith(samples.large);
        expect(await large.run({ size: 5 << 20 })).toEqual({ status: 200, body: { text: "x".repeat(5 << 20) } });
      });

      it.each(["text", "nothing"] as const)("a result that is neither object nor array is the developer's error: %s", async (kind) => {
        const runtime = await launchWith(samples[kind]);
        const answer = { status: 502, body: { error: "The action did not return a dictionary or array." } };
        expect(await runtime.run()).toEqual(answer);
        expect(await runtime.run()).toEqual(answer);
        await runtime.logs(2);
      });

      it("a result that has no JSON is the developer's error and the log says why", async () => {
        const runtime = await launchWith(samples.notJson);
        expect(await runtime.run()).toEqual({ status: 502, body: { error: expect.any(String) } });
        expect((await runtime.logs(1))[0]?.stderr).toContain("cannot be written as JSON");
      });

      it("an error that the action returns is its answer", async () => {
        const runtime = await launchWith(samples.applicationError);
        expect(await runtime.run()).toEqual({ status: 200, body: { error: "sorry" } });
        expect(await runtime.logs(1)).toEqual([{ stdout: "", stderr: "" }]);
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

      it("a second run while one is under way is refused", async () => {
        const runtime = await launchWith(samples.waiting);
        const file = join(runtime.folder, "go");
        const first = runtime.run({ file });
        await runtime.printed("waiting");
        expect(await runtime.run({ file })).toEqual({ status: 403, body: { error: "System not ready, status is running." } });
        writeFileSync(file, "");
        expect(await first).toEqual({ status: 200, body: { done: true } });
      });
    });

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

      it("the marker stands on its own line after text without a line end", async () => {
        const runtime = await launchWith(samples.unfinishedLine);
        await runtime.run();
        await runtime.run();
        expect(await runtime.logs(2)).toEqual(Array(2).fill({ stdout: "no line end\n", stderr: "no line end\n" }));
      });

      it("a hundred thousand lines arrive complete, in order and before the marker", async () => {
        const runtime = await launchWith(samples.lines);
        await runtime.run({ lines: 100_000 });
        const [log] = await runtime.logs(1);
        expect(log?.stdout === Array.from({ length: 100_000 }, (_, index) => `line ${index}\n`).join("")).toBe(true);
      });
    });

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
  });
}
