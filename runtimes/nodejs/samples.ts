import type { Contract, LoadedSamples, Samples } from "../contract";
import { archive } from "../testing/archive";
import type { Sample } from "../testing/runtime";

export const samples: Samples = {
  echo: { code: "function main(args) { return args; }" },
  hello: { code: "function main(args) { console.log('hello stdout'); console.error('hello stderr'); return args; }" },
  unicode: { code: "function main(args) { const text = args.delimiter + ' ☃ ' + args.delimiter; console.log(text); return { winter: text }; }" },
  context: { code: "const main = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(__OW_|STACKWHISK_)/.test(name)));" },
  environment: {
    code: "const { SOME_VAR, ANOTHER_VAR, OBJECT_VAR } = process.env; function main() { return { SOME_VAR, ANOTHER_VAR, OBJECT_VAR }; }",
  },
  array: { code: "function main() { return ['a', 'b']; }" },
  text: { code: "function main() { return 'not an object'; }" },
  nothing: { code: "function main() { return null; }" },
  applicationError: { code: "function main() { return { error: 'sorry' }; }" },
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

const loadedSamples: LoadedSamples = {
  otherMain: { code: "function niam(args) { return args; }" },
  withoutMain: { code: "function other(args) { return args; }" },
  counter: { code: "let count = 0; function main() { return { count: ++count }; }" },
  notJson: { code: "function main() { const result = {}; result.self = result; return result; }" },
  throwing: { code: "function main() { throw new Error('nooooo'); }" },
  syntaxError: { code: '10 PRINT "Hello!"\n20 GOTO 10' },
  throwingAtLoad: { code: "throw new Error('not today');\nfunction main() {}" },
  printingAtLoad: { code: "console.log('loading'); function main() { console.log('running'); }" },
  exitAtLoad: { code: "process.exit(3);" },
  exitInRun: { code: "function main() { console.log('last words'); process.exit(3); }" },
  unfinishedLine: { code: "function main() { for (const stream of [process.stdout, process.stderr]) stream.write('no line end'); }" },
};

/** Prints the ids of the runtime's processes and computes for ever. */
export const busy: Sample = { code: "function main() { console.log(`busy ${process.pid}`); for (;;); }" };

/** What the shared suite asks of this language. */
export const contract: Omit<Contract, "start"> = {
  samples,
  comment: "//",
  loaded: { samples: loadedSamples, thrownStatus: 502, syntaxError: /syntaxerror/i, trace: /^\s+at .*action\.js:\d+/m },
};
