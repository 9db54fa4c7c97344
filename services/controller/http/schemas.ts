import { z } from "zod";
import { badRequest } from "../../core/errors";
import type { Json, KeyValue, Parameter } from "../../core/model/parameters";

const json = z.custom<Json>((value) => value !== undefined);
const keyValues = z.array(z.object({ key: z.string().min(1), value: json.optional() })).transform((list): KeyValue[] => list.map(({ key, value = null }) => ({ key, value })));
const parameters = z
  .array(z.object({ key: z.string().min(1), value: json.optional(), init: z.boolean().optional() }))
  .transform((list): Parameter[] => list.map(({ key, value = null, init }) => (init ? { key, value, init } : { key, value })));

const name = z.union([z.string(), z.object({ path: z.string(), name: z.string() }).transform(({ path, name }) => `/${path}/${name}`)]);

const common = {
  version: z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/, "must look like 0.0.1").optional(),
  publish: z.boolean().optional(),
  annotations: keyValues.optional(),
};

export const actionPut = z.object({
  ...common,
  exec: z
    .object({
      kind: z.string(),
      code: z.string().optional(),
      binary: z.boolean().optional(),
      main: z.string().optional(),
      image: z.string().optional(),
      components: z.array(z.string()).optional(),
    })
    .optional(),
  parameters: parameters.optional(),
  limits: z
    .object({ timeout: z.number(), memory: z.number(), logs: z.number(), concurrency: z.number() })
    .partial()
    .optional(),
  delAnnotations: z.array(z.string()).optional(),
});
export type ActionPut = z.output<typeof actionPut>;

export const triggerPut = z.object({ ...common, parameters: parameters.optional() });
export type TriggerPut = z.output<typeof triggerPut>;

export const packagePut = z.object({
  ...common,
  parameters: parameters.optional(),
  binding: z.union([z.object({ namespace: z.string(), name: z.string() }), z.object({}).strict().transform(() => undefined)]).optional(),
});
export type PackagePut = z.output<typeof packagePut>;

export const rulePut = z.object({ ...common, trigger: name.optional(), action: name.optional(), status: z.enum(["", "active", "inactive"]).optional() });
export type RulePut = z.output<typeof rulePut>;

export const ruleStatus = z.object({ status: z.enum(["active", "inactive"]) });

/** @throws WhiskError 400 that names the property */
export function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  throw badRequest(`The request content was malformed:\n${where}${issue.message}`);
}
