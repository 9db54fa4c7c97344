// @ts-check
"use strict";

/** Passes a program's output on, except the last line that is not blank: that one is the program's answer. */
class LastLine {
  /** @param {(output: Buffer) => void} pass */
  constructor(pass) {
    this.pass = pass;
    /** What may be the last line, and blanks behind it. @type {Buffer[]} */
    this.held = [];
    /** Whether more text would be another line. */
    this.complete = false;
  }

  /** @param {Buffer} chunk */
  take(chunk) {
    const text = chunk.findLastIndex((byte) => byte > 32);
    const start = text === -1 ? -1 : chunk.lastIndexOf(10, text);
    if (start !== -1 || (text !== -1 && this.complete)) {
      this.pass(Buffer.concat([...this.held, chunk.subarray(0, start + 1)]));
      this.held = [];
      this.complete = false;
    }
    this.held.push(chunk.subarray(start + 1));
    this.complete ||= chunk.indexOf(10, text + 1) !== -1;
  }

  /** @returns {string} the last line, without blanks around it */
  end() {
    return Buffer.concat(this.held).toString("utf8").trim();
  }
}

module.exports = { LastLine };
