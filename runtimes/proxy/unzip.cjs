// @ts-check
"use strict";
const zlib = require("node:zlib");
const { damaged, Unpacked } = require("./unpacked.cjs");

/**
 * A reader of zip archives, enough for what build tools produce: stored and deflated entries, zip64 sizes, permissions
 * and symbolic links. Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5.
 *
 * @typedef {object} Entry
 * @property {string} name with forward slashes
 * @property {number} flags
 * @property {number} method 0 stored, 8 deflated
 * @property {number} crc
 * @property {number} packed bytes
 * @property {number} size bytes
 * @property {number} offset of its local header
 * @property {number} mode Unix file type and permissions, 0 when the archive has none
 */

const END = 0x06054b50;
const END_64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const UNKNOWN_32 = 0xffffffff;
const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;

/** @param {Buffer} zip @returns {{count: number, offset: number}} where the central directory is */
function findDirectory(zip) {
  // The end record is 22 bytes and a comment of at most 64 KiB.
  const lowest = Math.max(0, zip.length - 22 - 0xffff);
  for (let at = zip.length - 22; at >= lowest; at--) {
    if (zip.readUInt32LE(at) !== END) continue;
    const count = zip.readUInt16LE(at + 10);
    const offset = zip.readUInt32LE(at + 16);
    if (offset !== UNKNOWN_32 && count !== 0xffff) return { count, offset };
    if (at >= 20 && zip.readUInt32LE(at - 20) === END_64_LOCATOR) {
      const end64 = Number(zip.readBigUInt64LE(at - 12));
      return { count: Number(zip.readBigUInt64LE(end64 + 32)), offset: Number(zip.readBigUInt64LE(end64 + 48)) };
    }
    return { count, offset };
  }
  throw damaged("it has no directory");
}

/** @param {Buffer} zip @param {number} at @returns {{entry: Entry, next: number}} */
function readEntry(zip, at) {
  if (zip.readUInt32LE(at) !== CENTRAL) throw damaged("its directory is broken");
  const nameLength = zip.readUInt16LE(at + 28);
  const extraLength = zip.readUInt16LE(at + 30);
  const entry = {
    // Some tools on Windows write backslashes, against the specification.
    name: zip.toString("utf8", at + 46, at + 46 + nameLength).replaceAll("\\", "/"),
    flags: zip.readUInt16LE(at + 8),
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    packed: zip.readUInt32LE(at + 20),
    size: zip.readUInt32LE(at + 24),
    offset: zip.readUInt32LE(at + 42),
    // The upper half is Unix's only when the archive was made on Unix (3) or macOS (19).
    mode: [3, 19].includes(zip.readUInt8(at + 5)) ? zip.readUInt16LE(at + 40) : 0,
  };
  readZip64(zip, at + 46 + nameLength, extraLength, entry);
  return { entry, next: at + 46 + nameLength + extraLength + zip.readUInt16LE(at + 32) };
}

/** The values that do not fit 32 bits stand in an extra field, in this order. @param {Buffer} zip @param {number} from @param {number} length @param {Entry} entry */
function readZip64(zip, from, length, entry) {
  for (let at = from; at + 4 <= from + length; at += 4 + zip.readUInt16LE(at + 2)) {
    if (zip.readUInt16LE(at) !== 1) continue;
    let field = at + 4;
    for (const key of /** @type {const} */ (["size", "packed", "offset"])) {
      if (entry[key] !== UNKNOWN_32) continue;
      entry[key] = Number(zip.readBigUInt64LE(field));
      field += 8;
    }
  }
}

/** @param {Buffer} zip @param {Entry} entry @returns {Buffer} */
function contents(zip, entry) {
  if (entry.flags & 1) throw damaged(`"${entry.name}" is encrypted`);
  if (zip.readUInt32LE(entry.offset) !== LOCAL) throw damaged(`"${entry.name}" is not where the directory says`);
  // The local header repeats name and extra field, with lengths of its own.
  const start = entry.offset + 30 + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
  const packed = zip.subarray(start, start + entry.packed);
  let data;
  if (entry.method === 0) data = packed;
  else if (entry.method === 8) data = inflate(packed, entry);
  else throw damaged(`"${entry.name}" is packed by method ${entry.method}; stored and deflated can be read`);
  if (data.length !== entry.size || zlib.crc32(data) !== entry.crc) throw damaged(`"${entry.name}" is damaged`);
  return data;
}

/** @param {Buffer} packed @param {Entry} entry */
function inflate(packed, entry) {
  if (entry.size === 0) return packed.subarray(0, 0);
  try {
    // No more than the directory says, so that what is unpacked in memory stays within the limit.
    return zlib.inflateRawSync(packed, { maxOutputLength: entry.size });
  } catch {
    throw damaged(`"${entry.name}" is damaged`);
  }
}

/**
 * Unpacks an archive into an existing, empty folder.
 * @param {Buffer} zip
 * @param {string} dir absolute, without links
 * @throws {Error} for a damaged archive, and for one that would write outside `dir`
 */
function unzip(zip, dir) {
  const unpacked = new Unpacked(dir);
  try {
    const { count, offset } = findDirectory(zip);
    for (let at = offset, index = 0; index < count; index++) {
      const { entry, next } = readEntry(zip, at);
      at = next;
      unpacked.expect(entry.size);
      if (entry.name.endsWith("/")) {
        unpacked.folder(entry.name);
        continue;
      }
      const data = contents(zip, entry);
      if ((entry.mode & FILE_TYPE) === SYMLINK) unpacked.link(entry.name, data.toString());
      else unpacked.file(entry.name, data, (entry.mode & 0o111) !== 0);
    }
  } catch (error) {
    // Offsets that point past the end.
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw code === "ERR_OUT_OF_RANGE" || code === "ERR_BUFFER_OUT_OF_BOUNDS" ? damaged("it is cut off") : error;
  }
  unpacked.finish();
}

module.exports = { unzip };
