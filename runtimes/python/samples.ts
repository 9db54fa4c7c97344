import type { Contract, LoadedSamples, Samples } from "../contract";
import { archive } from "../testing/archive";
import type { Sample } from "../testing/runtime";

export const python = (...lines: string[]): Sample => ({ code: `${lines.join("\n")}\n` });

export const samples: Samples = {
  echo: python("def main(args):", "    return args"),
  hello: python("import sys", "def main(args):", "    print('hello stdout')", "    print('hello stderr', file=sys.stderr)", "    return args"),
  unicode: python("def main(args):", "    text = args['delimiter'] + ' ☃ ' + args['delimiter']", "    print(text)", "    return {'winter': text}"),
  context: python("import os", "def main(args):", "    return {k: v for k, v in os.environ.items() if k.startswith(('__OW_', 'STACKWHISK_'))}"),
  environment: python(
    "import os",
    "found = {name: os.environ[name] for name in ('SOME_VAR', 'ANOTHER_VAR', 'OBJECT_VAR')}",
    "def main(args):",
    "    return found",
  ),
  array: python("def main(args):", "    return ['a', 'b']"),
  text: python("def main(args):", "    return 'not an object'"),
  nothing: python("def main(args):", "    pass"),
  applicationError: python("def main(args):", "    return {'error': 'sorry'}"),
  lines: python("def main(args):", "    for line in range(args['lines']): print('line', line)", "    return {}"),
  large: python("def main(args):", "    return {'text': 'x' * args['size']}"),
  waiting: python(
    "import os, time",
    "def main(args):",
    "    print('waiting')",
    "    while not os.path.exists(args['file']): time.sleep(0.001)",
    "    return {'done': True}",
  ),
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

const loadedSamples: LoadedSamples = {
  otherMain: python("def niam(args):", "    return args"),
  withoutMain: python("def other(args):", "    return args"),
  counter: python("count = 0", "def main(args):", "    global count", "    count += 1", "    return {'count': count}"),
  notJson: python("def main(args):", "    return {'a': set()}"),
  throwing: python("def main(args):", "    raise ValueError('nooooo')"),
  syntaxError: python('10 PRINT "Hello!"', "20 GOTO 10"),
  throwingAtLoad: python("raise ValueError('not today')", "def main(args):", "    pass"),
  printingAtLoad: python("print('loading')", "def main(args):", "    print('running')", "    return {}"),
  exitAtLoad: python("import sys", "sys.exit(3)"),
  exitInRun: python("import sys", "def main(args):", "    print('last words')", "    sys.exit(3)"),
  unfinishedLine: python("import sys", "def main(args):", "    for stream in (sys.stdout, sys.stderr): stream.write('no line end')", "    return {}"),
};

/** Prints the ids of the runtime's processes and computes for ever. */
export const busy: Sample = python("import os", "def main(args):", "    print('busy', os.getpid(), os.getppid())", "    while True: pass");

/** What the shared suite asks of this language. */
export const contract: Omit<Contract, "start"> = {
  samples,
  comment: "#",
  loaded: { samples: loadedSamples, thrownStatus: 200, syntaxError: /syntax/i, trace: /^Traceback \(most recent call last\):\n {2}File "__main__.py", line \d+/m },
};
