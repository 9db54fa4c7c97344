import type { ActivationRecord } from "../support/api";
import { annotation, type Suite } from "../support/suite";

/** Gives what its arguments say: which action is next, with which arguments and state. */
const CONDUCTOR = `function main(args) {
  if (args.error) return args;
  const { action, state, params, ...rest } = args;
  return { action, state, params: { ...rest, ...params } };
}`;

/** Compositions: actions that say at each step what is to run next. */
export function conductorCases(suite: Suite): void {
  const { n } = suite;
  const [conductor, step, plain] = [n("k-conductor"), n("k-step"), n("k-plain")];
  const annotations = [{ key: "conductor", value: true }];

  /** A run's record, and those of what it ran. */
  const run = async (name: string, args: object) => {
    const { status, body } = await suite.api.call(`POST actions/${name}?blocking=true`, { body: args });
    const record = await suite.record(body.activationId as string);
    return { status, record, parts: await Promise.all(record.logs.map((id) => suite.record(id))) };
  };

  beforeAll(async () => {
    await suite.api.putAction(conductor, CONDUCTOR, { annotations, limits: { memory: 128 } });
    await suite.api.putAction(plain, "function main(args) { return args }", { annotations, limits: { memory: 128 } });
    await suite.api.putAction(step, "function main({ n }) { return n === undefined ? { error: 'missing parameter' } : { n: n + 1 } }", { limits: { memory: 192 } });
    await suite.api.must(`PUT actions/${n("k-sequence")}`, { body: { exec: { kind: "sequence", components: [`/_/${step}`, `/_/${step}`] } } });
  });

  describe("a conductor that names no action", () => {
    test("gives its result", async () => {
      const { status, record } = await run(plain, { payload: "a", state: "b" });
      expect([status, record.response]).toEqual([200, expect.objectContaining({ status: "success", result: { payload: "a", state: "b" } })]);
    });
    test("has run once, and its record says so", async () => expect((await run(plain, { payload: "a" })).parts.map(({ name }) => name)).toEqual([plain]));
    test("gives its params alone if it has some", async () => expect((await run(plain, { params: { payload: "a" }, result: "b", state: "c" })).record.response.result).toEqual({ payload: "a" }));
    test("gives params that are no object as a value", async () => expect((await run(plain, { params: 7 })).record.response.result).toEqual({ value: 7 }));
    test("gives an error as an application error", async () => {
      const { status, record } = await run(plain, { error: "mine" });
      expect([status, record.response]).toEqual([502, expect.objectContaining({ status: "application error", result: { error: "mine" } })]);
    });
    test("gives its result alone if that is asked for", async () => expect((await suite.api.invoke(plain, { params: { a: 1 } })).body).toEqual({ a: 1 }));
  });

  describe("a conductor that names an action", () => {
    let done: { status: number; record: ActivationRecord; parts: ActivationRecord[] };
    beforeAll(async () => {
      done = await run(conductor, { action: step, n: 1 });
    });

    test("has it run, and is called with what it gave", () => {
      expect([done.status, done.record.response.result]).toEqual([200, { n: 2 }]);
      expect(done.parts.map(({ name }) => name)).toEqual([conductor, step, conductor]);
    });
    test("is recorded as a sequence that conducts", () => {
      expect(["kind", "conductor", "topmost", "causedBy"].map((key) => annotation(done.record, key))).toEqual(["sequence", true, true, undefined]);
    });
    test("has the path of its action", () => expect(annotation(done.record, "path")).toBe(`${suite.namespace}/${conductor}`));
    test("has waited", () => expect(annotation(done.record, "waitTime")).toEqual(expect.any(Number)));
    test("has the memory of the largest as limit", () => expect(annotation(done.record, "limits")).toMatchObject({ memory: 192 }));
    test("has the durations of all together", () => expect(done.record.duration).toBe(done.parts.reduce((sum, { duration }) => sum + duration!, 0)));
    test("is the cause of all that ran", () => {
      for (const part of done.parts) expect([part.cause, annotation(part, "causedBy")]).toEqual([done.record.activationId, "sequence"]);
    });
    test("has records of its own runs under its name, of the kind of its code", () => expect(annotation(done.parts[0]!, "kind")).toMatch(/^nodejs:/));
    test("is called with the error of what it named", async () => {
      const { record, parts } = await run(conductor, { action: step });
      expect([record.response.status, record.response.result, parts.length]).toEqual(["application error", { error: "missing parameter" }, 3]);
    });
    test("gets its state back with the result", async () => expect((await run(conductor, { action: step, state: { witness: 42 }, n: 1 })).record.response.result).toEqual({ n: 2, witness: 42 }));
    test("may name the next by its state", async () => {
      const { record, parts } = await run(conductor, { action: step, state: { action: step }, n: 1 });
      expect([record.response.result, parts.length]).toEqual([{ n: 3 }, 5]);
    });
    test("may name it with its namespace", async () => expect((await run(conductor, { action: `/_/${step}`, n: 1 })).record.response.result).toEqual({ n: 2 }));
    test("may name it with the namespace's name", async () => expect((await run(conductor, { action: `/${suite.namespace}/${step}`, n: 1 })).record.response.result).toEqual({ n: 2 }));
    test("may name a sequence", async () => {
      const { record, parts } = await run(conductor, { action: n("k-sequence"), n: 1 });
      expect([record.response.result, parts.map(({ name }) => name)]).toEqual([{ n: 3 }, [conductor, n("k-sequence"), conductor]]);
    });
    test("may name a conductor, whose record is within", async () => {
      const { record, parts } = await run(conductor, { action: conductor, params: { action: step }, n: 1 });
      expect([record.response.result, parts.length]).toEqual([{ n: 2 }, 3]);
      expect([parts[1]!.logs.length, annotation(parts[1]!, "topmost"), parts[1]!.cause]).toEqual([3, false, record.activationId]);
    });
    test("goes on after a conductor within", async () => {
      const { record, parts } = await run(conductor, { action: conductor, state: { action: step }, params: { action: step }, n: 1 });
      expect([record.response.result, parts.length]).toEqual([{ n: 3 }, 5]);
    });
    test("gets the parameters of its package for what it names there", async () => {
      await suite.api.must(`PUT packages/${n("k-box")}`, { body: { parameters: [{ key: "p", value: "P" }] } });
      await suite.api.putAction(`${n("k-box")}/act`, "function main(args) { return args }");
      expect((await run(conductor, { action: `${n("k-box")}/act`, n: 1 })).record.response.result).toEqual({ n: 1, p: "P" });
    });
  });

  describe("a conductor that names what cannot be run", () => {
    const failure = async (action: unknown) => {
      const { status, record, parts } = await run(conductor, { action });
      return { status, kind: record.response.status, error: (record.response.result as { error: string }).error, runs: parts.length };
    };
    test("is called with an error that says that it is no name", async () => {
      expect(await failure("invalid#Action")).toEqual({ status: 502, kind: "application error", error: 'Failed to parse action name from json value "invalid#Action" during composition.', runs: 2 });
    });
    test("is called with an error if it is no text", async () => expect((await failure(7)).error).toBe("Failed to parse action name from json value 7 during composition."));
    test("is called with an error that says that there is no such action", async () => {
      expect(await failure(n("none"))).toEqual({ status: 502, kind: "application error", error: `Failed to resolve action with name '${suite.namespace}/${n("none")}' during composition.`, runs: 2 });
    });
    test("is called with an error that says that it may not", async () => expect((await failure("/not-mine/act")).error).toBe("Failed entitlement check for action with name 'not-mine/act' during composition."));
    test("is stopped when it has run too much", async () => {
      await suite.api.putAction(n("k-endless"), `function main(args) { return args.error ? args : { action: "${step}", params: { n: 1 } } }`, { annotations });
      const { status, record, parts } = await run(n("k-endless"), {});
      const most = suite.information.limits.sequence_length!;
      expect([status, record.response.result]).toEqual([502, { error: "Too many actions in the composition." }]);
      expect(parts.filter(({ name }) => name === step)).toHaveLength(most);
    });
  });

  describe("a conductor elsewhere", () => {
    test("may be a component of a sequence", async () => {
      await suite.api.must(`PUT actions/${n("k-in-sequence")}`, { body: { exec: { kind: "sequence", components: [`/_/${conductor}`, `/_/${step}`] } } });
      const { record, parts } = await run(n("k-in-sequence"), { action: step, n: 1 });
      expect([record.response.result, parts.map(({ name }) => name)]).toEqual([{ n: 3 }, [conductor, step]]);
      expect([parts[0]!.cause, annotation(parts[0]!, "topmost"), annotation(parts[0]!, "causedBy")]).toEqual([record.activationId, false, "sequence"]);
    });
    test("through a binding names the binding", async () => {
      await suite.api.must(`PUT packages/${n("k-pack")}`, { body: {} });
      await suite.api.must(`PUT packages/${n("k-tie")}`, { body: { binding: { namespace: "_", name: n("k-pack") } } });
      await suite.api.putAction(`${n("k-pack")}/act`, CONDUCTOR, { annotations });
      const { record } = await run(`${n("k-tie")}/act`, { a: 1 });
      expect([record.response.result, annotation(record, "binding")]).toEqual([{ a: 1 }, `${suite.namespace}/${n("k-tie")}`]);
    });
    test("is answered 202 if nobody waits, and recorded in the end", async () => {
      const { status, body } = await suite.api.call(`POST actions/${conductor}`, { body: { action: step, n: 1 } });
      expect(status).toBe(202);
      expect((await suite.record(body.activationId as string)).response.result).toEqual({ n: 2 });
    });
    test("is one also if its annotation is any true value", async () => {
      await suite.api.putAction(n("k-truthy"), CONDUCTOR, { annotations: [{ key: "conductor", value: 1 }] });
      expect((await suite.api.invoke(n("k-truthy"), { action: step, n: 1 })).body).toEqual({ n: 2 });
    });
    test("is none if its annotation is false", async () => {
      await suite.api.putAction(n("k-false"), CONDUCTOR, { annotations: [{ key: "conductor", value: false }] });
      expect((await suite.api.invoke(n("k-false"), { action: step, n: 1 })).body).toEqual({ action: step, params: { n: 1 } });
    });
  });
}
