// @ts-check
"use strict";
const zlib = require("node:zlib");
const { damaged, Unpacked, UNPACKED_LIMIT } = require("./unpacked.cjs");

/**
 * A reader of tar.gz archives: POSIX's ustar and pax, and GNU's long names. Sources: POSIX.1-2017, pax, "ustar Interchange
 * Format" and "pax Header Block"; GNU tar's manual, "Basic Tar Format".
 */

const BLOCK = 512;

/** Text up to the first zero byte. @param {Buffer} bytes */
function text(bytes) {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? bytes.length : end);
}

/** Octal digits; GNU has large numbers in binary, with the highest bit set. @param {Buffer} field */
function number(field) {
  if ((/** @type {number} */ (field[0]) & 0x80) !== 0) return field.readUIntBE(field.length - 6, 6);
  return parseInt(text(field).trim() || "0", 8);
}

/** Lines of `<length> <key>=<value>\n`, the length in bytes and of the whole line. @param {Buffer} data @returns {Record<string, string>} */
function paxFields(data) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (let at = 0; at < data.length; ) {
    const blank = data.indexOf(32, at);
    const length = Number(data.toString("latin1", at, blank));
    if (!(length > 0) || blank === -1) throw damaged("one of its headers is broken");
    const [key, ...value] = data.toString("utf8", blank + 1, at + length - 1).split("=");
    fields[/** @type {string} */ (key)] = value.join("=");
    at += length;
  }
  return fields;
}

/** @param {Buffer} archive */
function gunzip(archive) {
  try {
    return zlib.gunzipSync(archive, { maxOutputLength: UNPACKED_LIMIT });
  } catch (error) {
    throw damaged(/** @type {NodeJS.ErrnoException} */ (error).code === "ERR_BUFFER_TOO_LARGE" ? `it unpacks to more than ${UNPACKED_LIMIT} bytes` : "it is cut off or damaged");
  }
}

/** @param {Buffer} header */
function isSound(header) {
  // Counted with its own field full of blanks.
  let sum = 8 * 32;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += /** @type {number} */ (header[at]);
  return sum === number(header.subarray(148, 156));
}

/**
 * Unpacks an archive into an existing, empty folder.
 * @param {Buffer} archive
 * @param {string} dir absolute, without links
 * @throws {Error} for a damaged archive, and for one that would write outside `dir`
 */
function untar(archive, dir) {
  const tar = gunzip(archive);
  const unpacked = new Unpacked(dir);
  /** What the headers before an entry say of it. @type {Record<string, string>} */
  let said = {};
  /** For hard links: they are copies here. @type {Map<string, {data: Buffer, executable: boolean}>} */
  const files = new Map();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (!isSound(header)) throw damaged("one of its headers is broken");
    const size = Number(said.size ?? number(header.subarray(124, 136)));
    const data = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (data.length < size) throw damaged("it is cut off");
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;

    const type = String.fromCharCode(/** @type {number} */ (header[156]));
    if (type === "x") said = { ...said, ...paxFields(data) };
    else if (type === "L") said.path = text(data);
    else if (type === "K") said.linkpath = text(data);
    else if (type !== "g") {
      write(unpacked, files, { type, name: said.path ?? nameIn(header), to: said.linkpath ?? text(header.subarray(157, 257)), data, mode: number(header.subarray(100, 108)) });
      said = {};
    }
  }
  unpacked.finish();
}

/** @param {Buffer} header */
function nameIn(header) {
  const prefix = header.toString("latin1", 257, 263) === "ustar\0" ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? text(header.subarray(0, 100)) : `${prefix}/${text(header.subarray(0, 100))}`;
}

/**
 * @param {Unpacked} unpacked
 * @param {Map<string, {data: Buffer, executable: boolean}>} files
 * @param {{type: string, name: string, to: string, data: Buffer, mode: number}} entry
 */
function write(unpacked, files, { type, name, to, data, mode }) {
  if (type === "5" || name.endsWith("/")) return unpacked.folder(name);
  if (type === "2") return unpacked.link(name, to);
  // Devices and pipes are no code.
  if (!["0", "\0", "7", "1"].includes(type)) return;
  const file = type === "1" ? files.get(to) : { data, executable: (mode & 0o111) !== 0 };
  if (!file) throw damaged(`"${name}" is a link to "${to}", which is not there`);
  files.set(name, file);
  unpacked.expect(file.data.length);
  unpacked.file(name, file.data, file.executable);
}

module.exports = { untar };
