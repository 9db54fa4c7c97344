import { z } from "zod";
import { badRequest } from "../../core/errors";
import { parseVersion } from "../../core/model/entities";
import { isEntityName } from "../../core/model/names";
import type { Json, JsonObject, KeyValue, Parameter } from "../../core/model/parameters";

/** A property that may be absent; null stands for that. */
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value): z.output<T> | undefined => value ?? undefined);

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
/** Looked at by whoever knows what is to be in it. */
const object = z.custom<JsonObject>(isObject, "Object expected");

/** Characters of what came that a refusal shows. */
const SHOWN = 200;
const shown = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, SHOWN);

/** Tells what came instead of what was expected. */
const insteadOf = (expected: string) => ({ error: ({ input }: { input?: unknown }) => `Expected ${expected}, but got ${shown(input)}` });

const LIST = "parameters malformed!";
const key = z.string(LIST).min(1, LIST);
const value = z.custom<Json>((given) => given !== undefined, LIST);
const keyValues = z.array(z.object({ key, value }, LIST), LIST).transform((list): KeyValue[] => unique(list));
const parameters = z
  .array(z.object({ key, value, init: z.boolean(LIST).optional() }, LIST), LIST)
  .transform((list): Parameter[] => unique(list.map(({ key, value, init }) => (init ? { key, value, init } : { key, value }))));

/** Of several with the same key the last one counts. */
const unique = <T extends KeyValue>(list: T[]): T[] => [...new Map(list.map((entry) => [entry.key, entry])).values()];

const VERSION = "semantic version malformed";
const version = z.string(VERSION).transform((text, context): string => {
  const parsed = parseVersion(text);
  if (parsed !== undefined) return parsed;
  context.addIssue(VERSION);
  return z.NEVER;
});

const wholeNumber = (malformed: string, whole: string) => z.number(malformed).refine(Number.isInteger, { message: `requirement failed: ${whole} must be whole number`, abort: true });
const size = (limit: string) => wholeNumber(`${limit} limit malformed`, `${limit} limit`).refine((given) => given >= 0, "requirement failed: a negative size of an object is not allowed.");

const common = {
  version: optional(version),
  publish: optional(z.boolean(insteadOf("JsTrue or JsFalse"))),
  annotations: optional(keyValues),
};

const limits = z.object(
  {
    timeout: optional(wholeNumber("time limit malformed", "time limit")),
    memory: optional(size("memory")),
    logs: optional(size("log")),
    concurrency: optional(wholeNumber("concurrency limit malformed", "intra concurrency limit")),
    instances: optional(
      wholeNumber("instance concurrency limit malformed", "instance concurrency limit").refine((given) => given >= 0, "requirement failed: Action container concurrency must be greater than or equal to 0."),
    ),
  },
  "Object expected in field 'timeout'",
);

/** What a PUT brings along that may be large: it is looked at first. */
export const sizedPut = {
  exec: z.object({ exec: optional(object) }),
  lists: z.object({ parameters: optional(parameters), annotations: common.annotations }),
};

export const actionPut = z.object({
  parameters: optional(parameters),
  ...common,
  limits: optional(limits),
  delAnnotations: optional(z.array(z.string(insteadOf("String as JsString")), insteadOf("Array as JsArray"))),
});
export type ActionPut = z.output<typeof actionPut>;

export const triggerPut = z.object({ parameters: optional(parameters), ...common, limits: optional(object) });
export type TriggerPut = z.output<typeof triggerPut>;

/** `{}` says that there is none; null says nothing. */
const binding = z.unknown().transform((given, context): { namespace: string; name: string } | undefined => {
  const refuse = (message: string) => {
    context.addIssue(message);
    return z.NEVER;
  };
  if (!isObject(given)) return refuse("Object expected in field 'namespace'");
  if (Object.keys(given).length === 0) return undefined;
  const { namespace, name } = given;
  if (namespace === undefined || name === undefined) return refuse(`Object is missing required member '${namespace === undefined ? "namespace" : "name"}'`);
  return typeof namespace === "string" && isEntityName(namespace) && typeof name === "string" && isEntityName(name) ? { namespace, name } : refuse("entity name malformed");
});

export const packagePut = z.object({ parameters: optional(parameters), ...common, binding: binding.optional() });
export type PackagePut = z.output<typeof packagePut>;

/** Names are read by whoever knows the namespace. */
export const rulePut = z.object({ ...common, trigger: optional(z.unknown()), action: optional(z.unknown()) });
export type RulePut = z.output<typeof rulePut>;

export const ruleStatus = z.object({
  status: z.enum(["active", "inactive"], {
    error: ({ input }) => (input === undefined ? "key not found: status" : `requirement failed: ${typeof input === "string" ? input.slice(0, SHOWN) : shown(input)} is not a recognized rule state`),
  }),
});

/** @throws WhiskError 400 in OpenWhisk's words, which name what is wrong and not always where */
export function parsePut<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw malformedContent(result.error.issues[0]!.message);
}

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
