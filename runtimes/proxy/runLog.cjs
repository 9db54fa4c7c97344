// @ts-check
"use strict";
const { MARKER, mark, stderr, stdout } = require("./output.cjs");

/**
 * The log of one run.
 * @typedef {object} Log
 * @property {(code: () => void) => void} run executes the code of the run: what it starts writes to this log
 * @property {() => void} end ends the log on both streams
 */

const LINE_END = Buffer.from("\n");
const MARKER_LINE = Buffer.from(`${MARKER}\n`);

/** Whose code is being executed, where the logs of runs are told apart. @type {import("node:async_hooks").AsyncLocalStorage<TaggedLog> | undefined} */
let current;

/**
 * The output of one run among others: only whole lines go out, each behind the run's tag, the markers too. What a run
 * prints after its end keeps its tag, and so does not come into the log of another one.
 * @implements {Log}
 */
class TaggedLog {
  /** @param {unknown} activationId */
  constructor(activationId) {
    // A character that no text starts with: a line without a tag cannot be taken for one that has one.
    this.tag = Buffer.from(`\u001f${typeof activationId === "string" ? activationId : ""} `);
    /** The line that has no end yet, on stdout and on stderr. @type {Map<unknown, Buffer[]>} */
    this.unfinished = new Map([[stdout, []], [stderr, []]]);
  }

  /** @param {() => void} code */
  run(code) {
    current?.run(this, code);
  }

  /** @param {typeof stdout} stream @param {Buffer} chunk */
  take(stream, chunk) {
    const rest = /** @type {Buffer[]} */ (this.unfinished.get(stream));
    const lines = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      lines.push(this.tag, ...rest.splice(0), chunk.subarray(from, at + 1));
      from = at + 1;
    }
    // A copy: whoever wrote the chunk may use its bytes again.
    if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)));
    if (lines.length > 0) put(stream, lines);
  }

  end = () => {
    for (const [stream, rest] of this.unfinished) {
      const line = rest.length > 0 ? [this.tag, ...rest.splice(0), LINE_END] : [];
      put(/** @type {typeof stdout} */ (stream), [...line, this.tag, MARKER_LINE]);
    }
  };
}

/** @param {typeof stdout} stream @param {Buffer[]} lines */
function put(stream, lines) {
  // Text of no run may stand there without a line end.
  stream.put(Buffer.concat(stream.atLineStart ? lines : [LINE_END, ...lines]));
}

/** From now on each line of a run, and each marker, has the run's tag: the byte 0x1f, the activation's id, a blank. */
function tellRunsApart() {
  const { AsyncLocalStorage } = require("node:async_hooks");
  /** @type {import("node:async_hooks").AsyncLocalStorage<TaggedLog>} */
  const storage = new AsyncLocalStorage();
  current = storage;
  stdout.taken = stderr.taken = (stream, chunk) => {
    const log = storage.getStore();
    log?.take(stream, chunk);
    return log !== undefined;
  };
}

/** @type {Log} */
const onlyLog = { run: (code) => code(), end: mark };

/** @param {unknown} activationId @returns {Log} */
function openLog(activationId) {
  return current ? new TaggedLog(activationId) : onlyLog;
}

module.exports = { openLog, tellRunsApart };
