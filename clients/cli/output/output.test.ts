import { shaped, sorted, jsonText } from "./json";
import { sortByName } from "./lists";
import { shapes } from "./shapes";
import { stripLog } from "./activations";
import { summaryText } from "./summary";
import { durationText } from "./time";
import { styleFor } from "./style";

const plain = styleFor({}, {});

test.each([
  [0, "0s"],
  [3, "3ms"],
  [1000, "1s"],
  [1250, "1.25s"],
  [90_000, "1m30s"],
  [3_600_000, "1h0m0s"],
])("%d ms read as %s", (ms, text) => expect(durationText(ms)).toBe(text));

test.each([
  ["2026-07-01T09:05:00.123456Z stdout: hello", "hello"],
  ["2026-07-01T09:05:00.123Z hello: you", "hello: you"],
  ["no time here", "no time here"],
])("the log line %j is stripped to %j", (line, stripped) => expect(stripLog(line)).toBe(stripped));

test("an entity is printed in the order of its kind, unknown fields last, missing ones as the kind says", () => {
  const rule = shaped({ extra: { b: 1, a: 2 }, trigger: { path: "guest", name: "t" }, name: "r" }, shapes.rule);
  expect(JSON.stringify(rule)).toBe('{"name":"r","status":"","trigger":{"name":"t","path":"guest"},"action":null,"extra":{"a":2,"b":1}}');
});

test("what is optional and empty is left out, unless it is asked for; what is false is not empty", () => {
  const empty = { name: "p", publish: false, parameters: [], binding: {}, updated: 0, actions: [] };
  expect(JSON.stringify(shaped(empty, shapes.package))).toBe('{"name":"p","publish":false,"binding":{}}');
  expect(JSON.stringify(shaped(empty, shapes.package, "parameters"))).toBe('{"name":"p","publish":false,"parameters":[],"binding":{}}');
});

test("the members of a package begin with their names", () => {
  const members = { actions: [{ annotations: [], version: "0.0.1", name: "a", limits: { b: 1, a: 2 } }] };
  expect(JSON.stringify(shaped(members, shapes.package))).toBe(
    '{"actions":[{"name":"a","version":"0.0.1","annotations":[],"limits":{"a":2,"b":1}}]}',
  );
});

test("sorting goes all the way down and leaves lists in their order", () => {
  expect(JSON.stringify(sorted({ b: [{ d: 1, c: 2 }, 0], a: null }))).toBe('{"a":null,"b":[{"c":2,"d":1},0]}');
});

test("nothing is printed as null", () => expect(jsonText(undefined)).toBe("null\n"));

test("actions without a package go first", () => {
  const entities = [
    { namespace: "guest/pkg", name: "a" },
    { namespace: "guest", name: "z" },
    { namespace: "guest", name: "b" },
  ];
  expect(sortByName("actions", entities).map(({ name }) => name)).toEqual(["b", "z", "a"]);
});

test.each([
  [{}, "action /guest/a\n   (parameters: none defined)\n"],
  [{ parameters: [{ key: "k", value: 1 }] }, "action /guest/a: Returns a result based on parameter k\n   (parameters: *k)\n"],
  [
    {
      parameters: [{ key: "k", value: 1 }],
      annotations: [
        { key: "final", value: true },
        { key: "parameters", value: [{ name: "a" }, { name: "b" }] },
      ],
    },
    "action /guest/a: Returns a result based on parameters a, b and k\n   (parameters: a, b, **k)\n",
  ],
])("a summary of %j", (more, text) => expect(summaryText("action", { namespace: "guest", name: "a", ...more }, plain)).toBe(text));
