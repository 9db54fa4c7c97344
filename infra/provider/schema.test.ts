import { Connection } from "./connection";
import { createHandlers } from "./handlers";
import { schema } from "./schema";

type Property = Record<string, unknown>;
type Resource = { inputProperties: Record<string, Property>; properties: Record<string, Property>; requiredInputs: string[]; required: string[] };

const made = schema(createHandlers(new Connection()), "1.2.3") as unknown as { version: string; types: Record<string, Property>; resources: Record<string, Resource> };
const resource = (name: string) => made.resources[`stackwhisk:index:${name}`]!;

test("inputs, outputs and what is required come from the descriptions", () => {
  expect(made.version).toBe("1.2.3");
  expect(resource("Rule").requiredInputs).toEqual(["trigger", "action"]);
  expect(resource("Rule").required).toEqual(["name", "trigger", "action", "status", "namespace", "qualifiedName", "version"]);
  expect(resource("Action").inputProperties.codeSha256).toBeUndefined();
  expect(resource("Action").properties.codeSha256).toMatchObject({ type: "string" });
  expect(resource("LocalPlatform").properties.auth).toMatchObject({ type: "string", secret: true });
});

test("types are those of Pulumi's schema", () => {
  expect(resource("Action").inputProperties).toMatchObject({
    name: { type: "string", willReplaceOnChanges: true },
    code: { oneOf: [{ type: "string" }, { $ref: "pulumi.json#/Asset" }, { $ref: "pulumi.json#/Archive" }] },
    parameters: { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } },
    limits: { $ref: "#/types/stackwhisk:index:ActionLimits" },
  });
  expect(made.types["stackwhisk:index:ActionLimits"]).toMatchObject({ type: "object", properties: { concurrency: { type: "integer" } } });
});

test("every property of every resource says what it is", () => {
  const silent = Object.entries(made.resources).flatMap(([token, { properties }]) => Object.entries(properties).filter(([, { description }]) => !description).map(([name]) => `${token}.${name}`));
  expect(silent).toEqual([]);
});
