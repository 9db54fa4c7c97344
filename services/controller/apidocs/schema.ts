/** Pieces of a Swagger 2.0 description. */
export type Schema = { readonly [key: string]: unknown };

export const text = (description: string, more: Schema = {}): Schema => ({ type: "string", description, ...more });
export const whole = (description: string, more: Schema = {}): Schema => ({ type: "integer", description, ...more });
export const flag = (description: string): Schema => ({ type: "boolean", description });
export const list = (items: Schema, description?: string): Schema => ({ type: "array", items, ...(description === undefined ? {} : { description }) });
export const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

/** @param required all that are not named here may be missing */
export const object = (properties: Record<string, Schema>, required: readonly string[] = [], description?: string): Schema => ({
  type: "object",
  ...(description === undefined ? {} : { description }),
  properties,
  ...(required.length > 0 ? { required } : {}),
});

/** What may be absent may be null as well. */
export const nullable = (schema: Schema): Schema => ({ ...("$ref" in schema ? { allOf: [schema] } : schema), "x-nullable": true });

/** Names of entities and namespaces, for any dialect of regular expressions: `\w` may be more than ASCII elsewhere. */
const WORD = "[A-Za-z0-9_]([A-Za-z0-9_@ .&-]{0,254}[A-Za-z0-9_@.&-])?";
export const NAME = { pattern: `^${WORD}$`, minLength: 1, maxLength: 256 };
export const FILTER = { pattern: `^(${WORD}(/${WORD})?)?$` };
export const VERSION = { pattern: "^(?!0\\.0\\.0$)[0-9]{1,9}\\.[0-9]{1,9}\\.[0-9]{1,9}$" };
export const ID = { pattern: "^[0-9a-f]{32}$" };
