import { WhiskError } from "../core/errors";
import type { RunMessage } from "../core/messages";
import type { Activation } from "../core/model/activation";
import { DEFAULT_ACTION_LIMITS } from "../core/model/limits";
import { ContainerError } from "../core/ports/containers";
import { until } from "./drivers/contract";
import { anotherTenant, Bench } from "./testing/bench";
import { settle } from "./testing/fakeClock";

let bench: Bench;
beforeEach(() => (bench = new Bench()));
afterEach(() => bench.close());

const WHO = "let n = 0; function main() { return {pid: process.pid, n: ++n} }";
const texts = (record: Activation) => record.logs.map((line) => line.slice(31));
const annotation = (record: Activation, key: string) => record.annotations.find((entry) => entry.key === key)?.value;
const limited = (limits: Partial<RunMessage["action"]["limits"]>) => ({ action: { limits: { ...DEFAULT_ACTION_LIMITS, ...limits } } });

describe("the record of a run", () => {
  it("of a success says all that OpenWhisk's says", async () => {
    const code = "function main(args) { console.log('hello'); console.error('oh'); return {sum: args.a + args.b} }";
    const message = bench.message(code, { args: { a: 1, b: 2 }, cause: "c".repeat(32), annotations: [{ key: "causedBy", value: "sequence" }] });
    const { record, recorded } = await bench.done(message);
    expect(recorded).toBe(true);
    expect(record).toMatchObject({
      activationId: message.activationId,
      namespace: "guest",
      name: "act",
      path: "guest/act",
      version: "0.0.3",
      subject: "guest-subject",
      cause: "c".repeat(32),
      response: { statusCode: 0, result: { sum: 3 }, size: '{"sum":3}'.length },
      logs: [],
    });
    const init = annotation(record, "initTime") as number;
    expect(record.annotations).toEqual([
      { key: "path", value: "guest/act" },
      { key: "waitTime", value: record.start - message.receivedAt },
      { key: "kind", value: "fake:1" },
      { key: "timeout", value: false },
      { key: "limits", value: { concurrency: 1, logs: 10, memory: 256, timeout: 60000 } },
      { key: "initTime", value: expect.any(Number) as number },
      { key: "causedBy", value: "sequence" },
    ]);
    expect(record.duration).toBe(record.end - record.start);
    expect(record.duration).toBeGreaterThanOrEqual(init);
    const stored = await bench.stored(message);
    expect({ ...stored, logs: [] }).toEqual(record);
    expect(texts(stored).sort()).toEqual(["stderr: oh", "stdout: hello"]);
    expect(stored.logs[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z std(out|err): /);
  });

  it("has an initialisation time only when the container got its code in this run", async () => {
    const first = await bench.done(bench.message(WHO));
    const second = await bench.done(bench.message(WHO));
    expect(annotation(first.record, "initTime")).toBeDefined();
    expect(annotation(second.record, "initTime")).toBeUndefined();
    expect(second.record.response.result).toMatchObject({ n: 2 });
  });

  it("of a result with a field error is an application error with that error alone, and the container stays", async () => {
    const code = "let n = 0; function main() { return {error: {code: ++n}, more: 1} }";
    expect((await bench.done(bench.message(code))).record.response).toMatchObject({ statusCode: 1, result: { error: { code: 1 } } });
    expect((await bench.done(bench.message(code))).record.response).toMatchObject({ statusCode: 1, result: { error: { code: 2 } } });
  });

  it("takes an array for a result", async () => {
    expect((await bench.done(bench.message("function main(args) { return args }", { args: [1, 2] }))).record.response).toMatchObject({ statusCode: 0, result: [1, 2] });
  });

  it.each([
    ["throws", "throw new Error('bad')", "An error has occurred: Error: bad"],
    ["answers a text", "return 'text'", "The action did not produce a valid JSON or JSON Array response: text"],
    ["answers nothing", "return ''", "The action did not produce a valid JSON or JSON Array response."],
    ["exits", "console.log('last'); process.exit(0)", "The action did not produce a valid response and exited unexpectedly."],
  ])("of an action that %s is a developer error with a warning in its logs, and its container is not used again", async (_what, body, error) => {
    const code = `let n = 0; function main(args) { n++; if (args.bad) { ${body} } return {n} }`;
    const bad = bench.message(code, { args: { bad: true } });
    expect((await bench.done(bad)).record.response).toMatchObject({ statusCode: 2, result: { error } });
    expect(texts(await bench.stored(bad)).at(-1)).toBe("stderr: The action did not initialize or run as expected. Log data might be missing.");
    expect((await bench.done(bench.message(code))).record.response.result).toEqual({ n: 1 });
  });

  it("of an action that ends its process holds its last words", async () => {
    const message = bench.message("function main() { console.log('last words'); process.exit(0) }");
    await bench.done(message);
    expect(texts(await bench.stored(message))[0]).toBe("stdout: last words");
  });

  it.each([
    ["does not compile", "function main( {", /^Initialization has failed due to: SyntaxError/],
    ["ends its process", "process.exit(1)", /^The action did not initialize and exited unexpectedly\.$/],
  ])("of code that %s is a developer error of the initialisation", async (_what, code, error) => {
    const { record } = await bench.done(bench.message(code));
    expect(record.response).toMatchObject({ statusCode: 2, result: { error: expect.stringMatching(error) as string } });
    expect(annotation(record, "initTime")).toBeDefined();
    expect(bench.pool.occupancy.containers).toBe(0);
  });

  it("of a result beyond a megabyte is an application error that names both sizes", async () => {
    const { record } = await bench.done(bench.message("function main() { return {text: 'x'.repeat(2 * 1024 * 1024)} }"));
    expect(record.response.statusCode).toBe(1);
    expect((record.response.result as { error: string }).error).toMatch(
      /^The action produced a response that exceeded the allowed length: 2097163 > 1048576 bytes\. The truncated response was: \{"text":"xxx/,
    );
    expect((record.response.result as { error: string }).error.length).toBeLessThan(10_000);
  });

  it("of a platform that could not make a container is its own error", async () => {
    const { record } = await bench.done(bench.message(WHO, { action: { kind: "fake:crash" } }));
    expect(record.response).toEqual({ statusCode: 3, result: { error: "Failed to provision resources to run the action." } });
    expect(bench.logged).toContain("no container could be started");
  });

  it("of an image that cannot be had is its developer's error, and the log says why", async () => {
    const { record } = await bench.done(bench.message(WHO, { action: { kind: "blackbox", image: "me/box:1" } }));
    expect(record.response).toEqual({ statusCode: 2, result: { error: "Failed to pull container image 'me/box:1'." } });
    expect(bench.store.records.get(record.activationId)!.logs).toEqual([expect.stringMatching(/^\S{30} stderr: The image me\/box:1 cannot run here: /)]);
  });

  it.each([
    ["cannot be had", "absent", "Failed to pull container image 'me/box:1'."],
    ["has a program that ends at once", "ended", "The action did not initialize and exited unexpectedly."],
    ["does not listen", "silent", "The action exceeded its time limits of 60000 milliseconds during initialization."],
  ] as const)("of an image that %s is its developer's error in OpenWhisk's words", async (_what, fault, error) => {
    jest.spyOn(bench.driver, "create").mockRejectedValue(new ContainerError("why", { fault }));
    const { record } = await bench.done(bench.message(WHO, { action: { kind: "blackbox", image: "me/box:1" } }));
    expect(record.response).toEqual({ statusCode: 2, result: { error } });
    expect(texts(bench.store.records.get(record.activationId)!)).toEqual(["stderr: why"]);
  });

  it("of an image for which the platform has no container is the platform's error", async () => {
    jest.spyOn(bench.driver, "create").mockRejectedValue(new ContainerError("the engine does not answer"));
    const { record } = await bench.done(bench.message(WHO, { action: { kind: "blackbox", image: "me/box:1" } }));
    expect(record.response).toEqual({ statusCode: 3, result: { error: "Failed to provision resources to run the action." } });
  });

  it("of code that the store does not give, tried again, is the platform's error, and code is read once for many runs", async () => {
    bench.store.failures.code = 3;
    const message = bench.message(WHO);
    expect((await bench.done(message)).record.response).toEqual({ statusCode: 3, result: { error: "Action could not be fetched." } });
    await Promise.all(Array.from({ length: 4 }, () => bench.done(bench.message(WHO))));
    expect(bench.store.codeReads).toBe(4);
  });

  it("of code that the store gives only when it is asked again is as if it had come at once", async () => {
    bench.store.failures.code = 5;
    const { record } = await bench.done(bench.message(WHO, { accepted: true }));
    expect(record.response.statusCode).toBe(0);
  });
});

describe("time limits", () => {
  it("end a run that takes longer, and its container with it", async () => {
    const message = bench.message("function main() { console.log(process.pid); for (;;); }", limited({ timeout: 300 }));
    const { record } = await bench.done(message);
    expect(record.response).toEqual({ statusCode: 2, result: { error: "The action exceeded its time limits of 300 milliseconds." } });
    expect(annotation(record, "timeout")).toBe(true);
    const pid = Number(texts(await bench.stored(message))[0]!.slice("stdout: ".length));
    await until(() => !alive(pid));
    expect(bench.pool.occupancy).toMatchObject({ containers: 0, used: 0 });
  });

  it("end an initialisation that takes longer", async () => {
    const { record } = await bench.done(bench.message("for (;;);", limited({ timeout: 300 })));
    expect(record.response.result).toEqual({ error: "The action exceeded its time limits of 300 milliseconds during initialization." });
    expect(annotation(record, "timeout")).toBe(true);
  });
});

describe("logs", () => {
  it("are cut at their limit, with a word about it", async () => {
    const code = "function main() { for (let i = 0; i < 1200; i++) console.log('x'.repeat(1000)); return {} }";
    const message = bench.message(code, limited({ logs: 1 }));
    await bench.done(message);
    const lines = texts(await bench.stored(message));
    expect(lines.at(-1)).toBe("stderr: Logs were truncated because the total bytes size exceeds the limit of 1048576 bytes.");
    expect(lines.length).toBe(Math.floor(1048576 / (31 + "stdout: ".length + 1000 + 1)) + 1);
  });

  it("are not kept with a limit of 0", async () => {
    const message = bench.message("function main() { console.log('a'); return {} }", limited({ logs: 0 }));
    await bench.done(message);
    expect((await bench.stored(message)).logs).toEqual([]);
  });

  it("of one run never hold lines of another in the same container", async () => {
    const code = "function main({i}) { for (let n = 0; n < 50; n++) console.log(i); return {i} }";
    const messages = Array.from({ length: 40 }, (_, i) => bench.message(code, { args: { i } }));
    await Promise.all(messages.map((message) => bench.done(message)));
    for (const [i, message] of messages.entries()) expect(texts(await bench.stored(message))).toEqual(Array(50).fill(`stdout: ${i}`));
  });

  it("without an end are kept as far as they came, with a word about it, and that container is not used again", async () => {
    const code = "function main({unmarked}) { console.log('a'); return {unmarked, pid: process.pid} }";
    const message = bench.message(code, { args: { unmarked: true } });
    const first = await bench.done(message);
    expect(bench.store.records.size).toBe(0);
    expect(texts(await bench.stored(message))).toEqual(["stdout: a", "stderr: There was an issue while collecting your logs. Data might be missing."]);
    const second = await bench.done(bench.message(code));
    expect((second.record.response.result as { pid: number }).pid).not.toBe((first.record.response.result as { pid: number }).pid);
  });

  it("of a line without an end stand before the marker", async () => {
    const message = bench.message("function main() { write(1, 'no line end'); return {} }");
    await bench.done(message);
    expect(texts(await bench.stored(message))).toEqual(["stdout: no line end"]);
  });
});

describe("accepted work", () => {
  it("is recorded, with its logs, before it is completed", async () => {
    const message = bench.message("function main() { console.log('a'); return {} }", { accepted: true });
    await bench.done(message);
    expect(texts(bench.store.records.get(message.activationId)!)).toEqual(["stdout: a"]);
    expect(bench.store.claims.get(`${message.activationId}/0`)).toBe("me");
  });

  it("runs once, however often its message comes", async () => {
    const message = bench.message("let n = 0; function main() { return {n: ++n} }", { accepted: true });
    const completions = await Promise.all([bench.invoker.run(message), bench.invoker.run(message), bench.invoker.run(message)]);
    expect(completions.map(({ kind }) => kind).sort()).toEqual(["done", "duplicate", "duplicate"]);
    expect((await bench.stored(message)).response.result).toEqual({ n: 1 });
  });

  it("and is a step says in its start with which revisions it was begun", async () => {
    const claim = jest.spyOn(bench.store.starts, "claim");
    const ref = { action: { key: "guest/tools/act", rev: 2 }, packages: [{ key: "guest/tools", rev: 1 }] };
    await bench.done(bench.message(WHO, { accepted: true, ref }));
    expect(claim).toHaveBeenCalledWith(expect.objectContaining({ action: ref }));
  });

  it("is completed with the record that was there first", async () => {
    const message = bench.message(WHO, { accepted: true });
    const lost = { ...(await bench.done(bench.message(WHO))).record, activationId: message.activationId, subject: "somebody else" };
    bench.store.records.set(message.activationId, lost);
    expect((await bench.done(message)).record).toEqual(lost);
  });

  it("is recorded as soon as a store that failed takes it", async () => {
    bench.store.failures.insert = 2;
    const message = bench.message(WHO, { accepted: true });
    expect((await bench.done(message)).recorded).toBe(true);
    expect(bench.store.records.has(message.activationId)).toBe(true);
  });

  it.each([false, true])("runs once when the store failed at the claim of its start, written all the same: %s", async (written) => {
    bench.store.failures.claim = 1;
    bench.store.claimsAreWritten = written;
    const message = bench.message(WHO, { accepted: true });
    expect((await bench.done(message)).record.response.result).toMatchObject({ n: 1 });
  });

  it("runs once when the store writes the claim that failed only after it was asked for it", async () => {
    const { claim } = bench.store.starts;
    let calls = 0;
    bench.store.starts.claim = async (start) => {
      if (++calls === 1) throw new Error("the database does not answer");
      await claim(start);
      return claim(start);
    };
    const message = bench.message(WHO, { accepted: true });
    expect((await bench.done(message)).record.response.result).toMatchObject({ n: 1 });
  });

  it("waits with its run as long as its start cannot be claimed, and says so", async () => {
    bench.store.failures.claim = 3;
    const message = bench.message(WHO, { accepted: true });
    expect((await bench.done(message)).record.response.result).toMatchObject({ n: 1 });
    expect(bench.logged).toEqual(Array(3).fill("the start of a run could not be claimed and is tried again"));
  });

  it("whose container died after the claim of its start, and for which there is no room then, ends in a record", async () => {
    const { pid } = (await bench.done(bench.message(WHO))).record.response.result as { pid: number };
    const { acquire } = bench.pool;
    const refused = jest.spyOn(bench.pool, "acquire").mockImplementation(function (this: typeof bench.pool, demand) {
      if (refused.mock.calls.length > 1) throw new WhiskError(429, "Too many concurrent requests in flight.");
      return acquire.call(this, demand);
    });
    const { claim } = bench.store.starts;
    bench.store.starts.claim = async (start) => {
      process.kill(pid, "SIGKILL");
      await until(() => !alive(pid));
      return claim(start);
    };
    const message = bench.message(WHO, { accepted: true });
    await bench.done(message);
    expect((await bench.stored(message)).response).toMatchObject({ statusCode: 3, result: { error: "Failed to provision resources to run the action." } });
  });

  it("that fails and has another attempt leaves the record to that, and its end in the store before it is completed", async () => {
    const code = "function main({ok}) { return ok ? {} : {error: 'no'} }";
    const first = bench.message(code, { accepted: true, lastAttempt: false });
    expect(await bench.done(first)).toMatchObject({ recorded: false, record: { response: { statusCode: 1 } } });
    expect(bench.store.records.size).toBe(0);
    const end = { activationId: first.activationId, attempt: 0, at: expect.any(Number) as number, response: { statusCode: 1, result: { error: "no" }, size: 14 } };
    expect([...bench.store.ends.values()]).toEqual([end]);
    const second = { ...first, attempt: 1, lastAttempt: true };
    expect(await bench.done(second)).toMatchObject({ recorded: true });
    const success = bench.message(code, { accepted: true, lastAttempt: false, args: { ok: true } });
    expect(await bench.done(success)).toMatchObject({ recorded: true, record: { response: { statusCode: 0 } } });
    expect(bench.store.ends.size).toBe(1);
  });

  it("that could not be run at all and has another attempt is no record either, and its end is stored as soon as the store takes it", async () => {
    bench.store.failures.end = 2;
    const message = bench.message(WHO, { accepted: true, lastAttempt: false, attempt: 4, action: { kind: "fake:crash" } });
    expect(await bench.done(message)).toMatchObject({ recorded: false, record: { response: { statusCode: 3 } } });
    expect(bench.store.ends.get(`${message.activationId}/4`)).toMatchObject({ response: { statusCode: 3 } });
    expect(bench.store.records.size).toBe(0);
  });
});

describe("containers", () => {
  const pidOf = async (message: RunMessage) => ((await bench.done(message)).record.response.result as { pid: number }).pid;

  it("never serve two namespaces, actions, revisions or environments", async () => {
    const [mine, theirs] = [bench.message(WHO), bench.message(WHO, { invoker: anotherTenant() })];
    const pids = [
      await pidOf(mine),
      await pidOf(theirs),
      await pidOf(bench.message(WHO, { action: { rev: 2 } })),
      await pidOf(bench.message(WHO, { action: { key: "guest/another" } })),
      await pidOf(bench.message(WHO, { env: { A: "1" } })),
      await pidOf(bench.message(WHO, { env: { A: "2" } })),
    ];
    expect(new Set(pids).size).toBe(6);
    expect(await pidOf(bench.message(WHO))).toBe(pids[0]);
    expect(await pidOf(bench.message(WHO, { env: { A: "1" } }))).toBe(pids[4]);
  });

  it("that died while idle do not fail the next run", async () => {
    const pid = await pidOf(bench.message(WHO));
    process.kill(pid, "SIGKILL");
    expect(await pidOf(bench.message(WHO))).not.toBe(pid);
  });

  it("that die in the very moment in which a run comes to them do not fail it", async () => {
    for (let i = 0; i < 10; i++) {
      const pid = await pidOf(bench.message(WHO));
      process.kill(pid, "SIGSTOP");
      const run = pidOf(bench.message(WHO));
      // Some turns later it has been sent, and is not read.
      for (let turn = 0; turn < i; turn++) await settle();
      process.kill(pid, "SIGKILL");
      expect(await run).not.toBe(pid);
    }
  });

  it("give the action its context, and the key only when it has one", async () => {
    const code = `function main(args, message) {
      const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("__OW_") || name === "MINE"));
      return {env, message}
    }`;
    const message = bench.message(code, { env: { MINE: "1" }, apiKey: "uuid:key" });
    const { env, message: run } = (await bench.done(message)).record.response.result as { env: object; message: { deadline: string } };
    const context = {
      namespace: "guest",
      action_name: "/guest/act",
      action_version: "0.0.3",
      activation_id: message.activationId,
      transaction_id: "tid",
      api_key: "uuid:key",
    };
    expect(run).toEqual({ ...context, api_host: "http://api", value: {}, deadline: expect.any(String) as string });
    expect(Number(run.deadline) - Date.now()).toBeGreaterThan(50_000);
    const upper = Object.fromEntries(Object.entries(context).map(([name, value]) => [`__OW_${name.toUpperCase()}`, value]));
    expect(env).toEqual({ ...upper, __OW_API_HOST: "http://api", __OW_DEADLINE: expect.any(String) as string, MINE: "1" });
  });
});

describe("closing", () => {
  it("waits for the records of runs that are answered already", async () => {
    bench.store.failures.insert = 2;
    const message = bench.message(WHO);
    await bench.done(message);
    await bench.invoker.flushed();
    expect(bench.store.records.has(message.activationId)).toBe(true);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
