import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const { untar } = require("./untar.cjs") as { untar: (archive: Buffer, dir: string) => void };

let folder: string;
let source: string;
let dir: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "stackwhisk-untar-")));
  source = join(folder, "source");
  dir = join(folder, "action");
  mkdirSync(source);
  mkdirSync(dir);
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): void {
  mkdirSync(dirname(join(source, name)), { recursive: true });
  writeFileSync(join(source, name), text);
}
/** What is in `source`, packed by the machine's tar. */
const tar = (...options: string[]) => execFileSync("tar", ["--create", "--gzip", "--directory", source, ...options, "."]);
const read = (name: string) => readFileSync(join(dir, name), "utf8");

it.each(["ustar", "gnu", "pax", "v7"])("files and folders come out as they went in: format %s", (format) => {
  const big = "some text ".repeat(100_000);
  put("a.txt", "a");
  put("b/c/d.txt", big);
  put("empty.txt", "");
  put("run", "#!/bin/sh\n");
  chmodSync(join(source, "run"), 0o755);
  symlinkSync("a.txt", join(source, "link"));
  linkSync(join(source, "a.txt"), join(source, "b/hard.txt"));
  untar(tar(`--format=${format}`), dir);
  expect([read("a.txt"), read("b/c/d.txt") === big, read("empty.txt"), read("b/hard.txt")]).toEqual(["a", true, "", "a"]);
  expect([statSync(join(dir, "run")).mode & 0o111, statSync(join(dir, "a.txt")).mode & 0o111]).toEqual([0o111, 0]);
  expect(readlinkSync(join(dir, "link"))).toBe("a.txt");
});

it.each(["gnu", "pax", "ustar"])("long names and names beyond ASCII are kept: format %s", (format) => {
  const name = `${"folder-of-a-package/".repeat(7)}ä☃-${"x".repeat(80)}.js`;
  put(name, "long");
  untar(tar(`--format=${format}`), dir);
  expect(read(name)).toBe("long");
});

it.each(["../evil", "a/../../evil", "/evil"])("nothing is written outside the folder: %s", (name) => {
  put("x", "x");
  const archive = tar("--absolute-names", `--transform=flags=rSH;s|^./x$|${name}|`);
  expect(() => untar(archive, dir)).toThrow("would be written outside the action's folder");
  expect(existsSync(join(folder, "evil")) || existsSync("/evil")).toBe(false);
});

it("nothing is written through a link of the archive", () => {
  const out = join(folder, "out");
  mkdirSync(out);
  symlinkSync(out, join(source, "link"));
  put("x", "x");
  const archive = tar("--transform=flags=r;s|^./x$|link/file|");
  expect(() => untar(archive, dir)).toThrow();
  expect(existsSync(join(out, "file"))).toBe(false);
});

it("an archive that is cut off, or whose header is not one, is refused", () => {
  put("a.txt", "a".repeat(5000));
  const whole = tar();
  expect(() => untar(whole.subarray(0, whole.length / 2), dir)).toThrow("it is cut off or damaged");
  const plain = gunzipSync(whole);
  expect(() => untar(gzipSync(plain.subarray(0, 1024 + 700)), dir)).toThrow("it is cut off");
  plain[0] = 65;
  expect(() => untar(gzipSync(plain), dir)).toThrow("one of its headers is broken");
  expect(() => untar(gzipSync(Buffer.from("no tar at all".repeat(100))), dir)).toThrow("one of its headers is broken");
});
