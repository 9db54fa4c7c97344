import { until } from "../../support/until";
import { rows } from "../support/rows";
import type { ActivationRecord } from "../support/api";
import { annotation, type Suite } from "../support/suite";

/** Triggers as entities, and what happens when they are fired. */
export function triggerCases(suite: Suite): void {
  const { n } = suite;
  const echo = n("echo");

  describe("a trigger", () => {
    const put = (what: string) => `PUT triggers/${n(`t-${what}`)}`;
    const feed = (value: unknown) => ({ annotations: [{ key: "feed", value }] });
    const bad = "Feed name is not valid";
    rows(suite, [
      { does: "needs nothing", call: put("empty"), body: {}, status: 200, gives: { parameters: [], annotations: [], limits: {}, publish: false } },
      { does: "has all fields, and no rules", call: put("fields"), body: {}, status: 200, gives: ({ body }) => expect(Object.keys(body as object).sort()).toEqual(["annotations", "limits", "name", "namespace", "parameters", "publish", "updated", "version"]) },
      { does: "has its parameters", call: put("parameters"), body: { parameters: [{ key: "x", value: "b" }] }, status: 200, gives: { parameters: [{ key: "x", value: "b" }] } },
      { does: "keeps parameters that a change does not give", call: `${put("parameters")}?overwrite=true`, body: {}, status: 200, gives: { parameters: [{ key: "x", value: "b" }], version: "0.0.2" } },
      { does: "has its parameters replaced by those of a change", call: `${put("parameters")}?overwrite=true`, body: { parameters: [{ key: "y", value: 1 }] }, status: 200, gives: ({ body }) => expect(body.parameters).toEqual([{ key: "y", value: 1 }]) },
      { does: "may name a feed", call: put("feed"), body: feed("xyz"), status: 200, gives: feed("xyz") },
      { does: "may name a feed in a package", call: put("feed-2"), body: feed("/whisk.system/alarms/alarm"), status: 200 },
      { does: "does not name a feed that could not be one", call: put("feed-3"), body: feed("a,b"), status: 400, error: bad },
      { does: "does not name an empty feed", call: put("feed-3"), body: feed(""), status: 400, error: bad },
      { does: "does not have a number as feed", call: put("feed-3"), body: feed(1), status: 400, error: bad },
      { does: "may get a feed later", call: `${put("empty")}?overwrite=true`, body: feed("xyz"), status: 200, gives: feed("xyz") },
    ]);

    test("has its annotations replaced by those of a change", async () => {
      const name = n("t-annotations");
      await suite.api.must(`PUT triggers/${name}`, { body: { annotations: [{ key: "a", value: 1 }] } });
      expect((await suite.api.must(`PUT triggers/${name}?overwrite=true`, { body: { annotations: [{ key: "b", value: 2 }] } })).body.annotations).toEqual([{ key: "b", value: 2 }]);
    });

    test("is listed as a summary", async () => {
      const found = ((await suite.api.must("GET triggers?limit=200")).body as { name: string }[]).find(({ name }) => name === n("t-fields"))!;
      expect(Object.keys(found).sort()).toEqual(["annotations", "name", "namespace", "publish", "updated", "version"]);
    });
  });

  describe("a fire", () => {
    const [trigger, active, inactive, broken] = [n("f"), n("f-active"), n("f-inactive"), n("f-broken")];
    let answer: Awaited<ReturnType<typeof suite.api.call>>;
    let record: ActivationRecord;
    let outcomes: Record<string, { rule: string; action: string; statusCode: number; success: boolean; activationId?: string; error?: string }>;
    let run: ActivationRecord;

    beforeAll(async () => {
      await suite.api.must(`PUT triggers/${trigger}`, { body: { parameters: [{ key: "a", value: "trigger's" }, { key: "b", value: "trigger's" }] } });
      await suite.api.putAction(n("f-gone"), "function main() {}");
      for (const [name, action] of [[active, echo], [inactive, echo], [broken, n("f-gone")]] as const) await suite.api.must(`PUT rules/${name}`, { body: { trigger: `/_/${trigger}`, action: `/_/${action}` } });
      await suite.api.must(`POST rules/${inactive}`, { body: { status: "inactive" } });
      await suite.api.must(`DELETE actions/${n("f-gone")}`);
      answer = await suite.api.call(`POST triggers/${trigger}`, { body: { b: "mine", c: 1 }, headers: { "x-custom": "yes" } });
      record = await suite.record(answer.body.activationId as string);
      outcomes = Object.fromEntries(record.logs.map((line) => JSON.parse(line) as { rule: string }).map((each) => [each.rule.split("/")[1]!, each])) as typeof outcomes;
      run = await suite.record(outcomes[active]!.activationId!);
    });

    test("is answered 202 with its id", () => expect([answer.status, answer.body]).toEqual([202, { activationId: expect.stringMatching(/^[0-9a-f]{32}$/) as string }]));
    test("is answered with its id in a header, too", () => expect(answer.headers["x-openwhisk-activation-id"]).toBe(answer.body.activationId));
    test("is recorded under the trigger's name and version", () => expect([record.name, record.version, record.namespace]).toEqual([trigger, "0.0.1", suite.namespace]));
    test("is recorded with what it was fired with, without the trigger's parameters", () => expect(record.response).toMatchObject({ result: { b: "mine", c: 1 }, status: "success", success: true }));
    test("has no end and no duration", () => expect([record.end, record.duration]).toEqual([undefined, undefined]));
    test("has no annotations", () => expect(record.annotations).toEqual([]));
    test("logs the outcome of each rule", () => expect(record.logs).toHaveLength(3));
    test("logs of an active rule what it ran", () => {
      expect(outcomes[active]).toEqual({ statusCode: 0, success: true, activationId: expect.stringMatching(/^[0-9a-f]{32}$/) as string, rule: `${suite.namespace}/${active}`, action: `${suite.namespace}/${echo}` });
    });
    test("logs of an inactive rule that nothing was run", () => {
      const [rule, action] = [`${suite.namespace}/${inactive}`, `${suite.namespace}/${echo}`];
      expect(outcomes[inactive]).toEqual({ statusCode: 1, success: false, error: `Rule '${rule}' is inactive, action '${action}' was not activated.`, rule, action });
    });
    test("logs of a rule whose action is gone that it is", () => {
      expect(outcomes[broken]).toEqual({ statusCode: 1, success: false, error: "The requested resource does not exist.", rule: `${suite.namespace}/${broken}`, action: `${suite.namespace}/${n("f-gone")}` });
    });
    test("gives the action the trigger's parameters below its own", () => expect(run.response.result).toMatchObject({ a: "trigger's", b: "mine", c: 1 }));
    test("gives the action the headers of the call", () => expect((run.response.result as { __ow_headers: object }).__ow_headers).toMatchObject({ "x-custom": "yes" }));
    test("is not the cause of what it ran", () => expect(run.cause).toBeUndefined());
    test("is in the list under the trigger's name, without an end", async () => {
      const [listed] = (await suite.api.must(`GET activations?name=${trigger}`)).body as (ActivationRecord & { statusCode?: number })[];
      expect([listed!.activationId, listed!.end, listed!.duration, listed!.statusCode]).toEqual([record.activationId, undefined, undefined, undefined]);
    });
    test("has a result of its own to be asked for", async () => {
      expect((await suite.api.must(`GET activations/${record.activationId}/result`)).body).toMatchObject({ result: { b: "mine", c: 1 }, success: true, status: "success" });
    });

    rows(suite, [
      { does: "without a body is recorded with nothing", call: `POST triggers/${trigger}`, status: 202 },
      { does: "of a trigger that does not exist is not found", call: `POST triggers/${n("none")}`, status: 404, error: "The requested resource does not exist." },
      { does: "of what is no trigger is a conflict", call: `POST triggers/${echo}`, status: 409, error: "Resource by this name exists but is not in this collection." },
    ]);

    test("without an active rule is answered 204, and not recorded", async () => {
      const name = n("f-none");
      await suite.api.must(`PUT triggers/${name}`, { body: {} });
      const { status, text } = await suite.api.call(`POST triggers/${name}`, { body: {} });
      expect([status, text]).toEqual([204, ""]);
      await suite.api.must(`PUT rules/${name}-rule`, { body: { trigger: `/_/${name}`, action: `/_/${echo}` } });
      await suite.api.must(`POST rules/${name}-rule`, { body: { status: "inactive" } });
      expect((await suite.api.call(`POST triggers/${name}`, { body: {} })).status).toBe(204);
      expect((await suite.api.must(`GET activations?name=${name}`)).body).toEqual([]);
    });

    test("runs each of several actions, one in a package and one through a binding", async () => {
      const [several, box, tie] = [n("f-several"), n("f-box"), n("f-tie")];
      await suite.api.must(`PUT triggers/${several}`, { body: {} });
      await suite.api.must(`PUT packages/${box}`, { body: { parameters: [{ key: "p", value: "P" }] } });
      await suite.api.must(`PUT packages/${tie}`, { body: { binding: { namespace: "_", name: box }, parameters: [{ key: "t", value: "T" }] } });
      await suite.api.putAction(`${box}/act`, "function main(args) { return args }");
      for (const [name, action] of [["1", echo], ["2", `${box}/act`], ["3", `${tie}/act`]] as const) await suite.api.must(`PUT rules/${several}-${name}`, { body: { trigger: `/_/${several}`, action: `/_/${action}` } });
      const fired = await suite.record((await suite.api.must(`POST triggers/${several}`, { body: { n: 1 } })).body.activationId as string);
      const ids = fired.logs.map((line) => (JSON.parse(line) as { activationId: string }).activationId);
      const records = await Promise.all(ids.map((id) => suite.record(id)));
      const results = records.map(({ response }) => Object.keys(response.result as object).filter((key) => !key.startsWith("__")).sort());
      expect(results.sort()).toEqual([["n"], ["n", "p"], ["n", "p", "t"]].sort());
      expect(records.map((each) => annotation(each, "binding")).filter(Boolean)).toEqual([`${suite.namespace}/${tie}`]);
    });

    test("reaches a sequence with the trigger's parameters", async () => {
      const name = n("f-sequence");
      await suite.api.must(`PUT triggers/${name}`, { body: { parameters: [{ key: "payload", value: "trigger's" }] } });
      await suite.api.must(`PUT actions/${name}-seq`, { body: { exec: { kind: "sequence", components: [`/_/${echo}`] } } });
      await suite.api.must(`PUT rules/${name}-rule`, { body: { trigger: `/_/${name}`, action: `/_/${name}-seq` } });
      const fired = await suite.record((await suite.api.must(`POST triggers/${name}`, {})).body.activationId as string);
      const { activationId } = JSON.parse(fired.logs[0]!) as { activationId: string };
      const record = await until("the record of the sequence", async () => suite.record(activationId));
      expect(record.response.result).toMatchObject({ payload: "trigger's" });
      expect([record.name, record.cause]).toEqual([`${name}-seq`, undefined]);
    });
  });
}
