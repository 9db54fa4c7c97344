import type { Api, Sent } from "../support/api";
import { describeWithAdmin } from "../support/needs";
import type { Suite } from "../support/suite";
import { until } from "../../support/until";

const exec = { kind: "nodejs:default", code: "function main(args) { return args }" };
const RATE = /^Too many requests in the last minute \(count: \d+, allowed: \d+\)\.$/;

/** What a namespace may that has limits of its own, and how it is told that it may not more. */
export function tenantCases(suite: Suite): void {
  describeWithAdmin(suite.target, "a namespace", () => {
    const answer = async (api: Api, line: string, sent?: Sent) => {
      const { status, body } = await api.call(line, sent);
      return { status, error: (body as { error?: string } | undefined)?.error };
    };
    const tooMany = { status: 429, error: expect.stringMatching(RATE) as string };

    test("is told its own limits instead of the system's", async () => {
      const limits = { invocationsPerMinute: 100, concurrentInvocations: 200, firesPerMinute: 300, allowedKinds: ["nodejs:default"], storeActivations: true, minActionMemory: 150, maxActionMemory: 200, minActionLogs: 3, maxActionLogs: 6, minActionTimeout: 10_000, maxActionTimeout: 20_000, maxParameterSize: "1024 B" };
      const api = await suite.tenant("l-own", limits);
      expect((await api.must("GET limits")).body).toMatchObject({ ...limits, maxActionInstances: 200, maxActionConcurrency: suite.limits.maxActionConcurrency });
    });

    test("that may not invoke is refused before it is looked whether there is such an action", async () => {
      const api = await suite.tenant("l-invoke", { invocationsPerMinute: 0 });
      await api.must("PUT actions/act", { body: { exec, annotations: [{ key: "web-export", value: true }] } });
      expect(await answer(api, "POST actions/act")).toEqual(tooMany);
      expect(await answer(api, "POST actions/none")).toEqual(tooMany);
      expect(await answer(api, "POST /api/v1/namespaces/not-mine/actions/none")).toEqual(tooMany);
      expect(await answer(api, `GET /api/v1/web/${suite.n("l-invoke")}/default/act.json`, { auth: null })).toEqual(tooMany);
    });

    test("that may not invoke is refused nothing else", async () => {
      const api = await suite.tenant("l-rest", { invocationsPerMinute: 0 });
      await api.must("PUT triggers/t", { body: {} });
      expect((await api.call("GET actions")).status).toBe(200);
      expect((await api.call("POST triggers/t")).status).toBe(204);
    });

    test("that may invoke a number of times in a minute is refused what is more", async () => {
      const api = await suite.tenant("l-some", { invocationsPerMinute: 4 });
      await api.must("PUT actions/act", { body: { exec } });
      const statuses = [];
      for (let count = 0; count < 12; count++) statuses.push((await api.call("POST actions/act")).status);
      expect(new Set(statuses)).toEqual(new Set([202, 429]));
      expect(statuses.filter((status) => status === 202).length).toBeLessThanOrEqual(8);
    });

    test("that may not fire is refused, whether there is such a trigger or not", async () => {
      const api = await suite.tenant("l-fire", { firesPerMinute: 0 });
      await api.must("PUT triggers/t", { body: {} });
      expect([await answer(api, "POST triggers/t"), await answer(api, "POST triggers/none")]).toEqual([tooMany, tooMany]);
    });

    test("that may not invoke is told so in the record of a fire", async () => {
      const api = await suite.tenant("l-rule", { invocationsPerMinute: 0 });
      await api.must("PUT triggers/t", { body: {} });
      await api.must("PUT actions/act", { body: { exec } });
      await api.must("PUT rules/r", { body: { trigger: "/_/t", action: "/_/act" } });
      const { body } = await api.must("POST triggers/t");
      const { logs } = await suite.record(body.activationId as string, api);
      expect(JSON.parse(logs[0]!)).toMatchObject({ success: false, statusCode: 1, error: expect.stringMatching(RATE) as string });
    });

    test("that may have nothing under way is refused with another message", async () => {
      const api = await suite.tenant("l-concurrent", { concurrentInvocations: 0 });
      await api.must("PUT actions/act", { body: { exec } });
      expect(await answer(api, "POST actions/act")).toEqual({ status: 429, error: expect.stringMatching(/^Too many concurrent requests in flight \(count: \d+, allowed: 0\)\.$/) as string });
    });

    test("has actions within its limits alone", async () => {
      const api = await suite.tenant("l-actions", { minActionMemory: 150, maxActionMemory: 200, minActionLogs: 3, maxActionLogs: 6, minActionTimeout: 10_000, maxActionTimeout: 20_000 });
      const put = (limits: object) => answer(api, "PUT actions/act?overwrite=true", { body: { exec, limits } });
      expect(await put({ memory: 201 })).toEqual({ status: 400, error: "memory size 201 MB exceeds allowed threshold of 200 MB" });
      expect(await put({ memory: 149 })).toEqual({ status: 400, error: "memory size 149 MB below allowed threshold of 150 MB" });
      expect(await put({ logs: 7 })).toEqual({ status: 400, error: "log size 7 MB exceeds allowed threshold of 6 MB" });
      expect(await put({ logs: 2 })).toEqual({ status: 400, error: "log size 2 MB below allowed threshold of 3 MB" });
      expect(await put({ timeout: 20_001 })).toEqual({ status: 400, error: "duration 20001 milliseconds exceeds allowed threshold of 20000 milliseconds" });
      expect(await put({ timeout: 9_999 })).toEqual({ status: 400, error: "duration 9999 milliseconds below allowed threshold of 10000 milliseconds" });
      expect((await put({ memory: 200, logs: 6, timeout: 20_000 })).status).toBe(200);
    });

    test("has its limits looked at for what is given, not for what is the standard", async () => {
      const api = await suite.tenant("l-standard", { maxActionMemory: 128 });
      expect((await api.call("PUT actions/act", { body: { exec } })).status).toBe(200);
    });

    test("has no actions of kinds that it may not have", async () => {
      const api = await suite.tenant("l-kinds", { allowedKinds: ["blackbox"] });
      const kind = (await suite.api.must(`GET actions/${suite.n("echo")}`)).body.exec.kind as string;
      expect(await answer(api, "PUT actions/act", { body: { exec } })).toEqual({ status: 403, error: `The supplied authentication is not authorized to access actions of kind '${kind}'.` });
      expect((await api.call("PUT actions/box", { body: { exec: { kind: "blackbox", image: "example/image" } } })).status).toBe(200);
    });

    test("has its own limit for the size of parameters and annotations", async () => {
      const api = await suite.tenant("l-parameters", { maxParameterSize: "100 B" });
      const big = [{ key: "k", value: "a".repeat(100) }];
      const tooBig = (field: string) => ({ status: 413, error: `${field} larger than allowed: 103 > 100 bytes.` });
      expect(await answer(api, "PUT actions/act", { body: { exec, parameters: big } })).toEqual(tooBig("parameters"));
      expect(await answer(api, "PUT packages/p", { body: { annotations: big } })).toEqual(tooBig("annotations"));
      expect(await answer(api, "PUT triggers/t", { body: { parameters: big } })).toEqual(tooBig("parameters"));
    });

    test("has its own limit for the size of arguments", async () => {
      const api = await suite.tenant("l-payload", { maxPayloadSize: "100 B" });
      await api.must("PUT actions/act", { body: { exec } });
      expect(await answer(api, "POST actions/act", { body: { a: "a".repeat(100) } })).toEqual({ status: 413, error: "Request larger than allowed: 108 > 100 bytes." });
      expect((await api.call("POST actions/act", { body: { a: "a" } })).status).toBe(202);
    });

    test("that is blocked has no valid key any more, and no web actions, until it is not", async () => {
      const name = suite.n("l-blocked");
      const api = await suite.tenant("l-blocked", {});
      await api.must("PUT actions/act", { body: { exec, annotations: [{ key: "web-export", value: true }] } });
      const web = `GET /api/v1/web/${name}/default/act.json`;
      await suite.admin(`PUT /admin/v1/namespaces/${name}`, { blocked: true });
      await until("it is blocked", async () => (await api.call("GET actions")).status === 401);
      expect(await answer(api, "GET actions")).toEqual({ status: 401, error: "The supplied authentication is invalid" });
      expect((await api.call(web, { auth: null })).status).toBe(404);
      await suite.admin(`PUT /admin/v1/namespaces/${name}`, { blocked: false });
      await until("it is not blocked any more", async () => (await api.call("GET actions")).status === 200);
      expect((await api.call(web, { auth: null })).status).toBe(200);
    });
  });
}
