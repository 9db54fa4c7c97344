// @ts-check
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/** @type {string | undefined} */
let workdir;

/**
 * The folder for the files of this runtime's action, made at the first call under the system's temporary folder
 * (`TMPDIR`) with access for this user only.
 */
function makeWorkdir() {
  // Resolved, because on some systems the temporary folder is a link and an action compares paths with its cwd.
  workdir ??= fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "stackwhisk-action-")));
  return workdir;
}

function removeWorkdir() {
  if (workdir) fs.rmSync(workdir, { recursive: true, force: true });
  workdir = undefined;
}

/** @param {Buffer} code @returns {((archive: Buffer, dir: string) => void) | undefined} what unpacks it; undefined: it is no archive */
function unpackerOf(code) {
  if (code.length < 4) return undefined;
  if (code.readUInt32LE(0) === 0x04034b50) return require("./unzip.cjs").unzip;
  if (code.readUInt16LE(0) === 0x8b1f) return require("./untar.cjs").untar;
  return undefined;
}

/**
 * Unpacks the code of a binary action.
 * @param {string} base64 a zip or tar.gz archive
 * @returns {string} the folder it is in
 * @throws {Error} when it is no such archive, is damaged or wants to be written elsewhere
 */
function unpackAction(base64) {
  const archive = Buffer.from(base64, "base64");
  const unpack = unpackerOf(archive);
  if (!unpack) throw new Error("There was an error uncompressing the action archive. The file type is unsupported");
  const dir = makeWorkdir();
  unpack(archive, dir);
  return dir;
}

module.exports = { makeWorkdir, removeWorkdir, unpackAction, unpackerOf };
