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
/** A longer line goes out in pieces, each of them tagged: whoever reads cuts at 256 KB, and what is behind the cut would be nobody's. Bytes. */
const LONGEST = 128 << 10;
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
    /** The line that has no end yet, on stdout and on stderr. @type {Map<unknown, {parts: Buffer[], bytes: number}>} */
    this.unfinished = new Map([stdout, stderr].map((stream) => [stream, { parts: [], bytes: 0 }]));
  }

  /** @param {() => void} code */
  run(code) {
    current?.run(this, code);
  }

  /** @param {typeof stdout} stream @param {Buffer} chunk */
  take(stream, chunk) {
    const rest = /** @type {{parts: Buffer[], bytes: number}} */ (this.unfinished.get(stream));
    /** @type {Buffer[]} */
    const lines = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.cut(lines, rest, chunk.subarray(from, at));
      lines.push(this.tag, ...rest.parts.splice(0), LINE_END);
      rest.bytes = 0;
      from = at + 1;
    }
    if (from < chunk.length) this.cut(lines, rest, chunk.subarray(from));
    if (lines.length > 0) put(stream, lines);
  }

  /**
   * Adds a part to the line without an end, and lets go of pieces of it that are long enough.
   * @param {Buffer[]} lines @param {{parts: Buffer[], bytes: number}} rest @param {Buffer} part
   */
  cut(lines, rest, part) {
    while (rest.bytes + part.length > LONGEST) {
      const at = characterStart(part, LONGEST - rest.bytes);
      lines.push(this.tag, ...rest.parts.splice(0), part.subarray(0, at), LINE_END);
      rest.bytes = 0;
      part = part.subarray(at);
    }
    // A copy: whoever wrote the chunk may use its bytes again.
    rest.parts.push(Buffer.from(part));
    rest.bytes += part.length;
  }

  end = () => {
    for (const [stream, { parts, bytes }] of this.unfinished) {
      const line = bytes > 0 ? [this.tag, ...parts.splice(0), LINE_END] : [];
      put(/** @type {typeof stdout} */ (stream), [...line, this.tag, MARKER_LINE]);
    }
  };
}

/** The last start of a UTF-8 character at or before a place. @param {Buffer} bytes @param {number} at */
function characterStart(bytes, at) {
  let start = at;
  while (start > 0 && start > at - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
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
