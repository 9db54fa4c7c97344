import * as pulumi from "@pulumi/pulumi";
import { Action, Namespace, Package, Provider, Rule, Sequence, Trigger } from "..";

interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

let recorded: Recorded[] = [];

beforeEach(async () => {
  recorded = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        recorded.push({ type, name, inputs: inputs as Recorded["inputs"] });
        return { id: `_/${name}`, state: { ...(inputs as object), qualifiedName: `/guest/${(inputs as { package?: string }).package ? "images/" : ""}${name}` } };
      },
      call: () => ({}),
    },
    "trial",
    "dev",
  );
});

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

/** Waits until the resources have been registered. */
const registered = (...resources: pulumi.CustomResource[]) => Promise.all(resources.map((resource) => valueOf(resource.urn)));

test("an action sends what the program says, and nothing else", async () => {
  await registered(new Action("resize", { code: "./resize.ts", kind: "nodejs:24", web: "raw", limits: { timeout: "30 seconds", memory: 512 }, env: { MODE: "x" } }));
  expect(recorded).toEqual([
    {
      type: "stackwhisk:index:Action",
      name: "resize",
      inputs: { code: "./resize.ts", kind: "nodejs:24", web: "raw", limits: { timeout: "30 seconds", memory: 512 }, env: { MODE: "x" } },
    },
  ]);
});

test("a handler is sent as the text of its function", async () => {
  const greet = new Action("greet", { handler: ({ name = "world" }) => ({ text: name }) });
  await registered(greet);
  const { text } = recorded[0]!.inputs.code as { text?: string };
  expect(await text).toMatch(/^exports\.main = \(\{ name = "world" \}\)\s*=>\s*\(\{[^]*text: name[^]*\}\);\n$/);
});

test("resources and names are the same to packages, sequences and rules", async () => {
  const images = new Package("images", { parameters: { bucket: "photos" } });
  const resize = new Action("resize", { package: images, code: "./resize.ts" });
  const both = new Sequence("both", { actions: [resize, "images/store", pulumi.output("notify")], package: "images" });
  const uploaded = new Trigger("uploaded", { parameters: { a: 1 } });
  const rule = new Rule("on-upload", { trigger: uploaded, action: both, status: "inactive" });
  const other = new Rule("on-other", { trigger: "uploaded", action: "/whisk.system/utils/echo" });
  await registered(images, resize, both, uploaded, rule, other);
  expect(recorded.map(({ name, inputs }) => [name, inputs])).toEqual(
    expect.arrayContaining([
      ["images", { parameters: { bucket: "photos" } }],
      ["resize", { package: "images", code: "./resize.ts" }],
      ["both", { actions: ["/guest/images/resize", "images/store", "notify"], package: "images" }],
      ["uploaded", { parameters: { a: 1 } }],
      ["on-upload", { trigger: "/guest/uploaded", action: "/guest/images/both", status: "inactive" }],
      ["on-other", { trigger: "uploaded", action: "/whisk.system/utils/echo" }],
    ]) as unknown,
  );
});

test("a binding names its package by the resource", async () => {
  const shared = new Package("shared", { publish: true });
  await registered(shared, new Package("mine", { binding: shared }));
  expect(recorded[1]).toEqual({ type: "stackwhisk:index:Package", name: "mine", inputs: { binding: "/guest/shared" } });
});

test("a provider's key is a secret, and its flag travels as text", async () => {
  const provider = new Provider("platform", { apiHost: "http://a", auth: "u:k", insecure: true });
  await valueOf(provider.urn);
  const secret = { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value: "u:k" };
  expect(recorded).toEqual([{ type: "pulumi:providers:stackwhisk", name: "platform", inputs: { apiHost: "http://a", auth: secret, insecure: "true" } }]);
  expect(await pulumi.isSecret(provider.auth)).toBe(true);
});

test("a namespace sends what the program says, and its key is a secret", async () => {
  const team = new Namespace("team", { limits: { invocationsPerMinute: 60, allowedKinds: ["nodejs:24"] }, rotation: "1", overlap: "1 day" });
  await registered(team);
  expect(recorded).toEqual([{ type: "stackwhisk:index:Namespace", name: "team", inputs: { limits: { invocationsPerMinute: 60, allowedKinds: ["nodejs:24"] }, rotation: "1", overlap: "1 day" } }]);
});

function named() {
  return {};
}

test.each<[string, () => unknown, string]>([
  ["no code", () => new Action("a", {}), 'Action "a": one of `code`, `handler` and `image` is needed'],
  ["code and a handler", () => new Action("a", { code: "./a.ts", handler: named }), 'Action "a": only one of `code` and `handler` can be given'],
  ["a built-in function", () => new Action("a", { handler: JSON.parse }), 'Action "a": `handler` has no source text: it is built in, or made by bind()'],
  ["a bound function", () => new Action("a", { handler: named.bind(null) }), 'Action "a": `handler` has no source text: it is built in, or made by bind()'],
  ["a class", () => new Action("a", { handler: class {} as unknown as () => object }), 'Action "a": `handler` is a class; it must be a function'],
  ["a method", () => new Action("a", { handler: { run() { return {}; } }.run }), 'Action "a": `handler` is a method; write it as a function or an arrow function'],
  ["an empty sequence", () => new Sequence("s", { actions: [] }), 'Sequence "s": `actions` needs at least one action'],
  ["a rule without a trigger", () => new Rule("r", { action: "a" } as never), 'Rule "r": `trigger` is required'],
  ["a rule without an action", () => new Rule("r", { trigger: "t" } as never), 'Rule "r": `action` is required'],
])("%s is refused before anything is registered", (_what, make, message) => {
  expect(make).toThrow(message);
  expect(recorded).toEqual([]);
});

test.each([
  ["an arrow function", (p: { a: number }) => p.a],
  ["an async arrow function", async (p: { a: number }) => p.a],
  ["a function", function (p: { a: number }) { return p.a; }],
  ["a named function", named],
  ["an async function", async function (p: { a: number }) { return p.a; }],
])("%s can be a handler", async (_what, handler) => {
  await registered(new Action("a", { handler }));
  expect(recorded).toHaveLength(1);
});
