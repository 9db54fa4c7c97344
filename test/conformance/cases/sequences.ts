import type { ActivationRecord } from "../support/api";
import { rows } from "../support/rows";
import { annotation, type Suite } from "../support/suite";

/** Adds one, fails, or gives an array, as its argument says. */
const STEP = `function main(args) {
  if (args.fail === args.n) return { error: "at " + args.n };
  if (args.array) return [args.n];
  return { ...args, n: (args.n ?? 0) + 1 };
}`;

/** Sequences: what they may be made of, how they run and are recorded. */
export function sequenceCases(suite: Suite): void {
  const { n } = suite;
  const [step, list] = [n("s-step"), n("s-list")];
  const of = (...components: string[]) => ({ exec: { kind: "sequence", components: components.map((each) => (each.startsWith("/") ? each : `/_/${each}`)) } });
  const put = async (name: string, ...components: string[]) => (await suite.api.must(`PUT actions/${n(name)}?overwrite=true`, { body: of(...components) })).body;

  beforeAll(async () => {
    await suite.api.putAction(step, STEP, { limits: { memory: 128 } });
    await suite.api.putAction(list, "function main(args) { return Array.isArray(args) ? { list: args } : { none: args } }", { limits: { memory: 192 } });
  });

  describe("a sequence", () => {
    test("has its components with their namespace", async () => expect((await put("s-components", step, step)).exec).toEqual({ kind: "sequence", components: [`/${suite.namespace}/${step}`, `/${suite.namespace}/${step}`] }));
    test("has its components as a parameter, too", async () => expect((await put("s-parameter", step)).parameters).toEqual([{ key: "_actions", value: [`/${suite.namespace}/${step}`] }]));
    test("says its kind in an annotation", async () => expect(annotation(await put("s-kind", step), "exec")).toBe("sequence"));
    test("has no parameters of the caller's", async () => {
      const { body } = await suite.api.must(`PUT actions/${n("s-params")}`, { body: { ...of(step), parameters: [{ key: "a", value: 1 }] } });
      expect((body.parameters as { key: string }[]).map(({ key }) => key)).toEqual(["_actions"]);
      const changed = await suite.api.must(`PUT actions/${n("s-params")}?overwrite=true`, { body: { parameters: [{ key: "b", value: 1 }] } });
      expect((changed.body.parameters as { key: string }[]).map(({ key }) => key)).toEqual(["_actions"]);
    });
    test("may be made of an action that becomes one", async () => {
      await suite.api.putAction(n("s-becomes"), "function main() {}", { parameters: [{ key: "a", value: 1 }] });
      const { body } = await suite.api.must(`PUT actions/${n("s-becomes")}?overwrite=true`, { body: of(step) });
      expect([body.exec.kind, annotation(body, "exec"), (body.parameters as { key: string }[]).map(({ key }) => key)]).toEqual(["sequence", "sequence", ["_actions"]]);
    });

    const call = `PUT actions/${n("s-bad")}`;
    const malformed = (what: string) => `The request content was malformed:\n${what}`;
    rows(suite, [
      { does: "needs components", call, body: { exec: { kind: "sequence" } }, status: 400, error: malformed("'components' must be defined for sequence kind") },
      { does: "needs a list of components", call, body: { exec: { kind: "sequence", components: "a" } }, status: 400, error: malformed("'components' must be an array") },
      { does: "needs at least one component", call, body: { exec: { kind: "sequence", components: [] } }, status: 400, error: "No component specified for the sequence." },
      { does: "needs components with a namespace", call, body: { exec: { kind: "sequence", components: ["a", "b"] } }, status: 400, error: malformed("requirement failed: The fully qualified name of the entity must contain at least the namespace and the name of the entity.") },
      { does: "needs components that exist", call, body: of(n("none")), status: 400, error: "Sequence component does not exist." },
      { does: "needs components that it may use", call, body: of("/not-mine/a"), status: 403, error: "The supplied authentication is not authorized to access 'not-mine/a'." },
      { does: "is not part of itself", call, body: of(n("s-bad")), status: 400, error: "Sequence may not refer to itself." },
      { does: "is not part of itself among others", call, body: of(step, n("s-bad"), step), status: 400, error: "Sequence may not refer to itself." },
    ]);

    test("has at most as many components as the limit says, those of its components counted", async () => {
      const most = suite.information.limits.sequence_length!;
      const body = (count: number) => of(...Array.from({ length: count }, () => step));
      expect((await suite.api.call(`PUT actions/${n("s-most")}`, { body: body(most) })).status).toBe(200);
      const over = await suite.api.call(`PUT actions/${n("s-over")}`, { body: body(most + 1) });
      expect([over.status, over.body.error]).toEqual([400, "Too many actions in the sequence."]);
      const nested = await suite.api.call(`PUT actions/${n("s-over")}`, { body: of(n("s-most"), step) });
      expect([nested.status, nested.body.error]).toEqual([400, "Too many actions in the sequence."]);
    });
    test("cannot be changed to be part of itself, not through others and not through a binding either", async () => {
      await put("s-inner", step);
      await put("s-outer", n("s-inner"));
      const cyclic = { status: 400, error: "Sequence may not refer to itself." };
      const change = async (name: string, ...components: string[]) => {
        const { status, body } = await suite.api.call(`PUT actions/${name}?overwrite=true`, { body: of(...components) });
        return { status, error: body.error as string };
      };
      expect(await change(n("s-inner"), step, n("s-outer"))).toEqual(cyclic);
      await suite.api.must(`PUT packages/${n("s-box")}`, { body: {} });
      await suite.api.must(`PUT packages/${n("s-tie")}`, { body: { binding: { namespace: "_", name: n("s-box") } } });
      await suite.api.must(`PUT actions/${n("s-box")}/seq`, { body: of(step) });
      expect(await change(`${n("s-box")}/seq`, step, `${n("s-tie")}/seq`)).toEqual(cyclic);
      expect((await suite.api.call(`PUT actions/${n("s-inner")}?overwrite=true`, { body: of(step, step) })).status).toBe(200);
    });
  });

  describe("a run of a sequence", () => {
    let record: ActivationRecord;
    let parts: ActivationRecord[];
    beforeAll(async () => {
      await put("s-run", step, step, list);
      const { body } = await suite.api.must(`POST actions/${n("s-run")}?blocking=true`, { body: { n: 1 } });
      record = await suite.record(body.activationId as string);
      parts = await Promise.all(record.logs.map((id) => suite.record(id)));
    });

    test("hands on from each component to the next", () => expect(record.response).toMatchObject({ result: { none: { n: 3 } }, success: true, status: "success" }));
    test("has the ids of its parts as logs, in order", () => expect(parts.map(({ name }) => name)).toEqual([step, step, list]));
    test("is outermost", () => expect([annotation(record, "topmost"), record.cause, annotation(record, "causedBy")]).toEqual([true, undefined, undefined]));
    test("has its kind and its path", () => expect([annotation(record, "kind"), annotation(record, "path")]).toEqual(["sequence", `${suite.namespace}/${n("s-run")}`]));
    test("has waited, too", () => expect(annotation(record, "waitTime")).toEqual(expect.any(Number)));
    test("has the memory of its largest part as limit", () => expect(annotation(record, "limits")).toMatchObject({ memory: 192 }));
    test("has the durations of its parts together", () => expect(record.duration).toBe(parts.reduce((sum, { duration }) => sum + duration!, 0)));
    test("is the cause of its parts, and they say so", () => {
      for (const part of parts) expect([part.cause, annotation(part, "causedBy")]).toEqual([record.activationId, "sequence"]);
    });
    test("has parts that are not outermost", () => expect(parts.map((part) => annotation(part, "topmost"))).toEqual([undefined, undefined, undefined]));
    test("shows in the list of activations the cause of its parts", async () => {
      const found = ((await suite.api.must(`GET activations?name=${step}&limit=200`)).body as ActivationRecord[]).find(({ activationId }) => activationId === parts[0]!.activationId);
      expect(found!.cause).toBe(record.activationId);
    });
    test("gives its result alone if that is asked for", async () => expect((await suite.api.invoke(n("s-run"), { n: 5 })).body).toEqual({ none: { n: 7 } }));
    test("is answered 202 if nobody waits", async () => {
      const { status, body } = await suite.api.call(`POST actions/${n("s-run")}`, { body: { n: 1 } });
      expect(status).toBe(202);
      expect((await suite.record(body.activationId as string)).response.success).toBe(true);
    });
    test("ends with the first error, and is that error", async () => {
      const { status, body } = await suite.api.call(`POST actions/${n("s-run")}?blocking=true`, { body: { n: 1, fail: 2 } });
      expect([status, body.response]).toEqual([502, expect.objectContaining({ status: "application error", result: { error: "at 2" } })]);
      expect((await suite.record(body.activationId as string)).logs).toHaveLength(2);
    });
    test("takes an error in its arguments for an argument", async () => {
      await put("s-error-in", list);
      expect((await suite.api.invoke(n("s-error-in"), { error: "mine" })).body).toEqual({ none: { error: "mine" } });
    });
    test("hands an array on", async () => {
      await put("s-array", step, list);
      expect((await suite.api.invoke(n("s-array"), { n: 1, array: true })).body).toEqual({ list: [1] });
    });
    test("may end with an array", async () => {
      await put("s-array-end", step);
      expect((await suite.api.invoke(n("s-array-end"), { n: 1, array: true })).body).toEqual([1]);
    });
    test("ends with what a component's time limit says", async () => {
      await suite.api.putAction(n("s-slow"), "function main() { return new Promise(() => {}) }", { limits: { timeout: 300 } });
      await put("s-with-slow", step, n("s-slow"));
      const { status, body } = await suite.api.call(`POST actions/${n("s-with-slow")}?blocking=true`, { body: { n: 1 } });
      expect([status, body.response]).toEqual([502, expect.objectContaining({ status: "action developer error", result: { error: "The action exceeded its time limits of 300 milliseconds." } })]);
    });
    test("with a component that is gone by then ends there", async () => {
      await suite.api.putAction(n("s-gone"), "function main() {}");
      await put("s-with-gone", step, n("s-gone"));
      await suite.api.must(`DELETE actions/${n("s-gone")}`);
      const { status, body } = await suite.api.call(`POST actions/${n("s-with-gone")}?blocking=true`, { body: { n: 1 } });
      expect([status, body.response]).toEqual([502, expect.objectContaining({ status: "application error", success: false, result: { error: "Sequence component does not exist." } })]);
      expect(body.logs).toHaveLength(1);
    });
    test("through a binding names the binding, and so do its parts that were named through one", async () => {
      await suite.api.must(`PUT packages/${n("s-pack")}`, { body: {} });
      await suite.api.must(`PUT packages/${n("s-pack-tie")}`, { body: { binding: { namespace: "_", name: n("s-pack") } } });
      await suite.api.putAction(`${n("s-pack")}/act`, "function main(args) { return args }");
      await suite.api.must(`PUT actions/${n("s-pack")}/seq`, { body: of(`${n("s-pack-tie")}/act`) });
      const bound = await suite.record((await suite.api.must(`POST actions/${n("s-pack-tie")}/seq?blocking=true`, { body: {} })).body.activationId as string);
      const part = await suite.record(bound.logs[0]!);
      expect([annotation(bound, "binding"), annotation(part, "binding"), annotation(part, "path")]).toEqual([`${suite.namespace}/${n("s-pack-tie")}`, `${suite.namespace}/${n("s-pack-tie")}`, `${suite.namespace}/${n("s-pack")}/act`]);
    });
    test("runs the version of a component that there is by then", async () => {
      await suite.api.putAction(n("s-nap"), "function main(args) { return new Promise((done) => setTimeout(() => done(args), 500)) }");
      await suite.api.putAction(n("s-later"), "function main() { return { version: 1 } }");
      await put("s-with-later", n("s-nap"), n("s-later"));
      const { body } = await suite.api.must(`POST actions/${n("s-with-later")}`, { body: {} });
      await suite.api.must(`PUT actions/${n("s-later")}?overwrite=true`, { body: { annotations: [{ key: "a", value: "A" }] } });
      expect((await suite.record(body.activationId as string)).response).toMatchObject({ status: "success", result: { version: 1 } });
    });
    test("gives its components their parameters and those of their packages", async () => {
      await suite.api.must(`PUT packages/${n("s-params-box")}`, { body: { parameters: [{ key: "p", value: "P" }] } });
      await suite.api.putAction(`${n("s-params-box")}/act`, "function main(args) { return args }", { parameters: [{ key: "q", value: "Q" }] });
      await put("s-with-params", `${n("s-params-box")}/act`);
      expect((await suite.api.invoke(n("s-with-params"), { a: 1 })).body).toEqual({ a: 1, p: "P", q: "Q" });
    });
  });

  describe("a sequence in a sequence", () => {
    let outer: ActivationRecord;
    let inner: ActivationRecord;
    beforeAll(async () => {
      await put("s-in", step, step);
      await put("s-out", step, n("s-in"), step);
      outer = await suite.record((await suite.api.must(`POST actions/${n("s-out")}?blocking=true`, { body: { n: 0 } })).body.activationId as string);
      inner = await suite.record(outer.logs[1]!);
    });

    test("hands on", () => expect(outer.response.result).toEqual({ n: 4 }));
    test("has a record of its own, with its parts", () => expect([outer.logs.length, inner.name, inner.logs.length]).toEqual([3, n("s-in"), 2]));
    test("is caused by the outer one", () => expect([inner.cause, annotation(inner, "causedBy"), annotation(inner, "topmost")]).toEqual([outer.activationId, "sequence", false]));
    test("causes its own parts", async () => expect((await suite.record(inner.logs[0]!)).cause).toBe(inner.activationId));
    test("that has become too long is stopped at the limit", async () => {
      const most = suite.information.limits.sequence_length!;
      await put("s-in-grows", step);
      await put("s-out-grows", step, n("s-in-grows"), step);
      await put("s-in-grows", ...Array.from({ length: most }, () => step));
      const { status, body } = await suite.api.call(`POST actions/${n("s-out-grows")}?blocking=true`, { body: { n: 0 } });
      expect([status, body.response]).toEqual([502, expect.objectContaining({ status: "application error", result: { error: "Too many actions in the sequence." } })]);
      const record = await suite.record(body.activationId as string);
      expect([record.logs.length, (await suite.record(record.logs[1]!)).logs.length]).toEqual([2, most - 1]);
    });
  });
}
