import { Artifacts } from "./artifacts";
import { Bench } from "./testing/bench";
import type { GuardedReply } from "./memoryGuard";
import type { RunMessage } from "../core/messages";

const bench = new Bench();
afterAll(() => bench.close());

const answered = (body: object, status = 200): GuardedReply => ({ kind: "answered", status, body: JSON.stringify(body), bytes: 0, truncated: false });
const made = (artifact: string) => answered({ ok: true, artifact });
const message = (changes: Partial<RunMessage["action"]> = {}, uuid = "u"): RunMessage => {
  const one = bench.message("source");
  return { ...one, invoker: { ...one.invoker, uuid }, action: { ...one.action, codeSha: "sha", kind: "swift:6", main: undefined, ...changes } };
};

it("a runtime is asked what it makes of code, and from then on the namespace's containers get that", () => {
  const artifacts = new Artifacts(100);
  expect(artifacts.initCode(message(), "source")).toEqual({ code: "source", binary: false, artifact: true });
  artifacts.initialized(message(), made("compiled"));
  expect(artifacts.initCode(message({ rev: 7 }), "source")).toEqual({ code: "compiled", binary: true });
});

it.each([
  ["another namespace", message({}, "v")],
  ["other code", message({ codeSha: "other" })],
  ["another function of it", message({ main: "other" })],
  ["another kind", message({ kind: "swift:5.7" })],
])("what was made is not for %s", (_what, other) => {
  const artifacts = new Artifacts(100);
  artifacts.initialized(message(), made("compiled"));
  expect(artifacts.initCode(other, "source")).toEqual({ code: "source", binary: false, artifact: true });
});

it("images that somebody chose are neither asked nor believed", () => {
  const artifacts = new Artifacts(100);
  const foreign = message({ image: "someone/image", binary: true });
  expect(artifacts.initCode(foreign, "source")).toEqual({ code: "source", binary: true });
  artifacts.initialized(foreign, made("compiled"));
  expect(artifacts.initCode(foreign, "source")).toEqual({ code: "source", binary: true });
});

it.each<[string, GuardedReply]>([
  ["fails", answered({ error: "x" }, 502)],
  ["ends without an answer", { kind: "closed" }],
])("after an initialisation that %s the code is compiled anew", (_what, reply) => {
  const artifacts = new Artifacts(100);
  artifacts.initialized(message(), made("compiled"));
  artifacts.initialized(message(), reply);
  expect(artifacts.initCode(message(), "source")).toMatchObject({ code: "source" });
});

it("answers without one, or with something else in its place, keep nothing", () => {
  const artifacts = new Artifacts(100);
  for (const body of [{ ok: true }, { artifact: "" }, { artifact: 7 }]) artifacts.initialized(message(), answered(body));
  artifacts.initialized(message(), { ...(made("compiled") as Extract<GuardedReply, { kind: "answered" }>), body: '{"artifact": "cut o' });
  expect(artifacts.initCode(message(), "source")).toMatchObject({ code: "source" });
});

it("as much is kept as there is room for: those that were used last", () => {
  const artifacts = new Artifacts(20);
  const [a, b, c] = ["a", "b", "c"].map((codeSha) => message({ codeSha }));
  for (const one of [a!, b!]) artifacts.initialized(one, made("x".repeat(10)));
  artifacts.initCode(a!, "source");
  artifacts.initialized(c!, made("x".repeat(10)));
  expect([a!, b!, c!].map((one) => artifacts.initCode(one, "source").code === "source")).toEqual([false, true, false]);
});

it("the invoker gives a second container what the first one made", async () => {
  const code = "function main() { return { from: 'source' } } //artifact:function main() { return { from: 'artifact' } }\n";
  for (const [rev, from] of [[1, "source"], [2, "artifact"]] as const) {
    expect((await bench.done(bench.message(code, { action: { rev } }))).record.response.result).toEqual({ from });
  }
});
