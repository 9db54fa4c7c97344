import { join } from "node:path";
import { runtimeContract } from "../contract";
import { processContract } from "../contract/process";
import { processCommand, type ProcessCommand } from "../runtimes";
import { archive } from "../testing/archive";
import type { RunningRuntime, Sample } from "../testing/runtime";
import { type ProcessOptions, startProcess } from "../testing/runtimeProcess";
import { busy, contract, python, samples } from "./samples";

const command = processCommand("python:3", join(__dirname, "..")) as ProcessCommand;
const start = (options?: ProcessOptions) => startProcess(command, options);

runtimeContract("python as a process", { ...contract, start });
processContract("python", start, { ...samples, busy });

describe("Python actions", () => {
  let runtime: RunningRuntime;
  const launchWith = async (sample: Sample) => {
    runtime = await start();
    expect(await runtime.init(sample)).toEqual({ status: 200, body: { ok: true } });
  };
  afterEach(() => runtime.stop());

  it("a traceback shows the action's own frames and lines, and none of the runtime's", async () => {
    await launchWith(python("def div(x, y):", "    return x / y", "def main(args):", "    return {'divBy0': div(5, 0)}"));
    expect(await runtime.run()).toEqual({ status: 200, body: { error: "division by zero" } });
    const [log] = await runtime.logs(1);
    expect(log?.stderr.replace(/^\s*[~^]+\n/gm, "")).toBe(
      [
        "Traceback (most recent call last):",
        '  File "__main__.py", line 4, in main',
        "    return {'divBy0': div(5, 0)}",
        '  File "__main__.py", line 2, in div',
        "    return x / y",
        "ZeroDivisionError: division by zero",
        "",
      ].join("\n"),
    );
  });

  it("code that is in no file can be inspected: its source is where Python looks for it", async () => {
    await launchWith(python("import inspect", "def main(args):", "    return {'source': inspect.getsource(main), 'warned': __import__('warnings').warn('careful')}"));
    expect((await runtime.run()).body).toEqual({ source: "def main(args):\n    return {'source': inspect.getsource(main), 'warned': __import__('warnings').warn('careful')}\n", warned: null });
    expect((await runtime.logs(1))[0]?.stderr).toBe(
      "__main__.py:3: UserWarning: careful\n  return {'source': inspect.getsource(main), 'warned': __import__('warnings').warn('careful')}\n",
    );
  });

  it.each<[string, Record<string, string>]>([
    ["a file exec", { exec: "from helper import value\ndef main(args):\n    return {'value': value}\n" }],
    [
      "what OpenWhisk's image has compiled",
      { exec: "#!/bin/bash\nexec python exec__.py\n", "exec.env": "some image", "exec__.py": "", "main__.py": "from helper import value\ndef main(args):\n    return {'value': value}\n" },
    ],
  ])("an archive may be: %s", async (_what, files) => {
    await launchWith({ binary: true, code: archive({ ...files, "helper.py": "value = 1\n" }) });
    expect(await runtime.run()).toEqual({ status: 200, body: { value: 1 } });
  });

  it("variables that are no text are JSON", async () => {
    await launchWith({ ...python("import os", "def main(args):", "    return {name: os.environ[name] for name in 'ABCD'}"), env: { A: null, B: false, C: 0, D: [1.5] } });
    expect((await runtime.run()).body).toEqual({ A: "null", B: "false", C: "0", D: "[1.5]" });
  });

  it("an import that fails is an init error that names the module", async () => {
    runtime = await start();
    const answer = await runtime.init(python("import iamnotsupported", "def main(args):", "    return {}"));
    expect(answer).toEqual({ status: 502, body: { error: "Initialization has failed due to: ModuleNotFoundError: No module named 'iamnotsupported'" } });
  });

  it("the packages of a virtualenv in the archive can be imported", async () => {
    const main = "import packed\ndef main(args):\n    return {'packed': packed.value}\n";
    const activate = "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'lib', 'site'))\n";
    await launchWith({ binary: true, code: archive({ "__main__.py": main, "virtualenv/bin/activate_this.py": activate, "virtualenv/lib/site/packed.py": "value = 1\n" }) });
    expect((await runtime.run()).body).toEqual({ packed: 1 });
    await runtime.stop();
    await launchWith({ binary: true, code: archive({ "__main__.py": main, "virtualenv/lib/python3/site-packages/packed.py": "value = 2\n" }) });
    expect((await runtime.run()).body).toEqual({ packed: 2 });
  });

  it("a folder virtualenv that is none fails init", async () => {
    runtime = await start();
    const answer = await runtime.init({ binary: true, code: archive({ "__main__.py": "def main(args): return args\n", "virtualenv/readme.md": "" }) });
    expect(answer).toEqual({ status: 502, body: { error: "Initialization has failed due to: Invalid virtualenv. Zip file does not include 'activate_this.py'." } });
  });

  it("a script's part for the command line does not run", async () => {
    await launchWith(python("def main(args):", "    return args", "if __name__ == '__main__':", "    raise SystemExit('started by hand')"));
    expect(await runtime.run({ a: 1 })).toEqual({ status: 200, body: { a: 1 } });
  });

  it("reading standard input and writing to descriptor 3 of a child cannot disturb the runtime", async () => {
    await launchWith(python("import os, sys", "def main(args):", "    return {'read': sys.stdin.read(), 'status': os.system('echo x >&3') != 0}"));
    expect(await runtime.run()).toEqual({ status: 200, body: { read: "", status: true } });
    expect(await runtime.run()).toEqual({ status: 200, body: { read: "", status: true } });
  });

  it("numbers that JSON does not have are the developer's error", async () => {
    await launchWith(python("def main(args):", "    return {'nan': float('nan')}"));
    expect((await runtime.run()).status).toBe(502);
  });

  it("half a surrogate pair comes back as it was", async () => {
    await launchWith(samples.echo);
    expect(await runtime.post("/run", '{"value":{"half":"\\ud83d"}}')).toEqual({ status: 200, body: { half: "\ud83d" } });
  });

  it("a runtime whose interpreter does not start says so at init", async () => {
    runtime = await startProcess({ command: process.execPath, args: [join(__dirname, "..", "proxy", "main.cjs"), "/no/such/python3"], env: {} });
    const answer = await runtime.init(samples.echo);
    expect(answer).toEqual({ status: 502, body: { error: 'The launcher "/no/such/python3" cannot be started: spawn /no/such/python3 ENOENT' } });
    await runtime.logs(1);
  });
});
