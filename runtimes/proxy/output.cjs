// @ts-check
"use strict";
const fs = require("node:fs");
const { Writable } = require("node:stream");

/** The line that ends the log of one activation, on stdout and on stderr. The platform cuts the logs there. */
const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";
const MARKER_LINE = Buffer.from(`${MARKER}\n`);
const MARKER_AFTER_TEXT = Buffer.from(`\n${MARKER}\n`);

const idle = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of `data` to a descriptor before it returns. Never throws: when the reader of the logs is gone there is
 * nobody left to tell.
 * @param {number} fd
 * @param {Buffer | string} data
 */
function writeAll(fd, data) {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += fs.writeSync(fd, bytes, offset);
    } catch (error) {
      // The descriptor is blocking unless a program that shares it made it non-blocking; then a full pipe says EAGAIN.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EAGAIN") return;
      Atomics.wait(idle, 0, 0, 1);
    }
  }
}

/**
 * What an action sees as `process.stdout` or `process.stderr`. Node's own streams queue what a full pipe does not take,
 * and lose it when the action calls `process.exit`; this one has written each chunk when `write` returns.
 */
class SyncOutput extends Writable {
  /** @param {1 | 2} fd */
  constructor(fd) {
    super({ decodeStrings: true, highWaterMark: 1 << 20 });
    this.fd = fd;
    this.atLineStart = true;
    /** Who takes what is written instead, where the logs of runs are told apart. @type {((stream: SyncOutput, chunk: Buffer) => boolean) | undefined} */
    this.taken = undefined;
  }

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {(error?: Error | null) => void} done
   */
  _write(chunk, _encoding, done) {
    if (!this.taken?.(this, chunk)) this.put(chunk);
    done();
  }

  /** @param {Buffer} chunk */
  put(chunk) {
    writeAll(this.fd, chunk);
    if (chunk.length > 0) this.atLineStart = chunk[chunk.length - 1] === 10;
  }

  /** Like Node's own standard streams: an action cannot close them. @override */
  destroy() {
    return this;
  }

  /** The marker stands on a line of its own, also after text without a line end. One write. */
  mark() {
    writeAll(this.fd, this.atLineStart ? MARKER_LINE : MARKER_AFTER_TEXT);
    this.atLineStart = true;
  }
}

const stdout = new SyncOutput(1);
const stderr = new SyncOutput(2);

/** Puts the synchronous streams in the place of `process.stdout` and `process.stderr`, so also under `console`. */
function install() {
  Object.defineProperty(process, "stdout", { configurable: true, enumerable: true, value: stdout });
  Object.defineProperty(process, "stderr", { configurable: true, enumerable: true, value: stderr });
}

/** Ends the log of one activation on both streams. */
function mark() {
  stdout.mark();
  stderr.mark();
}

module.exports = { MARKER, install, mark, stderr, stdout };
