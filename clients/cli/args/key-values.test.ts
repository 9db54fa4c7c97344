import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { takeKeyValues } from "./key-values";

const folder = mkdtempSync(path.join(tmpdir(), "whisk-args-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const take = (...argv: string[]) => takeKeyValues(argv, folder);

test("pairs are taken out wherever they stand, and the rest keeps its order", () => {
  expect(take("-p", "a", "1", "action", "-a", "x", "y", "invoke", "--param", "b", "--dash", "-r")).toEqual({
    rest: ["action", "invoke", "-r"],
    flags: { params: { a: 1, b: "--dash" }, annotations: { x: "y" } },
  });
});

test.each([
  ["true", true],
  ['{"a":[1]}', { a: [1] }],
  ['"quoted"', "quoted"],
  ["says\\nhi", "says\nhi"],
  ["two\nlines\t", "two\nlines\t"],
  ["007", "007"],
  ["", ""],
])("the value %j means %j", (text, value) => expect(take("-p", "k", text).flags.params).toEqual({ k: value }));

test("a file and pairs are merged in their order", () => {
  writeFileSync(path.join(folder, "p.json"), '{"a": 1, "b": 1}');
  expect(take("-p", "a", "0", "-P", "p.json", "-p", "b", "2").flags).toEqual({ params: { a: 1, b: 2 } });
});

test("nothing is taken behind --", () => {
  expect(take("x", "--", "-p", "k", "v")).toEqual({ rest: ["x", "--", "-p", "k", "v"], flags: {} });
});

test("a broken file is told without its content", () => {
  writeFileSync(path.join(folder, "bad.json"), '{"password": "t0p" "b"}');
  writeFileSync(path.join(folder, "list.json"), "[1]");
  expect(() => take("-P", "bad.json").flags.params).toThrow(
    "Invalid parameter argument 'bad.json': it is not valid JSON at position 19 (line 1 column 20)",
  );
  expect(() => take("-A", "list.json").flags.annotations).toThrow("Invalid annotation argument 'list.json': it is not a JSON object");
  expect(() => take("-P", "none.json")).toThrow(
    "Failed to parse arguments: File 'none.json' is not a valid file or it does not exist",
  );
});

test.each([
  '{"invalid1": }',
  '{"invalid2": bogus}',
  '{"invalid1": "aKey"',
  'invalid "string"',
  '{"a": [1, "b""c"]}',
  "C:\\dir",
  'a", "b": "c',
])("the value %s is a mistake, told without it", (value) => {
  const given = take("-p", "key", value, "-a", "note", value).flags;
  for (const [flag, told] of [
    ["params", "parameter argument 'key'"],
    ["annotations", "annotation argument 'note'"],
  ] as const) {
    expect(() => given[flag]).toThrow(`Invalid ${told}: its value is no JSON`);
    expect(() => given[flag]).not.toThrow(value);
  }
});
