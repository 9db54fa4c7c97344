// @ts-check
"use strict";
const zlib = require("node:zlib");

/**
 * A zip archive of files, each readable and executable. Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
 * @param {{name: string, data: Buffer}[]} files names with forward slashes
 * @returns {Buffer}
 */
function zip(files) {
  const [bodies, directory] = [/** @type {Buffer[]} */ ([]), /** @type {Buffer[]} */ ([])];
  let offset = 0;
  for (const { name, data } of files) {
    const packed = zlib.deflateRawSync(data, { level: 6 });
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // Names are UTF-8.
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    // The first day there is: the same files make the same archive.
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(zlib.crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE((0o100755 << 16) >>> 0, 6);
    place.writeUInt32LE(offset, 10);
    // "Made by" Unix, so that the permissions count.
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), common, place, path);
    bodies.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

module.exports = { zip };
