import { withWeb } from "./web";

const kv = (values: Record<string, unknown>) => Object.entries(values).map(([key, value]) => ({ key, value }));
const web = { "web-export": true, "raw-http": false, final: true };
const secure = "require-whisk-auth";

test("without a web flag the annotations stay what was given", () => {
  expect(withWeb({}, undefined, kv({ a: 1 }))).toEqual({});
  expect(withWeb({}, kv({ b: 2 }), kv({ a: 1 }))).toEqual({ annotations: kv({ b: 2 }) });
});

test("what was given replaces what exists, the secret of a web action stays", () => {
  expect(withWeb({ web: "YES" }, kv({ b: 2 }), kv({ a: 1, [secure]: "s" }))).toEqual({ annotations: kv({ b: 2, ...web, [secure]: "s" }) });
});

test("--web-secure keeps a secret, makes one, or removes it", () => {
  const existing = kv({ a: 1, ...web, [secure]: 42 });
  expect(withWeb({ webSecure: "true" }, undefined, existing)).toEqual({ annotations: kv({ a: 1, ...web, [secure]: 42 }) });
  expect(withWeb({ webSecure: "mine" }, undefined, existing)).toEqual({ annotations: kv({ a: 1, ...web, [secure]: "mine" }) });
  expect(withWeb({ webSecure: "false" }, undefined, existing)).toEqual({ annotations: kv({ a: 1, ...web }), delAnnotations: [secure] });
  const made = withWeb({ web: "true", webSecure: "true" }, undefined, undefined).annotations!.at(-1)!;
  expect([made.key, Number.isSafeInteger(made.value), (made.value as number) > 0]).toEqual([secure, true, true]);
});

test("--web-secure is for web actions", () => {
  const message = "The --web-secure option is only valid when the --web option is enabled.";
  expect(() => withWeb({ webSecure: "x" }, undefined, kv({ a: 1 }))).toThrow(message);
  expect(() => withWeb({ web: "false", webSecure: "x" }, undefined, kv(web))).toThrow(message);
});
