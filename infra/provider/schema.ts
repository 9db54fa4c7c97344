/** The package schema of Pulumi, from which YAML programs are checked and the SDKs of other languages are generated. */
import { configDescription } from "./config";
import type { PropertyDescription, ValueType } from "./description";
import type { ResourceHandler } from "./resource";

type Json = Record<string, unknown>;

export function schema(handlers: readonly ResourceHandler[], version: string): Json {
  const types: Json = {};
  const config = propertiesOf(configDescription.properties, "Config", types, "input");
  return {
    name: "stackwhisk",
    version,
    displayName: "Stackwhisk",
    description: "Actions, sequences, triggers, rules and packages on an event-driven function platform with OpenWhisk's API.",
    keywords: ["pulumi", "category/cloud", "kind/native", "openwhisk", "serverless", "faas"],
    license: "Apache-2.0",
    config: { variables: config },
    provider: { description: configDescription.description, inputProperties: config, properties: propertiesOf(configDescription.properties, "Config", types, "input") },
    resources: Object.fromEntries(handlers.map((handler) => [handler.token, resourceOf(handler, types)])),
    types,
    language: { nodejs: { packageName: "stackwhisk" } },
  };
}

function resourceOf({ token, description }: ResourceHandler, types: Json): Json {
  const name = token.split(":").at(-1)!;
  const { properties } = description;
  const names = Object.keys(properties);
  return {
    description: description.description,
    inputProperties: propertiesOf(properties, name, types, "input"),
    requiredInputs: names.filter((key) => properties[key]?.input === "required"),
    properties: propertiesOf(properties, name, types, "output"),
    required: names.filter((key) => properties[key]?.input === "required" || properties[key]?.present),
  };
}

function propertiesOf(properties: Record<string, PropertyDescription>, owner: string, types: Json, side: "input" | "output"): Json {
  const entries = Object.entries(properties).filter(([, property]) => side === "output" || property.input);
  return Object.fromEntries(
    entries.map(([name, property]) => [
      name,
      {
        ...typeOf(property.type, `${owner}${name[0]!.toUpperCase()}${name.slice(1)}`, types),
        description: property.default === undefined ? property.description : `${property.description} Default: ${String(property.default)}.`,
        ...(property.secret && { secret: true }),
        ...(property.replaces && side === "input" && { willReplaceOnChanges: true }),
      },
    ]),
  );
}

function typeOf(type: ValueType, name: string, types: Json): Json {
  if (type === "json") return { $ref: "pulumi.json#/Any" };
  if (type === "asset") return { $ref: "pulumi.json#/Asset" };
  if (type === "archive") return { $ref: "pulumi.json#/Archive" };
  if (typeof type === "string") return { type };
  if ("list" in type) return { type: "array", items: typeOf(type.list, name, types) };
  if ("map" in type) return { type: "object", additionalProperties: typeOf(type.map, name, types) };
  if ("oneOf" in type) return { oneOf: type.oneOf.map((one) => typeOf(one, name, types)) };
  const token = `stackwhisk:index:${name}`;
  types[token] ??= {
    type: "object",
    properties: propertiesOf(type.object, name, types, "input"),
    required: Object.keys(type.object).filter((key) => type.object[key]?.input === "required"),
  };
  return { $ref: `#/types/${token}` };
}
