import { changesOf, checkTypes, joinPath, sameValue, secretPaths, type ResourceDescription } from "./description";
import { UNKNOWN, type Properties } from "./resource";

const description: ResourceDescription = {
  description: "For the tests.",
  properties: {
    name: { type: "string", input: "required", replaces: true, description: "" },
    web: { type: { oneOf: ["boolean", "string"] }, input: "optional", values: ["raw"], description: "" },
    count: { type: "integer", input: "optional", description: "" },
    list: { type: { list: "string" }, input: "optional", description: "" },
    parameters: { type: { map: "json" }, input: "optional", description: "" },
    limits: { type: { object: { memory: { type: { oneOf: ["integer", "string"] }, input: "optional", description: "" } } }, input: "optional", description: "" },
    server: {
      type: {
        object: {
          url: { type: "string", input: "optional", secret: true, description: "" },
          database: { type: "string", input: "optional", replaces: true, description: "" },
        },
      },
      input: "optional",
      description: "",
    },
    key: { type: "string", secret: true, description: "" },
    status: { type: "string", input: "optional", values: ["active", "inactive"], description: "" },
    hash: { type: "string", checked: true, description: "" },
    version: { type: "string", description: "" },
  },
};

const failures = (inputs: Properties) => checkTypes(description.properties, inputs).map(({ property, reason }) => `${property} ${reason}`);

test.each<[string, Properties, string]>([
  ["a missing one", {}, "name is required"],
  ["a wrong type", { name: 5 }, "name must be a string, not 5"],
  ["a wrong item", { name: "a", list: ["x", 2] }, "list[1] must be a string, not 2"],
  ["a fraction", { name: "a", count: 1.5 }, "count must be a whole number, not 1.5"],
  ["a value that is not allowed", { name: "a", status: "on" }, 'status must be one of active, inactive, not "on"'],
  ["none of the alternatives", { name: "a", web: "yes" }, 'web must be true or false or a string, not "yes"'],
  ["a member of an object", { name: "a", limits: { memory: true } }, "limits.memory must be a whole number or a string, not true"],
  ["a misspelt member of an object", { name: "a", limits: { mem: 1 } }, "limits.mem there is no such input; there are memory"],
  ["an output", { name: "a", version: "1" }, "version there is no such input; there are name, web, count, list, parameters, limits, server, status"],
  ["a list for a map", { name: "a", parameters: [] }, "parameters must be a map, not a list"],
])("the failure of %s names the property and the value", (_what, inputs, failure) => {
  expect(failures(inputs)).toEqual([failure]);
});

test.each<[string, Properties, string]>([
  ["a secret of the wrong type", { name: "a", server: { url: 5555 } }, "server.url must be a string, not what was given"],
  ["a secret in the wrong place", { name: "a", server: "amqp://me:pw@host" }, "server must be a map, not what was given"],
])("the failure of %s does not repeat it", (_what, inputs, failure) => {
  expect(failures(inputs)).toEqual([failure]);
});

test("secrets are found inside of objects", () => {
  expect(secretPaths(description)).toEqual([["server", "url"], ["key"]]);
});

test("a member that cannot be changed in place makes a replacement, the others do not", () => {
  const change = (server: Properties) => changesOf(description, { server: { url: "a", database: "x" } }, { server: { url: "a", database: "x", ...server } });
  expect(change({ url: "b" })).toEqual({ "server.url": "update" });
  expect(change({ database: "y" })).toEqual({ "server.database": "update-replace" });
  expect(change({ database: UNKNOWN })).toEqual({ "server.database": "update-replace" });
});

test("unknown and absent values, and what checks added, have no failure", () => {
  expect(failures({ name: UNKNOWN, list: [UNKNOWN], limits: { memory: UNKNOWN }, web: null, count: undefined, hash: "x", __internal: 1 })).toEqual([]);
});

test("changes are told by their path, and a change that cannot be made in place is a replacement", () => {
  const old = { name: "a", list: ["x", "y"], parameters: { kept: 1, "a.b": 1, gone: 1 } };
  const news = { name: "b", list: ["x", "z"], parameters: { kept: 1, "a.b": 2, more: { deep: 1 } }, count: 1 };
  expect(changesOf(description, old, news)).toEqual({
    name: "update-replace",
    "list[1]": "update",
    'parameters["a.b"]': "update",
    "parameters.gone": "delete",
    "parameters.more": "add",
    count: "add",
  });
});

test("what is unknown counts as changed, what is ignored does not", () => {
  expect(changesOf(description, { name: "a", count: 1 }, { name: UNKNOWN, count: 2, list: UNKNOWN }, ["count"])).toEqual({ name: "update-replace", list: "add" });
});

test("the order of keys is no difference, the order of a list is", () => {
  expect(sameValue({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(sameValue([1, 2], [2, 1])).toBe(false);
});

test("keys that are not words are quoted in paths", () => {
  expect(joinPath(joinPath("parameters", 'x"y'), 2)).toBe('parameters["x\\"y"][2]');
});
