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

/**
 * Unpacks the code of a binary action.
 * @param {string} base64 a zip archive
 * @returns {string} the folder it is in
 * @throws {Error} when it is no zip archive, is damaged or wants to be written elsewhere
 */
function unpackAction(base64) {
  const archive = Buffer.from(base64, "base64");
  if (archive.length < 4 || archive.readUInt32LE(0) !== 0x04034b50) {
    throw new Error("There was an error uncompressing the action archive. The file type is unsupported");
  }
  const dir = makeWorkdir();
  require("./unzip.cjs").unzip(archive, dir);
  return dir;
}

module.exports = { makeWorkdir, removeWorkdir, unpackAction };
