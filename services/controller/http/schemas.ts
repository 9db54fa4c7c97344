import { z } from "zod";
import { badRequest } from "../../core/errors";
import { parseVersion } from "../../core/model/entities";
import type { Json, JsonObject, KeyValue, Parameter } from "../../core/model/parameters";

/** A property that may be absent; null stands for that. */
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value): z.output<T> | undefined => value ?? undefined);

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
/** Looked at by whoever knows what is to be in it. */
const object = z.custom<JsonObject>(isObject, "Object expected");

const json = z.custom<Json>((value) => value !== undefined, "parameters malformed!");
const key = z.string().min(1);
const keyValues = z.array(z.object({ key, value: json }));
const parameters = z
  .array(z.object({ key, value: json, init: z.boolean().optional() }))
  .transform((list): Parameter[] => unique(list.map(({ key, value, init }) => (init ? { key, value, init } : { key, value }))));

/** Of several with the same key the last one counts. */
const unique = <T extends KeyValue>(list: T[]): T[] => [...new Map(list.map((entry) => [entry.key, entry])).values()];

const version = z.string().transform((text, context): string => {
  const parsed = parseVersion(text);
  if (parsed !== undefined) return parsed;
  context.addIssue("semantic version malformed: it must look like 0.0.1");
  return z.NEVER;
});

const wholeNumber = (limit: string) => optional(z.number().refine(Number.isInteger, `${limit} limit must be whole number`));
const size = (limit: string) => optional(z.number().refine(Number.isInteger, `${limit} limit must be whole number`).refine((value) => value >= 0, "a negative size of an object is not allowed."));

const common = {
  version: optional(version),
  publish: optional(z.boolean()),
  annotations: optional(keyValues.transform((list): KeyValue[] => unique(list))),
};

export const actionPut = z.object({
  exec: optional(object),
  parameters: optional(parameters),
  ...common,
  limits: optional(
    z.object({
      timeout: wholeNumber("time"),
      memory: size("memory"),
      logs: size("log"),
      concurrency: wholeNumber("intra concurrency"),
      instances: optional(z.number().refine(Number.isInteger, "instance concurrency limit must be whole number")),
    }),
  ),
  delAnnotations: optional(z.array(z.string())),
});
export type ActionPut = z.output<typeof actionPut>;

export const triggerPut = z.object({ parameters: optional(parameters), ...common, limits: optional(object) });
export type TriggerPut = z.output<typeof triggerPut>;

export const packagePut = z.object({
  parameters: optional(parameters),
  ...common,
  binding: z.union([z.object({}).strict().transform(() => undefined), z.object({ namespace: z.string(), name: z.string() })]).optional(),
});
export type PackagePut = z.output<typeof packagePut>;

/** Names are read by whoever knows the namespace. */
export const rulePut = z.object({ ...common, trigger: optional(z.unknown()), action: optional(z.unknown()) });
export type RulePut = z.output<typeof rulePut>;

export const ruleStatus = z.object({ status: z.enum(["active", "inactive"], "not a recognized rule state, must be one of ['active', 'inactive']") });

/** @throws WhiskError 400 that names the property */
export function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw malformedContent(where + issue.message);
}

/** The refusal of a body, in OpenWhisk's words. */
export const malformedContent = (reason: string) => badRequest(`The request content was malformed:\n${reason}`);
