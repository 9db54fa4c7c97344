// @ts-check
"use strict";
const fs = require("node:fs");
const path = require("node:path");

/** Bytes that an archive may unpack to: guards the machine against a small archive that says it is huge. */
const UNPACKED_LIMIT = 1 << 30;

/** @param {string} why */
const damaged = (why) => new Error(`There was an error uncompressing the action archive: ${why}`);

/** Where an archive is unpacked to: an existing, empty folder, outside of which nothing is written. */
class Unpacked {
  /** @type {Set<string>} */
  made;
  /** @type {{target: string, to: string}[]} */
  links = [];
  total = 0;

  /** @param {string} dir absolute, without links */
  constructor(dir) {
    this.dir = dir;
    this.made = new Set([dir]);
  }

  /** To be called before so many bytes are unpacked. @param {number} bytes */
  expect(bytes) {
    this.total += bytes;
    if (this.total > UNPACKED_LIMIT) throw damaged(`it unpacks to more than ${UNPACKED_LIMIT} bytes`);
  }

  /** @param {string} name */
  folder(name) {
    this.make(this.inside(name));
  }

  /** @param {string} name @param {Buffer} data @param {boolean} executable */
  file(name, data, executable) {
    const target = this.inside(name);
    this.make(path.dirname(target));
    fs.writeFileSync(target, data, { mode: executable ? 0o755 : 0o644 });
  }

  /** A symbolic link. @param {string} name @param {string} to */
  link(name, to) {
    const target = this.inside(name);
    this.make(path.dirname(target));
    this.links.push({ target, to });
  }

  /** Links come last, so that no file is written through one, and none is made in a folder that is one. */
  finish() {
    for (const { target, to } of this.links) {
      if (fs.realpathSync(path.dirname(target)) !== path.dirname(target)) throw damaged(`"${target}" lies behind a link`);
      fs.symlinkSync(to, target);
    }
  }

  /** @param {string} folder */
  make(folder) {
    if (this.made.has(folder)) return;
    fs.mkdirSync(folder, { recursive: true });
    this.made.add(folder);
  }

  /** @param {string} name @returns {string} */
  inside(name) {
    const target = path.resolve(this.dir, name);
    if (name.includes("\0") || path.isAbsolute(name) || !(target === this.dir || target.startsWith(this.dir + path.sep))) {
      throw damaged(`"${name}" would be written outside the action's folder`);
    }
    return target;
  }
}

module.exports = { damaged, Unpacked, UNPACKED_LIMIT };
