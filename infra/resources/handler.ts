import * as pulumi from "@pulumi/pulumi";

/** What an action's function gets, and what it may return (or promise): JSON objects. */
export type Handler = (parameters: any) => unknown; // eslint-disable-line @typescript-eslint/no-explicit-any

/**
 * An inline function as the source of an action. Only its text is taken: whatever it uses from around it is refused at
 * preview, by the provider, which binds names as the language does.
 *
 * @throws Error whose message says why the text of this function is not enough
 */
export function sourceOf(handler: Handler): pulumi.asset.StringAsset {
  if (typeof handler !== "function") throw new Error(`must be a function, not ${JSON.stringify(handler)}`);
  const text = Function.prototype.toString.call(handler);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) throw new Error("has no source text: it is built in, or made by bind()");
  if (/^class\b/.test(text)) throw new Error("is a class; it must be a function");
  if (!isExpression(text)) throw new Error("is a method; write it as a function or an arrow function");
  return new pulumi.asset.StringAsset(`exports.main = ${text};\n`);
}

/** `async function …`, `function …` or an arrow function; a method's text (`name() {…}`) stands for nothing alone. */
function isExpression(text: string): boolean {
  if (/^(async\s+)?function\b/.test(text)) return true;
  return /^(async\b\s*)?(\([\s\S]*?\)|[\w$]+)\s*=>/.test(text) || /^(async\b\s*)?\(/.test(text);
}
