import fc from "fast-check";
import type { Json } from "../../core/model/parameters";
import { prettyJson } from "./pretty";

test("objects have a line for each member, arrays stand in one", () => {
  expect(prettyJson({ a: "A", b: { c: [1, "two", null, { d: true }], e: {} }, f: [] })).toBe(
    ['{', '  "a": "A",', '  "b": {', '    "c": [1, "two", null, {', '      "d": true', '    }],', '    "e": {', '', '    }', '  },', '  "f": []', '}'].join("\n"),
  );
  expect(["text", 1.5, true, null, [], ["a"]].map((value) => prettyJson(value as Json))).toEqual(['"text"', "1.5", "true", "null", "[]", '["a"]']);
});

test("it is the same JSON", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => JSON.stringify(JSON.parse(prettyJson(value as Json))) === JSON.stringify(value)));
});
