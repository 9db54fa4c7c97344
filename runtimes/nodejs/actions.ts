import { archive } from "../testing/archive";
import { MARKER, type RunningRuntime, type Sample, type StartOptions } from "../testing/runtime";

/** What JavaScript actions are promised beyond the contract. */
export function javaScriptActions(start: (options?: StartOptions) => Promise<RunningRuntime>): void {
  describe("JavaScript actions", () => {
    let runtime: RunningRuntime;
    const launchWith = async (sample: Sample, options?: StartOptions) => {
      runtime = await start(options);
      expect(await runtime.init(sample)).toMatchObject({ status: 200, body: { ok: true } });
    };
    afterEach(() => runtime.stop());

    it.each<[string, string, string?]>([
      ["a function of the script", "function main() { return { ok: 1 }; }"],
      ["a constant", "const main = async () => ({ ok: 1 });"],
      ["strict code with a comment at its end", "'use strict'; function main() { return { ok: 1 }; } // end"],
      ["exports.main", "exports.main = () => ({ ok: 1 });"],
      ["module.exports.main", "module.exports.main = () => ({ ok: 1 });"],
      ["module.exports = {main}", "module.exports = { main: () => ({ ok: 1 }) };"],
      ["module.exports is the function", "module.exports = () => ({ ok: 1 });"],
      ["a default export of a bundle", "exports.default = () => ({ ok: 1 });"],
      ["a global, as webpack sets it", "global.main = () => ({ ok: 1 });"],
      ["a name with dots", "const handlers = { get: () => ({ ok: 1 }) };", "handlers.get"],
      ["exports.handler", "exports.handler = () => ({ ok: 1 });", "exports.handler"],
      ["exports.handler of a new module.exports", "module.exports = { handler: () => ({ ok: 1 }) };", "exports.handler"],
      ["a method, with its this", "class A { constructor() { this.ok = 1; } run() { return this; } }; exports.a = new A();", "a.run"],
      ["an ES module's main", "import { join } from 'node:path'; export const main = () => ({ ok: join('a', 'b').length - 2 });"],
      ["an ES module's default", "export default () => ({ ok: 1 });"],
      ["an ES module that awaits at its top level", "const ok = await Promise.resolve(1); export function handler() { return { ok }; }", "handler"],
    ])("the entry point may be: %s", async (_what, code, main = "main") => {
      await launchWith({ code, main });
      expect(await runtime.run()).toEqual({ status: 200, body: { ok: 1 } });
      expect(await runtime.logs(1)).toEqual([{ stdout: "", stderr: "" }]);
    });

    it.each<[string, Record<string, string>, string?]>([
      ["index.js without package.json", { "index.js": "exports.main = () => ({ ok: 1 });" }],
      ["an ES module package", { "package.json": '{"type": "module", "main": "a.js"}', "a.js": "export const main = () => ({ ok: 1 });" }],
      ["index.mjs that awaits", { "index.mjs": "await 0; export const main = () => ({ ok: 1 });" }],
      ["another file of it", { "lib/other.js": "exports.handler = () => ({ ok: 1 });" }, "lib/other.handler"],
      ["another export", { "index.js": "exports.niam = () => ({ ok: 1 });" }, "niam"],
      ["an export below another", { "index.js": "exports.handlers = { get: () => ({ ok: 1 }) };" }, "handlers.get"],
    ])("an archive may be: %s", async (_what, files, main = "main") => {
      await launchWith({ code: archive(files), binary: true, main });
      expect(await runtime.run()).toEqual({ status: 200, body: { ok: 1 } });
      expect(await runtime.logs(1)).toEqual([{ stdout: "", stderr: "" }]);
    });

    it("variables that are null, false or 0 are empty", async () => {
      await launchWith({ code: "const { A, B, C, D } = process.env; function main() { return { A, B, C, D }; }", env: { A: null, B: false, C: 0, D: 1.5 } });
      expect((await runtime.run()).body).toEqual({ A: "", B: "", C: "", D: "1.5" });
    });

    it("the working directory of an archive is its folder", async () => {
      await launchWith({ code: archive({ "index.js": "exports.main = () => ({ same: __dirname === process.cwd() });" }), binary: true });
      expect((await runtime.run()).body).toEqual({ same: true });
    });

    it.each([
      { code: "exports.main = () => ({ found: typeof require('openwhisk') });" },
      { code: "import openwhisk from 'openwhisk'; export const main = () => ({ found: typeof openwhisk });" },
      { code: archive({ "index.js": "exports.main = () => ({ found: typeof require('openwhisk') });" }), binary: true },
    ])("the openwhisk client is there without being packed", async (sample) => {
      await launchWith(sample);
      expect((await runtime.run()).body).toEqual({ found: "function" });
      expect(await runtime.logs(1)).toEqual([{ stdout: "", stderr: "" }]);
    });

    it("a package that is missing is named", async () => {
      runtime = await start();
      const answer = await runtime.init({ code: archive({ "index.js": "require('no-such-package'); exports.main = () => ({});" }), binary: true });
      expect(answer).toEqual({ status: 502, body: { error: expect.stringContaining("Cannot find module 'no-such-package'") } });
    });

    it("no result is an empty object", async () => {
      await launchWith({ code: "function main({ later }) { return later ? Promise.resolve() : undefined; }" });
      expect(await runtime.run()).toEqual({ status: 200, body: {} });
      expect(await runtime.run({ later: true })).toEqual({ status: 200, body: {} });
    });

    it.each<[string, unknown]>([
      ["Promise.reject({ done: true })", { done: true }],
      ["Promise.reject('why')", "why"],
      ["Promise.reject()", {}],
      ["Promise.reject([1, 2n, () => 0])", [1, "2", "[Function: anonymous]"]],
      ["(async () => { throw Object.assign(new TypeError('bad', { cause: new Error('deep') }), { statusCode: 7 }); })()",
        { name: "TypeError", message: "bad", statusCode: 7, stack: expect.stringContaining("TypeError: bad"), cause: { name: "Error", message: "deep", stack: expect.any(String) } }],
      ["(() => { const e = new Error('loop'); e.self = e; return Promise.reject(e); })()", { name: "Error", message: "loop", self: "[Circular]", stack: expect.any(String) }],
    ])("a rejected promise is an application error with its reason: %s", async (expression, reason) => {
      await launchWith({ code: `function main() { return ${expression}; }` });
      expect(await runtime.run()).toEqual({ status: 200, body: { error: reason } });
      expect(await runtime.logs(1)).toEqual([{ stdout: "", stderr: "" }]);
    });

    it("an exception in a callback is answered, traced, and ends the runtime", async () => {
      await launchWith({ code: "function main() { return new Promise(() => setImmediate(() => { throw new Error('astray'); })); }" });
      expect(await runtime.run()).toEqual({ status: 502, body: { error: "An error has occurred: Error: astray" } });
      expect(await runtime.exited).toEqual({ code: 1, signal: null });
      expect((await runtime.logs(1))[0]?.stderr).toMatch(/^Error: astray\n\s+at /);
    });

    it("what is printed before process.exit is not lost, however much it is", async () => {
      await launchWith({ code: "function main() { console.log('x'.repeat(1e6)); console.error('y'.repeat(1e6)); process.exit(0); }" });
      await expect(runtime.run()).rejects.toThrow();
      const [log] = await runtime.logs(1);
      expect([log?.stdout.length, log?.stderr.length]).toEqual([1e6 + 1, 1e6 + 1]);
    });

    it("runs may overlap where the container allows it", async () => {
      await launchWith(
        { code: "const calls = []; function main(args) { return new Promise((resolve) => { calls.push(resolve); if (calls.length === 3) calls.forEach((call) => call({ all: 3 })); }); }" },
        { env: { __OW_ALLOW_CONCURRENT: "true" } },
      );
      const answers = await Promise.all([runtime.run(), runtime.run(), runtime.run()]);
      expect(answers).toEqual(Array(3).fill({ status: 200, body: { all: 3 } }));
    });

    describe("runs that overlap, with logs that are told apart", () => {
      const concurrency = 2;
      const [one, two] = ["1".repeat(32), "2".repeat(32)];
      /** Lines without those of other runs, without the tag. */
      const of = (id: string, text: string) => text.split("\n").flatMap((line) => (line.startsWith(`\x1f${id} `) ? [line.slice(id.length + 2)] : []));

      it("each line and each marker names its run, whatever the code waits for in between", async () => {
        await launchWith(
          {
            concurrency,
            code: `const waiting = [];
              const meet = () => new Promise((resolve) => { if (waiting.push(resolve) === 2) waiting.splice(0).forEach((go) => go()); });
              async function main({ name }) {
                for (let step = 0; step < 50; step++) {
                  process.stdout.write(name + " begins ");
                  console.error(name, "error", step);
                  await meet();
                  setTimeout(() => process.stdout.write("and ends " + step + "\\n"));
                  await new Promise((resolve) => setTimeout(resolve, 1));
                }
                process.stdout.write("no line end");
                return { name };
              }`,
          },
        );
        expect(await Promise.all([runtime.run({ name: "a" }, { activation_id: one }), runtime.run({ name: "b" }, { activation_id: two })])).toEqual([
          { status: 200, body: { name: "a" } },
          { status: 200, body: { name: "b" } },
        ]);
        await runtime.logs(2);
        const { stdout, stderr } = runtime.output();
        for (const [name, id] of [["a", one], ["b", two]] as const) {
          const steps = Array.from({ length: 50 }, (_, step) => step);
          expect(of(id, stdout)).toEqual([...steps.map((step) => `${name} begins and ends ${step}`), "no line end", MARKER]);
          expect(of(id, stderr)).toEqual([...steps.map((step) => `${name} error ${step}`), MARKER]);
        }
        for (const text of [stdout, stderr]) expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("\x1f"))).toEqual([]);
      });

      it("what a run prints after its end is marked as its own, and what was printed while the code loaded as nobody's", async () => {
        await launchWith({ concurrency, code: `console.log("loading"); let late; function main({ first }) { if (first) setTimeout(() => { console.log("late"); late(); }); else return new Promise((resolve) => (late = () => resolve({}))); }` });
        const second = runtime.run({}, { activation_id: two });
        await runtime.run({ first: true }, { activation_id: one });
        expect(await second).toEqual({ status: 200, body: {} });
        await runtime.logs(2);
        const lines = runtime.output().stdout.split("\n");
        expect(lines[0]).toBe("loading");
        expect(lines.slice(1).sort()).toEqual(["", `\x1f${one} ${MARKER}`, `\x1f${one} late`, `\x1f${two} ${MARKER}`]);
      });

      it("a line that is very long goes out in pieces, each of them with its run", async () => {
        const text = "ä€😀".repeat(50_000);
        await launchWith({ concurrency, code: `function main({ text }) { process.stdout.write(text.slice(0, 1000)); process.stdout.write(text.slice(1000)); return {}; }` });
        await runtime.run({ text }, { activation_id: one });
        await runtime.logs(1);
        const lines = of(one, runtime.output().stdout);
        expect(lines.pop()).toBe(MARKER);
        expect(lines.join("")).toBe(text);
        expect(lines.map((line) => Buffer.byteLength(line)).every((bytes) => bytes <= 128 * 1024)).toBe(true);
        expect(lines.length).toBe(4);
      });

      it("the end of the process ends the log of each", async () => {
        await launchWith({ concurrency, code: `let others = 0; function main({ name }) { process.stdout.write(name); if (++others === 2) process.exit(1); return new Promise(() => {}); }` });
        await Promise.allSettled([runtime.run({ name: "a" }, { activation_id: one }), runtime.run({ name: "b" }, { activation_id: two })]);
        await runtime.exited;
        await runtime.logs(2);
        const { stdout } = runtime.output();
        expect([...of(one, stdout), ...of(two, stdout)].sort()).toEqual([MARKER, MARKER, "a", "b"]);
      });
    });
  });
}
