import { join } from "node:path";
import { runtimeContract, type Samples } from "../contract";
import { processCommand, type ProcessCommand } from "../runtimes";
import { archive } from "../testing/archive";
import { startProcess, type RunningRuntime, type Sample, type StartOptions } from "../testing/runtimeProcess";

const command = processCommand("nodejs:24", join(__dirname, "..")) as ProcessCommand;
const start = (options?: StartOptions) => startProcess(command, options);

const samples: Samples = {
  echo: { code: "function main(args) { return args; }" },
  otherMain: { code: "function niam(args) { return args; }" },
  withoutMain: { code: "function other(args) { return args; }" },
  hello: { code: "function main(args) { console.log('hello stdout'); console.error('hello stderr'); return args; }" },
  unicode: { code: "function main(args) { const text = args.delimiter + ' ☃ ' + args.delimiter; console.log(text); return { winter: text }; }" },
  context: { code: "const main = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(__OW_|STACKWHISK_)/.test(name)));" },
  environment: {
    code: "const { SOME_VAR, ANOTHER_VAR, OBJECT_VAR } = process.env; function main() { return { SOME_VAR, ANOTHER_VAR, OBJECT_VAR }; }",
  },
  counter: { code: "let count = 0; function main() { return { count: ++count }; }" },
  array: { code: "function main() { return ['a', 'b']; }" },
  text: { code: "function main() { return 'not an object'; }" },
  nothing: { code: "function main() { return null; }" },
  notJson: { code: "function main() { const result = {}; result.self = result; return result; }" },
  applicationError: { code: "function main() { return { error: 'sorry' }; }" },
  throwing: { code: "function main() { throw new Error('nooooo'); }" },
  syntaxError: { code: '10 PRINT "Hello!"\n20 GOTO 10' },
  throwingAtLoad: { code: "throw new Error('not today');\nfunction main() {}" },
  printingAtLoad: { code: "console.log('loading'); function main() { console.log('running'); }" },
  exitAtLoad: { code: "process.exit(3);" },
  exitInRun: { code: "function main() { console.log('last words'); process.exit(3); }" },
  unfinishedLine: { code: "function main() { for (const stream of [process.stdout, process.stderr]) stream.write('no line end'); }" },
  lines: { code: "function main({ lines }) { for (let line = 0; line < lines; line++) console.log(`line ${line}`); }" },
  large: { code: "function main({ size }) { return { text: 'x'.repeat(size) }; }" },
  waiting: {
    code: `const fs = require("fs");
      function main({ file }) {
        console.log("waiting");
        return new Promise((resolve) => {
          const look = () => (fs.existsSync(file) ? resolve({ done: true }) : setTimeout(look, 1));
          look();
        });
      }`,
  },
  busy: { code: "function main() { console.log(`busy ${process.pid}`); for (;;); }" },
  archive: {
    binary: true,
    code: archive({
      "package.json": '{"main": "lib/start.js"}',
      "lib/start.js": "exports.main = () => ({ helper: require('helper')(), data: require('fs').readFileSync('./data.txt', 'utf8') });",
      "node_modules/helper/index.js": "module.exports = () => 'helped';",
      "data.txt": "some data",
    }),
  },
  archiveWithoutEntry: { binary: true, code: archive({ hello: "Hello world!" }) },
};

runtimeContract("nodejs", { start, samples, thrownStatus: 502, comment: "//", trace: /^\s+at .*action\.js:\d+/m });

describe("JavaScript actions", () => {
  let runtime: RunningRuntime;
  const launchWith = async (sample: Sample, options?: StartOptions) => {
    runtime = await start(options);
    expect(await runtime.init(sample)).toEqual({ status: 200, body: { ok: true } });
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
});
