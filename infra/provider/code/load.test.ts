import { chmodSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unzipSync } from "fflate";
import { Archive, Asset } from "../properties";
import { temporaryFolder } from "../testing/folder";
import { hashOf, loadCode, type LoadOptions } from "./load";

const folder = temporaryFolder({
  "resize.ts": 'import { half } from "./lib/half";\n// a comment\nexport function main(p: { n: number }): object {\n  return { n: half(p.n) };\n}\n',
  "lib/half.ts": "export const half = (n: number): number => n / 2;\n",
  "default.mjs": "export default function (p) { return { got: p.n }; }\n",
  "script.js": "function helper() { return 1; }\nfunction main(p) { return { n: p.n + helper() }; }\n",
  "common.js": "exports.run = (p) => ({ n: p.n });\n",
  "nothing.ts": "export const other = 1;\n",
  "broken.ts": "export function main() {\n  const x = (;\n}\n",
  "unresolved.ts": 'import { x } from "not-there";\nexport const main = () => x;\n',
  "hello.py": "def main(args):\n    return {}\n",
  "broken.py": "def main(args):\n    return {\n",
  "notes.xyz": "text",
  "node/package.json": '{"main":"index.js"}',
  "node/index.js": "exports.main = () => ({});",
  "node/lib/a.js": "1",
  "python/__main__.py": "def main(a): return a",
});
afterAll(() => folder.remove());

const load = (source: Parameters<typeof loadCode>[0], options: Partial<LoadOptions> = {}) => loadCode(source, { directory: folder.path, ...options });

/** Runs code as the platform's JavaScript runtime does: as the body of a CommonJS module. */
function run(text: string, parameters: object, main = "main"): unknown {
  const module = { exports: {} as Record<string, (p: object) => unknown> };
  const plain = new Function("module", "exports", "require", `${text}\nreturn typeof ${main} === "function" ? ${main} : undefined;`) as (...args: unknown[]) => ((p: object) => unknown) | undefined;
  const found = plain(module, module.exports, require) ?? module.exports[main];
  return found!(parameters);
}

test("a TypeScript file is bundled with what it imports and runs", async () => {
  const code = await load("./resize.ts");
  expect(code).toMatchObject({ binary: false, kind: "nodejs:default", sha256: hashOf(code.text, false) });
  expect(run(code.text, { n: 8 })).toEqual({ n: 4 });
});

test("a comment and the layout are no change, the code of an import is one, and the folder's own path is none", async () => {
  const { sha256 } = await load("resize.ts");
  const source = 'import { half } from "./lib/half";\n\n/* other */\nexport function main(p: {n: number}): object { return { n: half(p.n) } }\n';
  const copy = temporaryFolder({ "resize.ts": source, "lib/half.ts": "export const half = (n: number): number => n / 2;\n" });
  const other = temporaryFolder({ "resize.ts": source, "lib/half.ts": "export const half = (n: number): number => n / 3;\n" });
  expect((await load("resize.ts", { directory: copy.path })).sha256).toBe(sha256);
  expect((await load("resize.ts", { directory: other.path })).sha256).not.toBe(sha256);
  copy.remove();
  other.remove();
});

test("a default export runs as main, a plain script keeps its functions, another function is found by its name", async () => {
  expect(run((await load("default.mjs")).text, { n: 1 })).toEqual({ got: 1 });
  expect(run((await load("script.js")).text, { n: 1 })).toEqual({ n: 2 });
  expect(run((await load("common.js", { main: "run" })).text, { n: 3 }, "run")).toEqual({ n: 3 });
});

test.each([
  ["a syntax error, with its place", "broken.ts", 'broken.ts:2:14: Unexpected ";"'],
  ["an import that cannot be resolved, with its place", "unresolved.ts", 'unresolved.ts:1:19: Could not resolve "not-there"'],
  ["a file that exports no main", "nothing.ts", "exports no function main: it exports other. Export one, or name the function in the property main"],
  ["a file that is not there", "gone.ts", `gone.ts does not exist (in ${folder.path})`],
  ["a file of an unknown kind", "notes.xyz", "notes.xyz does not tell its runtime: name it in the property kind, or use one of"],
])("%s is refused before anything is deployed", async (_what, file, message) => {
  await expect(load(file)).rejects.toThrow(message);
});

test("Python is taken as it is, and what does not parse is refused with its place", async () => {
  expect(await load("hello.py")).toMatchObject({ text: "def main(args):\n    return {}\n", kind: "python:default", binary: false });
  await expect(load("broken.py")).rejects.toThrow(/^broken\.py:2:\d+: '\{' was never closed \(Python 3/);
});

test("a folder becomes the same zip file whatever the times of its files are", async () => {
  const first = await load("node");
  utimesSync(path.join(folder.path, "node/index.js"), new Date(0), new Date(0));
  expect((await load("./node/")).sha256).toBe(first.sha256);
  expect(first).toMatchObject({ binary: true, kind: "nodejs:default" });
  expect(Object.keys(unzipSync(Buffer.from(first.text, "base64")))).toEqual(["index.js", "lib/a.js", "package.json"]);
  expect((await load("python")).kind).toBe("python:default");
});

test("programs in a folder stay executable", async () => {
  const tools = temporaryFolder({ exec: "#!/bin/sh\n" });
  const before = await load(".", { directory: tools.path });
  chmodSync(path.join(tools.path, "exec"), 0o755);
  expect((await load(".", { directory: tools.path })).sha256).not.toBe(before.sha256);
  tools.remove();
});

test("a zip file is passed on byte for byte", async () => {
  const bytes = Buffer.from([0x50, 0x4b, 3, 4, 0xff]);
  writeFileSync(path.join(folder.path, "made.zip"), bytes);
  expect(await load("made.zip", { kind: "nodejs:24" })).toEqual({ text: bytes.toString("base64"), binary: true, kind: "nodejs:24", sha256: hashOf(bytes.toString("base64"), true) });
});

test("inline text and archives are taken from assets", async () => {
  expect(await load(new Asset({ text: "exports.main = () => 1;\n" }))).toMatchObject({ text: "exports.main = () => 1;\n", kind: "nodejs:default" });
  const archive = await load(new Archive({ assets: { "__main__.py": new Asset({ text: "x" }), lib: new Archive({ assets: { "a.py": new Asset({ text: "y" }) } }) } }));
  expect(archive.kind).toBe("python:default");
  expect(Object.keys(unzipSync(Buffer.from(archive.text, "base64")))).toEqual(["__main__.py", "lib/a.py"]);
  expect((await load(new Asset({ path: "resize.ts" }))).sha256).toBe((await load("resize.ts")).sha256);
});

test("inline code that uses what is around it is refused with the names", async () => {
  const source = "exports.main = async ({ a, ...rest }) => { const fs = require('fs'); return bucket + size(a) + rest.bucket + fs.x; };";
  await expect(load(new Asset({ text: source }))).rejects.toThrow("uses bucket, size without defining it");
});

test("inline code may use what Node has and what it defines itself", async () => {
  const source = "exports.main = function ({ x }, ...more) { class A { static b = 1 } for (const k of more) { label: console.log(k); } return { u: new URL('http://a'), p: process.env.X, A, c: x?.length ?? Buffer.from('') }; };";
  await expect(load(new Asset({ text: source }))).resolves.toMatchObject({ text: source });
});

test("inline code that does not parse is refused", async () => {
  await expect(load(new Asset({ text: "exports.main = (" }))).rejects.toThrow("code:1:17: Unexpected end of file");
});
