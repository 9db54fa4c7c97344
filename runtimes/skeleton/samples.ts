import type { Contract, Samples } from "../contract";
import { archive } from "../testing/archive";
import type { Sample } from "../testing/runtime";

/** A shell script. */
export const script = (...lines: string[]): Sample => ({ code: `#!/bin/sh\n${lines.join("\n")}\n` });
/** A script of Python, which reads its parameters from standard input. */
export const python = (...lines: string[]): Sample => ({ code: `#!/usr/bin/env python3\nimport json, os, sys, time\nargs = json.load(sys.stdin)\n${lines.join("\n")}\n` });

export const samples: Samples = {
  echo: script("cat"),
  hello: script("echo hello stdout", "echo hello stderr >&2", 'echo "$1"'),
  unicode: python("text = args['delimiter'] + ' ☃ ' + args['delimiter']", "print(text)", "print(json.dumps({'winter': text}))"),
  context: python("print(json.dumps({k: v for k, v in os.environ.items() if k.startswith(('__OW_', 'STACKWHISK_'))}))"),
  environment: python("print(json.dumps({name: os.environ[name] for name in ('SOME_VAR', 'ANOTHER_VAR', 'OBJECT_VAR')}))"),
  array: script(`echo '["a", "b"]'`),
  text: script("echo not an object"),
  nothing: script("echo null"),
  applicationError: script(`echo '{ "error": "sorry" }'`),
  lines: python("for line in range(args['lines']): print('line', line)", "print('{}')"),
  large: python("print(json.dumps({'text': 'x' * args['size']}))"),
  waiting: python("print('waiting', flush=True)", "print('{}', flush=True)", "while not os.path.exists(args['file']): time.sleep(0.001)", `print('{"done": true}')`),
  archive: {
    binary: true,
    code: archive({
      exec: `#!/bin/sh\nprintf '{"helper": "%s", "data": "%s"}' "$(sh ./helper.sh)" "$(cat data.txt)"\n`,
      "helper.sh": "echo helped\n",
      "data.txt": "some data",
    }),
  },
  archiveWithoutEntry: { binary: true, code: archive({ hello: "Hello world!" }) },
};

/** Computes for ever, after it has told its runtime's process and its own. */
export const busy = script('echo "busy $PPID $$"', "echo computing", "while :; do :; done");

/** What the shared suite asks of programs. */
export const contract: Omit<Contract, "start"> = { samples, comment: "#" };
