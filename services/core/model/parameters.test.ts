import fc from "fast-check";
import { argumentsOf, environmentOf, isTruthy, type JsonObject, mergeParameters, type Parameter, valueOf } from "./parameters";

const key = fc.oneof(fc.constantFrom("a", "b", "c", "__proto__", "constructor", "toString"), fc.string());
const parameter: fc.Arbitrary<Parameter> = fc.record({ key, value: fc.jsonValue() as fc.Arbitrary<Parameter["value"]>, init: fc.boolean() }, { requiredKeys: ["key", "value"] });
const list = fc.array(parameter);

/** Like an object, but `__proto__` is a key like any other. */
const entriesOf = (object: object) => new Map(Object.entries(object));

describe("merged parameters", () => {
  test("have the last value of each key, in the order of first appearance", () => {
    fc.assert(
      fc.property(fc.array(list), (lists) => {
        const all = lists.flat();
        const merged = mergeParameters(...lists);
        expect(merged.map((entry) => entry.key)).toEqual([...new Set(all.map((entry) => entry.key))]);
        for (const entry of merged) expect(entry).toBe(all.findLast((other) => other.key === entry.key));
      }),
    );
  });

  test("of missing lists are those of the others", () => {
    expect(mergeParameters(undefined, [{ key: "a", value: 1 }], undefined)).toEqual([{ key: "a", value: 1 }]);
  });
});

describe("the arguments of a run", () => {
  test("are the declared ones without those for initialisation, overlaid by what the caller sent", () => {
    fc.assert(
      fc.property(list, fc.array(fc.tuple(key, fc.jsonValue())), (parameters, sent) => {
        const payload = Object.fromEntries(sent) as JsonObject;
        const expected = new Map([...parameters.filter(({ init }) => !init).map((entry) => [entry.key, entry.value] as const), ...entriesOf(payload)]);
        const result = argumentsOf(parameters, payload);
        expect(entriesOf(result)).toEqual(expected);
        expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
      }),
    );
  });

  test("hold a key __proto__ as a property, from a parameter as from a payload", () => {
    const evil = JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject;
    for (const result of [argumentsOf([], evil), argumentsOf([{ key: "__proto__", value: { polluted: true } }], {})]) {
      expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true}}');
      expect((result as JsonObject).polluted).toBeUndefined();
    }
    expect(({} as JsonObject).polluted).toBeUndefined();
  });

  test("are the array that the step before gave, as it is", () => {
    expect(argumentsOf([{ key: "a", value: 1 }], [1, "two"])).toEqual([1, "two"]);
  });
});

describe("the environment of an initialisation", () => {
  test("has the parameters for initialisation only: strings as they are, null as the empty text, the rest as JSON", () => {
    const parameters = [
      { key: "plain", value: "no" },
      { key: "URL", value: "http://x", init: true },
      { key: "COUNT", value: 3, init: true },
      { key: "LIST", value: [1, null], init: true },
      { key: "NONE", value: null, init: true },
    ];
    expect(environmentOf(parameters)).toEqual({ URL: "http://x", COUNT: "3", LIST: "[1,null]", NONE: "" });
  });

  test("loses no variable, not even __proto__", () => {
    expect(Object.entries(environmentOf([{ key: "__proto__", value: "x", init: true }]))).toEqual([["__proto__", "x"]]);
  });
});

describe("an annotation", () => {
  test("is found by its key, and is undefined when it is not there", () => {
    expect([valueOf([{ key: "a", value: null }], "a"), valueOf([], "a")]).toEqual([null, undefined]);
  });

  test.each([
    [true, true], [1, true], [-1, true], ["no", true], [[], true], [{}, true],
    [false, false], [0, false], ["", false], [null, false], [undefined, false],
  ])("%j as a flag is %j", (value, expected) => {
    expect(isTruthy(value as never)).toBe(expected);
  });
});
