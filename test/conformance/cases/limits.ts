import { type Row, rows } from "../support/rows";
import type { Suite } from "../support/suite";

const exec = { kind: "nodejs:default", code: "function main() { return {} }" };
const MEGABYTE = 1_048_576;

/** Limits of namespaces and of actions, and of sizes. */
export function limitCases(suite: Suite): void {
  const { n } = suite;

  describe("the limits of a namespace", () => {
    const names = ["invocationsPerMinute", "concurrentInvocations", "firesPerMinute", "minActionMemory", "maxActionMemory", "minActionLogs", "maxActionLogs", "minActionTimeout", "maxActionTimeout", "minActionConcurrency", "maxActionConcurrency", "maxActionInstances"];
    test.each(names)("tell %s", (name) => expect(suite.limits[name]).toEqual(expect.any(Number)));
    test("tell how large parameters may be", () => expect(suite.limits.maxParameterSize).toBe("1048576 B"));
    test("are those of the system unless it has its own", () => {
      const { actions_per_minute: invocationsPerMinute, triggers_per_minute: firesPerMinute, concurrent_actions: concurrentInvocations } = suite.information.limits;
      expect(suite.limits).toMatchObject({ invocationsPerMinute, firesPerMinute, concurrentInvocations });
    });
    test("tell memory and logs in megabytes", () => {
      expect(suite.limits.maxActionMemory! * MEGABYTE).toBe(suite.information.limits.max_action_memory);
      expect(suite.limits.maxActionLogs! * MEGABYTE).toBe(suite.information.limits.max_action_logs);
    });
    test("allow as many instances of an action as concurrent invocations", () => expect(suite.limits.maxActionInstances).toBe(suite.limits.concurrentInvocations));

    rows(suite, [
      { does: "may be asked for with a trailing slash", call: "GET limits/", status: 200, gives: { maxParameterSize: "1048576 B" } },
      { does: "may be asked for by the namespace's name", call: "GET /api/v1/namespaces/{ns}/limits", status: 200, gives: { maxParameterSize: "1048576 B" } },
      { does: "cannot be asked for one by one", call: "GET limits/memory", status: 400, error: "Inner entity level routes for limits are not yet implemented." },
    ]);
  });

  describe("the limits of an action:", () => {
    const put = (does: string, limits: object, more: Partial<Row> & { status: number }): Row => ({ does, call: `PUT actions/${n("limited")}?overwrite=true`, body: { exec, limits }, ...more });
    rows(suite, [
      put("all may be given", { timeout: 30_000, memory: 128, logs: 5, concurrency: 1 }, { status: 200, gives: { limits: { timeout: 30_000, memory: 128, logs: 5, concurrency: 1 } } }),
      put("the least", { timeout: 100, memory: 128, logs: 0 }, { status: 200, gives: { limits: { timeout: 100, memory: 128, logs: 0 } } }),
      put("the most", { timeout: 300_000, memory: 512, logs: 10 }, { status: 200, gives: { limits: { timeout: 300_000, memory: 512, logs: 10 } } }),
      put("a whole number for the memory", { memory: 128.5 }, { status: 400, error: /^The request content was malformed:\n.*memory limit must be whole number$/ }),
      put("a whole number for the time", { timeout: 1000.5 }, { status: 400, error: /^The request content was malformed:\n.*time limit must be whole number$/ }),
      put("a whole number for the logs", { logs: 1.5 }, { status: 400, error: /^The request content was malformed:\n.*log limit must be whole number$/ }),
      put("a whole number for the concurrency", { concurrency: 1.5 }, { status: 400, error: /^The request content was malformed:\n.*intra concurrency limit must be whole number$/ }),
      put("a number for the memory", { memory: "256" }, { status: 400, error: /^The request content was malformed:\n.*memory limit malformed$/ }),
      put("a number for the time", { timeout: "60000" }, { status: 400, error: /^The request content was malformed:\n.*time limit malformed$/ }),
      put("a number for the logs", { logs: "1" }, { status: 400, error: /^The request content was malformed:\n.*log limit malformed$/ }),
      put("a number for the concurrency", { concurrency: true }, { status: 400, error: /^The request content was malformed:\n.*concurrency limit malformed$/ }),
      put("an object", [] as unknown as object, { status: 400, error: /^The request content was malformed:\n/ }),
      put("instances of at least none", { instances: -1 }, { status: 400, error: /Action container concurrency must be greater than or equal to 0\.$/ }),
      put("instances, if they are given", { instances: 1 }, { status: 200, gives: { limits: { instances: 1 } } }),
    ]);

    // What the server's limits are is known only when it runs.
    const beyond: [string, string, (limits: Record<string, number>) => { is: number; limit: number }, (is: number, limit: number) => string][] = [
      ["memory above the most", "memory", ({ maxActionMemory }) => ({ is: maxActionMemory! + 1, limit: maxActionMemory! }), (is, limit) => `memory size ${is} MB exceeds allowed threshold of ${limit} MB`],
      ["memory far above the most", "memory", ({ maxActionMemory }) => ({ is: maxActionMemory! * 5, limit: maxActionMemory! }), (is, limit) => `memory size ${is} MB exceeds allowed threshold of ${limit} MB`],
      ["memory below the least", "memory", ({ minActionMemory }) => ({ is: minActionMemory! - 1, limit: minActionMemory! }), (is, limit) => `memory size ${is} MB below allowed threshold of ${limit} MB`],
      ["no memory", "memory", ({ minActionMemory }) => ({ is: 0, limit: minActionMemory! }), (is, limit) => `memory size ${is} MB below allowed threshold of ${limit} MB`],
      ["logs above the most", "logs", ({ maxActionLogs }) => ({ is: maxActionLogs! + 1, limit: maxActionLogs! }), (is, limit) => `log size ${is} MB exceeds allowed threshold of ${limit} MB`],
      ["time above the most", "timeout", ({ maxActionTimeout }) => ({ is: maxActionTimeout! + 1, limit: maxActionTimeout! }), (is, limit) => `duration ${is} milliseconds exceeds allowed threshold of ${limit} milliseconds`],
      ["time below the least", "timeout", ({ minActionTimeout }) => ({ is: minActionTimeout! - 1, limit: minActionTimeout! }), (is, limit) => `duration ${is} milliseconds below allowed threshold of ${limit} milliseconds`],
      ["no time", "timeout", ({ minActionTimeout }) => ({ is: 0, limit: minActionTimeout! }), (is, limit) => `duration ${is} milliseconds below allowed threshold of ${limit} milliseconds`],
      ["concurrency above the most", "concurrency", ({ maxActionConcurrency }) => ({ is: maxActionConcurrency! + 1, limit: maxActionConcurrency! }), (is, limit) => `concurrency ${is} exceeds allowed threshold of ${limit}`],
      ["concurrency below the least", "concurrency", ({ minActionConcurrency }) => ({ is: minActionConcurrency! - 1, limit: minActionConcurrency! }), (is, limit) => `concurrency ${is} below allowed threshold of ${limit}`],
    ];
    test.each(beyond)("%s is refused", async (_does, field, value, message) => {
      const { is, limit } = value(suite.limits);
      const { status, body } = await suite.api.call(`PUT actions/${n("limited")}?overwrite=true`, { body: { exec, limits: { [field]: is } } });
      expect([status, body.error]).toEqual([400, message(is, limit)]);
    });

    test("more instances than the namespace may have are refused", async () => {
      const most = suite.limits.concurrentInvocations!;
      // What stands for no limit cannot be exceeded.
      if (most === 2 ** 31 - 1) return;
      const { status, body } = await suite.api.call(`PUT actions/${n("limited")}?overwrite=true`, { body: { exec, limits: { instances: most + 1 } } });
      expect([status, body.error]).toEqual([400, `Max action instance concurrency must not exceed your namespace concurrency of ${most}.`]);
    });
  });

  describe("too large:", () => {
    const big = [{ key: "k", value: "a".repeat(MEGABYTE) }];
    const tooBig = (field: string) => `${field} larger than allowed: ${MEGABYTE + 3} > ${MEGABYTE} bytes.`;
    rows(suite, [
      { does: "parameters of an action", call: `PUT actions/${n("big")}`, body: { exec, parameters: big }, status: 413, error: tooBig("parameters") },
      { does: "annotations of an action", call: `PUT actions/${n("big")}`, body: { exec, annotations: big }, status: 413, error: tooBig("annotations") },
      { does: "parameters of a package", call: `PUT packages/${n("big")}`, body: { parameters: big }, status: 413, error: tooBig("parameters") },
      { does: "annotations of a package", call: `PUT packages/${n("big")}`, body: { annotations: big }, status: 413, error: tooBig("annotations") },
      { does: "parameters of a trigger", call: `PUT triggers/${n("big")}`, body: { parameters: big }, status: 413, error: tooBig("parameters") },
      { does: "annotations of a trigger", call: `PUT triggers/${n("big")}`, body: { annotations: big }, status: 413, error: tooBig("annotations") },
      { does: "annotations of a rule", call: `PUT rules/${n("big")}`, body: { annotations: big }, status: 413, error: tooBig("annotations") },
      { does: "the arguments of an action", call: `POST actions/${n("echo")}`, body: { a: "a".repeat(MEGABYTE) }, status: 413, error: `Request larger than allowed: ${MEGABYTE + 8} > ${MEGABYTE} bytes.` },
      { does: "the arguments of an action that does not exist", call: `POST actions/${n("none")}`, body: { a: "a".repeat(MEGABYTE) }, status: 413, error: `Request larger than allowed: ${MEGABYTE + 8} > ${MEGABYTE} bytes.` },
      { does: "what a trigger is fired with", call: `POST triggers/${n("none")}`, body: { a: "a".repeat(MEGABYTE) }, status: 413, error: `Request larger than allowed: ${MEGABYTE + 8} > ${MEGABYTE} bytes.` },
    ]);

    test("code of more than 48 MB", async () => {
      const { status, body } = await suite.api.call(`PUT actions/${n("big")}`, { body: { exec: { ...exec, code: "a".repeat(48 * MEGABYTE + 1) } } });
      expect([status, body.error]).toEqual([413, `exec larger than allowed: ${48 * MEGABYTE + 1} > ${48 * MEGABYTE} bytes.`]);
    });

    test("parameters and arguments up to 1 MB are not", async () => {
      const parameters = [{ key: "k", value: "a".repeat(MEGABYTE - 100) }];
      expect((await suite.api.call(`PUT packages/${n("full")}`, { body: { parameters } })).status).toBe(200);
      const payload = { p: "a".repeat(MEGABYTE - 750) };
      expect((await suite.api.invoke(n("echo"), payload)).body).toEqual(payload);
    });
  });
}
