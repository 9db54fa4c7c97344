import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync, type Zippable } from "fflate";

const { unzip } = require("./unzip.cjs") as { unzip: (zip: Buffer, dir: string) => void };

let folder: string;
let dir: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "stackwhisk-unzip-")));
  dir = join(folder, "action");
  mkdirSync(dir);
});
afterEach(() => rmSync(folder, { recursive: true }));

const UNIX = 3;
/** Attributes of an entry made on Unix. */
const mode = (bits: number) => ({ os: UNIX, attrs: bits << 16 });
const zip = (files: Zippable) => Buffer.from(zipSync(files));
const read = (name: string) => readFileSync(join(dir, name), "utf8");

it("files, stored and deflated, land in their folders with their contents", () => {
  const big = "some text ".repeat(100_000);
  unzip(zip({ "a.txt": strToU8("a"), "b/c/d.txt": [strToU8(big), { level: 9 }], "e.txt": [strToU8("stored"), { level: 0 }], "ä/☃.txt": strToU8(""), "f/": new Uint8Array() }), dir);
  expect([read("a.txt"), read("b/c/d.txt") === big, read("e.txt"), read("ä/☃.txt")]).toEqual(["a", true, "stored", ""]);
  expect(statSync(join(dir, "f")).isDirectory()).toBe(true);
});

it("an archive with a comment at its end is read", () => {
  unzip(Buffer.from(zipSync({ "a.txt": strToU8("a") }, { comment: "no end of central directory" })), dir);
  expect(read("a.txt")).toBe("a");
});

it("backslashes part folders, as archives from Windows have it", () => {
  unzip(zip({ "a\\b.txt": strToU8("b") }), dir);
  expect(read("a/b.txt")).toBe("b");
});

it("what was executable stays so", () => {
  unzip(zip({ run: [strToU8("x"), mode(0o100755)], data: [strToU8("x"), mode(0o100644)] }), dir);
  expect([statSync(join(dir, "run")).mode & 0o111, statSync(join(dir, "data")).mode & 0o111]).toEqual([0o111, 0]);
});

it("symbolic links are kept", () => {
  unzip(zip({ "bin/tool": [strToU8("../lib/tool.js"), mode(0o120777)], "lib/tool.js": strToU8("tool") }), dir);
  expect(readlinkSync(join(dir, "bin/tool"))).toBe("../lib/tool.js");
  expect(read("bin/tool")).toBe("tool");
});

it.each(["../evil", "a/../../evil", "/evil", "..\\evil", "../action-evil/x"])("nothing is written outside the folder: %s", (name) => {
  expect(() => unzip(zip({ [name]: strToU8("x") }), dir)).toThrow("would be written outside the action's folder");
  expect(existsSync(join(folder, "evil")) || existsSync(join(folder, "action-evil")) || existsSync("/evil")).toBe(false);
});

it("nothing is written through a link of the archive", () => {
  const out = join(folder, "out");
  mkdirSync(out);
  const link: Zippable[string] = [strToU8(out), mode(0o120777)];
  expect(() => unzip(zip({ link, "link/file": strToU8("x") }), dir)).toThrow();
  rmSync(dir, { recursive: true });
  mkdirSync(dir);
  expect(() => unzip(zip({ link, "link/inner": [strToU8("x"), mode(0o120777)] }), dir)).toThrow();
  expect(existsSync(join(out, "file")) || existsSync(join(out, "inner"))).toBe(false);
});

it("damaged contents are refused by their name", () => {
  const bytes = zip({ "a.txt": [strToU8("contents"), { level: 0 }] });
  bytes[bytes.indexOf("contents")]! ^= 1;
  expect(() => unzip(bytes, dir)).toThrow('There was an error uncompressing the action archive: "a.txt" is damaged');
});

it("deflated contents that are longer than the directory says are refused", () => {
  const bytes = zip({ "a.txt": strToU8("a".repeat(1000)) });
  bytes.writeUInt32LE(10, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  expect(() => unzip(bytes, dir)).toThrow('"a.txt" is damaged');
});

it.each([0.1, 0.5, 0.9])("an archive that is cut off is refused: %d", (part) => {
  const bytes = zip({ "a.txt": strToU8("a".repeat(1000)), "b.txt": strToU8("b") });
  expect(() => unzip(bytes.subarray(0, bytes.length * part), dir)).toThrow("There was an error uncompressing the action archive");
});

it("a directory that points past the end is refused", () => {
  const bytes = zip({ "a.txt": strToU8("a") });
  bytes.writeUInt32LE(0x7fffffff, bytes.length - 6);
  expect(() => unzip(bytes, dir)).toThrow("There was an error uncompressing the action archive: it is cut off");
});

it("an encrypted archive and an unknown method are refused by name", () => {
  const bytes = zip({ "a.txt": strToU8("a") });
  const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  const encrypted = Buffer.from(bytes);
  encrypted.writeUInt16LE(1, central + 8);
  expect(() => unzip(encrypted, dir)).toThrow('"a.txt" is encrypted');
  const bzip = Buffer.from(bytes);
  bzip.writeUInt16LE(12, central + 10);
  expect(() => unzip(bzip, dir)).toThrow('"a.txt" is packed by method 12');
});
