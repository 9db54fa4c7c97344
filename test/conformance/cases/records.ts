import type { ActivationRecord } from "../support/api";
import { rows } from "../support/rows";
import { annotation, type Suite } from "../support/suite";

const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z +(stdout|stderr): .*$/;
const CODE = `function main({ lines = [], times = 1, fail }) {
  for (let time = 0; time < times; time++) for (const line of lines) console.log(line);
  if (fail) console.error("to stderr");
  return fail ? { error: fail } : { count: lines.length };
}`;

/** Activation records: their fields, the ways to read and to find them. */
export function recordCases(suite: Suite): void {
  const { n } = suite;
  const [name, box, tie] = [n("rec"), n("rec-box"), n("rec-tie")];
  let answer: ActivationRecord;
  let record: ActivationRecord;
  let failed: ActivationRecord;

  beforeAll(async () => {
    await suite.api.putAction(name, CODE, { version: "1.2.3", limits: { timeout: 10_000, memory: 128, logs: 1 } });
    await suite.api.must(`PUT packages/${box}`, { body: {} });
    await suite.api.must(`PUT packages/${tie}`, { body: { binding: { namespace: "_", name: box } } });
    await suite.api.putAction(`${box}/act`, CODE);
    answer = await suite.api.run(name, { lines: ["one", "two"] });
    record = await suite.record(answer.activationId);
    failed = await suite.record((await suite.api.run(name, { fail: "mine" })).activationId);
  });

  describe("a record", () => {
    test("has all fields", () => expect(Object.keys(record).sort()).toEqual(["activationId", "annotations", "duration", "end", "logs", "name", "namespace", "publish", "response", "start", "subject", "version"]));
    test("names what ran and whose it is", () => expect(record).toMatchObject({ name, namespace: suite.namespace, version: "1.2.3", publish: false, subject: expect.any(String) as string }));
    test("has its times in milliseconds", () => expect([record.end! >= record.start, record.start > Date.now() - 600_000, record.duration! >= 0]).toEqual([true, true, true]));
    test("has the result and its status in words", () => expect(record.response).toMatchObject({ result: { count: 2 }, status: "success", success: true }));
    test("has no number for its status", () => expect(record.response).not.toHaveProperty("statusCode"));
    test("has the size of the result", () => expect(record.response.size).toBe(Buffer.byteLength('{"count":2}')));
    test("of an error says so", () => expect(failed.response).toMatchObject({ result: { error: "mine" }, status: "application error", success: false }));
    test("has the path of the action", () => expect(annotation(record, "path")).toBe(`${suite.namespace}/${name}`));
    test("has the kind of the action", () => expect(annotation(record, "kind")).toMatch(/^nodejs:\d+$/));
    test("has the limits of the action", () => expect(annotation(record, "limits")).toMatchObject({ timeout: 10_000, memory: 128, logs: 1, concurrency: 1 }));
    test("says that it was in time", () => expect(annotation(record, "timeout")).toBe(false));
    test("tells how long it waited", () => expect(annotation(record, "waitTime")).toEqual(expect.any(Number)));
    test("tells of a first run how long the initialisation took", () => expect(annotation(record, "initTime")).toEqual(expect.any(Number)));
    test("of a later run has no initialisation", async () => {
      const runs = [];
      for (let run = 0; run < 3; run++) runs.push(await suite.api.run(n("echo")));
      expect(runs.some((each) => annotation(each, "initTime") === undefined)).toBe(true);
    });
    test("names a binding only if there was one", async () => {
      const through = await suite.api.run(`${tie}/act`);
      expect([annotation(through, "path"), annotation(through, "binding")]).toEqual([`${suite.namespace}/${box}/act`, `${suite.namespace}/${tie}`]);
      expect([annotation(await suite.api.run(`${box}/act`), "binding"), annotation(record, "binding")]).toEqual([undefined, undefined]);
    });
    test("has no cause", () => expect([record.cause, annotation(record, "causedBy")]).toEqual([undefined, undefined]));
    test("has the lines of the log with time and stream", () => {
      expect(record.logs).toHaveLength(2);
      for (const line of record.logs) expect(line).toMatch(LINE);
      expect(record.logs.map((line) => line.replace(/^.*?(stdout|stderr): /, "$1: "))).toEqual(["stdout: one", "stdout: two"]);
    });
    test("has what went to stderr", () => expect(failed.logs.join("\n")).toMatch(/stderr: to stderr/));
    test("is what the blocking call was answered, but for the logs", () => {
      const { logs, ...rest } = answer;
      const { logs: _logs, ...stored } = record;
      expect([rest, logs]).toEqual([stored, []]);
    });
    test("has no more log than its limit allows, and says so", async () => {
      const { activationId } = await suite.api.run(name, { lines: ["x".repeat(1000)], times: 1200 });
      const { logs } = await suite.record(activationId);
      expect(logs.at(-1)).toContain("Logs were truncated because the total bytes size exceeds the limit of 1048576 bytes.");
      expect(Buffer.byteLength(logs.join(""))).toBeLessThan(1_300_000);
    });
    test("has no log if its limit is none", async () => {
      await suite.api.putAction(n("rec-silent"), CODE, { limits: { logs: 0 } });
      const { activationId } = await suite.api.run(n("rec-silent"), { lines: ["one"] });
      const { logs, response } = await suite.record(activationId);
      expect(response.success).toBe(true);
      expect(logs.join("\n")).not.toMatch(/stdout: one/);
    });
  });

  describe("an activation", () => {
    const missing = "The requested resource does not exist.";
    const zeros = "0".repeat(32);
    rows(suite, [
      { does: "that does not exist is not found", call: `GET activations/${zeros}`, status: 404, error: missing },
      { does: "that does not exist has no logs", call: `GET activations/${zeros}/logs`, status: 404, error: missing },
      { does: "that does not exist has no result", call: `GET activations/${zeros}/result`, status: 404, error: missing },
      { does: "has an id of 32 characters, not less", call: `GET activations/${"0".repeat(31)}`, status: 400, error: "Activation id length is 31 but must be 32." },
      { does: "has an id of 32 characters, not more", call: `GET activations/${"0".repeat(33)}`, status: 400, error: "Activation id length is 33 but must be 32." },
      { does: "has an id of hexadecimal digits", call: `GET activations/${"z".repeat(32)}`, status: 400, error: "The activation id is not valid." },
      { does: "has an id of small letters", call: `GET activations/${"A".repeat(32)}`, status: 400, error: "The activation id is not valid." },
    ]);

    test("has its result apart", async () => {
      const { body } = await suite.api.must(`GET activations/${record.activationId}/result`);
      expect(body).toMatchObject({ result: { count: 2 }, status: "success", success: true });
      expect(body).not.toHaveProperty("statusCode");
    });
    test("has the result of an error apart, too", async () => expect((await suite.api.must(`GET activations/${failed.activationId}/result`)).body).toMatchObject({ result: { error: "mine" }, status: "application error", success: false }));
    test("has its logs apart", async () => expect((await suite.api.must(`GET activations/${record.activationId}/logs`)).body).toEqual({ logs: record.logs }));
    test("is got with a slash after its id, too", async () => expect((await suite.api.must(`GET activations/${record.activationId}/`)).body.activationId).toBe(record.activationId));
    test("is got by the namespace's name, too", async () => expect((await suite.api.must(`GET /api/v1/namespaces/${suite.namespace}/activations/${record.activationId}`)).body.activationId).toBe(record.activationId));
    test("has nothing else below it", async () => expect((await suite.api.call(`GET activations/${record.activationId}/bogus`)).status).toBe(404));
  });

  describe("the list of activations", () => {
    const list = async (query: string) => (await suite.api.must(`GET activations?${query}`)).body as (ActivationRecord & { statusCode?: number })[];
    const badName = (value: string) => `The query parameter 'name' was malformed:\nParameter may be a 'simple' name or 'package-name/simple' name: ${value}`;

    test("has summaries", async () => {
      const found = (await list(`name=${name}&limit=200`)).find(({ activationId }) => activationId === record.activationId)!;
      expect(Object.keys(found).sort()).toEqual(["activationId", "annotations", "duration", "end", "name", "namespace", "publish", "start", "statusCode", "version"]);
      expect(found).toMatchObject({ statusCode: 0, duration: record.duration, start: record.start, end: record.end });
    });
    test("has the status of each as a number", async () => expect((await list(`name=${name}&limit=200`)).find(({ activationId }) => activationId === failed.activationId)!.statusCode).toBe(1));
    test("has full records if they are asked for", async () => {
      const found = (await list(`name=${name}&docs=true&limit=200`)).find(({ activationId }) => activationId === record.activationId)!;
      expect(found).toEqual(record);
    });
    test("begins with what started last", async () => {
      const starts = (await list("limit=50")).map(({ start }) => start);
      expect(starts).toEqual([...starts].sort((a, b) => b - a));
    });
    test("has those of one name", async () => expect(new Set((await list(`name=${name}`)).map((each) => each.name))).toEqual(new Set([name])));
    test("counts those of one name", async () => {
      const count = (await suite.api.must(`GET activations?name=${name}&count=true`)).body as { activations: number };
      expect(count.activations).toBe((await list(`name=${name}&limit=200`)).length);
    });
    test("has those of an action in a package", async () => {
      const { activationId } = await suite.api.run(`${box}/act`);
      await suite.record(activationId);
      expect((await list(`name=${box}/act`)).map((each) => each.activationId)).toContain(activationId);
    });
    test("has those through a binding under the binding's name", async () => {
      const { activationId } = await suite.api.run(`${tie}/act`);
      await suite.record(activationId);
      expect((await list(`name=${tie}/act`)).map((each) => each.activationId)).toContain(activationId);
    });
    test("has none of a name that nothing has", async () => expect(await list(`name=${n("none")}`)).toEqual([]));
    test("takes an empty name for all", async () => expect((await list("name=")).length).toBeGreaterThan(0));
    test("has those since a time, and that time is within", async () => {
      const ids = (await list(`name=${name}&since=${record.start}&limit=200`)).map((each) => each.activationId);
      expect(ids).toContain(record.activationId);
      expect((await list(`name=${name}&since=${record.start + 1}&limit=200`)).map((each) => each.activationId)).not.toContain(record.activationId);
    });
    test("has those up to a time, and that time is within", async () => {
      expect((await list(`name=${name}&upto=${record.start}&limit=200`)).map((each) => each.activationId)).toContain(record.activationId);
      expect((await list(`name=${name}&upto=${record.start - 1}&limit=200`)).map((each) => each.activationId)).not.toContain(record.activationId);
    });
    test("counts those between two times", async () => expect((await suite.api.must(`GET activations?name=${name}&since=${record.start}&upto=${record.start}&count=true`)).body.activations).toBeGreaterThanOrEqual(1));
    test("skips", async () => {
      const all = await list(`name=${name}&limit=200`);
      expect((await list(`name=${name}&skip=1&limit=200`)).map((each) => each.activationId)).toEqual(all.slice(1).map((each) => each.activationId));
    });

    rows(suite, [
      { does: "does not count full records", call: "GET activations?docs=true&count=true", status: 400, error: "The parameter 'docs' is not permitted with 'count'." },
      { does: "takes a name of two parts at most", call: "GET activations?name=a/b/c", status: 400, error: badName("a/b/c") },
      { does: "takes a name that could be one", call: "GET activations?name=a,b", status: 400, error: badName("a,b") },
      { does: "takes a name that does not end with a space", call: "GET activations?name=0%20", status: 400, error: badName("0 ") },
      { does: "takes a number for since", call: "GET activations?since=xxx", status: 400, error: "The query parameter 'since' was malformed:\nParameter is not a valid value for epoch seconds: xxx" },
      { does: "takes a number for upto", call: "GET activations?upto=yyy", status: 400, error: "The query parameter 'upto' was malformed:\nParameter is not a valid value for epoch seconds: yyy" },
      { does: "takes a truth value for docs", call: "GET activations?docs=some", status: 400, error: "The query parameter 'docs' was malformed:\n'some' is not a valid Boolean value" },
    ]);
  });
}
