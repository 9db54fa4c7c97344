import { join } from "node:path";
import { runtimeContract, type Samples } from "../contract";
import { processCommand, type ProcessCommand } from "../runtimes";
import { archive } from "../testing/archive";
import { startProcess, type RunningRuntime, type Sample, type StartOptions } from "../testing/runtimeProcess";

const command = processCommand("python:3", join(__dirname, "..")) as ProcessCommand;
const start = (options?: StartOptions) => startProcess(command, options);
const python = (...lines: string[]): Sample => ({ code: `${lines.join("\n")}\n` });

const samples: Samples = {
  echo: python("def main(args):", "    return args"),
  otherMain: python("def niam(args):", "    return args"),
  withoutMain: python("def other(args):", "    return args"),
  hello: python("import sys", "def main(args):", "    print('hello stdout')", "    print('hello stderr', file=sys.stderr)", "    return args"),
  unicode: python("def main(args):", "    text = args['delimiter'] + ' ☃ ' + args['delimiter']", "    print(text)", "    return {'winter': text}"),
  context: python("import os", "def main(args):", "    return {k: v for k, v in os.environ.items() if k.startswith(('__OW_', 'STACKWHISK_'))}"),
  environment: python(
    "import os",
    "found = {name: os.environ[name] for name in ('SOME_VAR', 'ANOTHER_VAR', 'OBJECT_VAR')}",
    "def main(args):",
    "    return found",
  ),
  counter: python("count = 0", "def main(args):", "    global count", "    count += 1", "    return {'count': count}"),
  array: python("def main(args):", "    return ['a', 'b']"),
  text: python("def main(args):", "    return 'not an object'"),
  nothing: python("def main(args):", "    pass"),
  notJson: python("def main(args):", "    return {'a': set()}"),
  applicationError: python("def main(args):", "    return {'error': 'sorry'}"),
  throwing: python("def main(args):", "    raise ValueError('nooooo')"),
  syntaxError: python('10 PRINT "Hello!"', "20 GOTO 10"),
  throwingAtLoad: python("raise ValueError('not today')", "def main(args):", "    pass"),
  printingAtLoad: python("print('loading')", "def main(args):", "    print('running')", "    return {}"),
  exitAtLoad: python("import sys", "sys.exit(3)"),
  exitInRun: python("import sys", "def main(args):", "    print('last words')", "    sys.exit(3)"),
  unfinishedLine: python("import sys", "def main(args):", "    for stream in (sys.stdout, sys.stderr): stream.write('no line end')", "    return {}"),
  lines: python("def main(args):", "    for line in range(args['lines']): print('line', line)", "    return {}"),
  large: python("def main(args):", "    return {'text': 'x' * args['size']}"),
  waiting: python(
    "import os, time",
    "def main(args):",
    "    print('waiting')",
    "    while not os.path.exists(args['file']): time.sleep(0.001)",
    "    return {'done': True}",
  ),
  busy: python("import os", "def main(args):", "    print('busy', os.getpid(), os.getppid())", "    while True: pass"),
  archive: {
    binary: true,
    code: archive({
      "__main__.py": "from things.helper import help\ndef main(args):\n    return {'helper': help(), 'data': open('data.txt').read()}\n",
      "things/__init__.py": "",
      "things/helper.py": "def help():\n    return 'helped'\n",
      "data.txt": "some data",
    }),
  },
  archiveWithoutEntry: { binary: true, code: archive({ "echo.py": "def main(args): return args\n" }) },
};

runtimeContract("python", { start, samples, thrownStatus: 200, comment: "#", trace: /^Traceback \(most recent call last\):\n {2}File "__main__.py", line \d+/m });

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
