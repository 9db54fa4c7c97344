import type { Json } from "../model/parameters";
import { componentPath, conductorInput, continuationOf } from "./continuation";

describe("the result of a conductor", () => {
  test.each<[string, Json, object]>([
    ["without an action is the end, as it is", { n: 1, state: 2 }, { response: { statusCode: 0, result: { n: 1, state: 2 } } }],
    ["with params alone is the end with these", { params: { n: 1 }, state: 2, other: 3 }, { response: { statusCode: 0, result: { n: 1 } } }],
    ["with params that are no object is the end with them as a value", { params: 5 }, { response: { statusCode: 0, result: { value: 5 } } }],
    ["that is no object is the end", [1, 2], { response: { statusCode: 0, result: [1, 2] } }],
    ["with an action goes on with it", { action: "a", params: { n: 1 }, state: { s: 1 } }, { action: "a", params: { n: 1 }, state: { s: 1 } }],
    ["may leave out params and state", { action: "a" }, { action: "a", params: {}, state: {} }],
    ["has params and state put into objects", { action: "a", params: [1], state: "s" }, { action: "a", params: { value: [1] }, state: { state: "s" } }],
  ])("%s", (_, result, expected) => {
    expect(continuationOf({ statusCode: 0, result })).toEqual(expected);
  });

  test("keeps its status when it is the end", () => {
    expect(continuationOf({ statusCode: 1, result: { error: "no" }, size: 14 })).toEqual({ response: { statusCode: 1, result: { error: "no" } } });
  });
});

test("a conductor gets the result of what ran last with its state on top, and an array as a value", () => {
  expect(conductorInput({ a: 1, b: 1 }, { b: 2 })).toEqual({ a: 1, b: 2 });
  expect(conductorInput([1, 2], { b: 2 })).toEqual({ value: [1, 2], b: 2 });
});

describe("the name of a component", () => {
  test.each<[Json, string | undefined]>([
    ["a", "ns/a"],
    ["p/a", "ns/p/a"],
    ["/other/a", "other/a"],
    ["/other/p/a", "other/p/a"],
    ["other/p/a", "other/p/a"],
    ["/_/a", "ns/a"],
    ["/_/p/a", "ns/p/a"],
    ["//other//a", "other/a"],
    ["/a", undefined],
    ["/o/p/a/b", undefined],
    ["o/p/a/b", undefined],
    ["", undefined],
    ["/", undefined],
    ["invalid#Action", undefined],
    [5, undefined],
    [null, undefined],
    [{ name: "a" }, undefined],
  ])("%j is read as %j", (name, expected) => {
    const path = componentPath(name, "ns");
    expect(path && [path.namespace, path.package, path.name].filter((part) => part !== undefined).join("/")).toBe(expected);
  });
});
