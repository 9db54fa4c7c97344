import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";

const { zip } = require("./zip.cjs") as { zip: (files: { name: string; data: Buffer }[]) => Buffer };
const { unzip } = require("./unzip.cjs") as { unzip: (zip: Buffer, dir: string) => void };

const files = [
  { name: "exec", data: Buffer.from("#!/bin/sh\n") },
  { name: "data/❄.bin", data: Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256)) },
  { name: "empty", data: Buffer.alloc(0) },
];

describe("archives that the runtime makes", () => {
  it("are read by others", () => {
    const read = unzipSync(zip(files));
    expect(Object.entries(read).map(([name, data]) => ({ name, data: Buffer.from(data) }))).toEqual(files);
  });

  it("are unpacked as they were, with files that can be executed", () => {
    const folder = mkdtempSync(join(tmpdir(), "stackwhisk-zip-"));
    try {
      unzip(zip(files), folder);
      for (const { name, data } of files) expect(readFileSync(join(folder, name))).toEqual(data);
      expect(statSync(join(folder, "exec")).mode & 0o777).toBe(0o755);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are the same for the same files", () => {
    expect(zip(files).equals(zip(files))).toBe(true);
  });
});
