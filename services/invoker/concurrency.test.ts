import type { RunMessage } from "../core/messages";
import type { Activation } from "../core/model/activation";
import { DEFAULT_ACTION_LIMITS } from "../core/model/limits";
import { until } from "./drivers/contract";
import { Bench } from "./testing/bench";

let bench: Bench;
beforeEach(() => (bench = new Bench()));
afterEach(() => bench.close());

const texts = (record: Activation) => record.logs.map((line) => line.slice(31));

/** A message of an action that allows three runs at a time in one container. */
function message(code: string, args: Record<string, unknown>, kind = "fake:concurrent", limits: Partial<RunMessage["action"]["limits"]> = {}): RunMessage {
  return bench.message(code, { args: args as RunMessage["args"], action: { kind, limits: { ...DEFAULT_ACTION_LIMITS, concurrency: 3, ...limits } } });
}

/** Each run says who it is, waits for the others, and says it again. */
const MEET = `const waiting = [];
  function main({ name, all }, _message, log) {
    log.log("begin " + name);
    log.error("error " + name);
    return new Promise((resolve) => {
      const go = () => { log.log("end " + name); resolve({ pid: process.pid, name }); };
      if (waiting.push(go) === all) waiting.splice(0).forEach((each) => each());
    });
  }`;
const meet = (kind?: string, all = 3) => Array.from({ length: all }, (_, index) => message(MEET, { name: `r${index}`, all }, kind));

/** Tells how many of its runs have been under way in one container. */
const OVERLAP = `let now = 0, most = 0;
  async function main() { most = Math.max(most, ++now); await new Promise((resolve) => setTimeout(resolve, 20)); now--; return { most } }`;

describe("runs of an action that allows several in one container", () => {
  it("are in it at the same time, each with the logs that are its own", async () => {
    const messages = meet();
    const done = await Promise.all(messages.map((each) => bench.done(each)));
    const results = done.map(({ record }) => record.response.result as { pid: number; name: string });
    expect(results.map(({ name }) => name)).toEqual(["r0", "r1", "r2"]);
    expect(new Set(results.map(({ pid }) => pid)).size).toBe(1);
    for (const [index, each] of messages.entries()) {
      expect(texts(await bench.stored(each)).sort()).toEqual([`stderr: error r${index}`, `stdout: begin r${index}`, `stdout: end r${index}`]);
    }
    expect(bench.pool.occupancy).toMatchObject({ containers: 1, busy: 0, idle: 1 });
  });

  it("are never more than it allows", async () => {
    const done = await Promise.all(Array.from({ length: 9 }, () => bench.done(message(OVERLAP, {}))));
    expect(Math.max(...done.map(({ record }) => (record.response.result as { most: number }).most))).toBe(3);
  });

  it("run one after the other where the runtime takes no more", async () => {
    const done = await Promise.all(Array.from({ length: 6 }, () => bench.done(message(OVERLAP, {}, "fake:single"))));
    expect(done.map(({ record }) => record.response.result)).toEqual(Array(6).fill({ most: 1 }));
  });

  it("all get what is printed where the runtime does not tell them apart, as images made for OpenWhisk", async () => {
    const messages = meet("fake:1");
    await Promise.all(messages.map((each) => bench.done(each)));
    for (const [index, each] of messages.entries()) {
      const record = await bench.stored(each);
      expect(record.response.statusCode).toBe(0);
      expect(texts(record)).toContain(`stdout: begin r${index}`);
      expect(texts(record).join()).not.toContain("XXX_THE_END");
    }
  });

  it.each([
    ["one after the other, if its runtime says nothing of it", "fake:1", 1],
    ["together, if its runtime says that it takes them", "fake:concurrent", 3],
  ])("come to a container that stood ready %s", async (_how, kind, most) => {
    await bench.close();
    // There is no room for another one.
    bench = new Bench({ memory: 256, stemCells: [{ kind, memory: 256, count: 1 }] });
    bench.pool.prewarm();
    await until(() => bench.pool.occupancy.prewarmed === 1);
    const done = await Promise.all(Array.from({ length: 6 }, () => bench.done(message(OVERLAP, {}, kind))));
    expect(bench.pool.starts).toEqual({ warm: 5, prewarmed: 1, cold: 0 });
    expect(Math.max(...done.map(({ record }) => (record.response.result as { most: number }).most))).toBe(most);
  });

  it("have in their log what was printed while the code loaded, whoever was the first", async () => {
    const code = "console.log('loading'); function main(_args, _message, log) { log.log('running'); return {} }";
    const first = message(code, {});
    await bench.done(first);
    expect(texts(await bench.stored(first))).toEqual(["stdout: loading", "stdout: running"]);
    const second = message(code, {});
    await bench.done(second);
    expect(texts(await bench.stored(second))).toEqual(["stdout: running"]);
  });

  it("do not end with one among them that takes too long; the container gets no more", async () => {
    const code = `let release; function main({ hang }, _message, log) {
      log.log(hang ? "hanging" : "waiting");
      if (hang) { setTimeout(() => release({ pid: process.pid }), 400); return new Promise(() => {}); }
      return new Promise((resolve) => (release = resolve));
    }`;
    const limits = { timeout: 250 };
    const waiting = message(code, { hang: false }, undefined, { timeout: 20_000 });
    const hanging = { ...message(code, { hang: true }, undefined, limits), action: { ...waiting.action, limits: { ...waiting.action.limits, ...limits } } };
    const [other, late] = await Promise.all([bench.done(waiting), bench.done(hanging)]);
    expect(late.record.response).toMatchObject({ statusCode: 2, result: { error: "The action exceeded its time limits of 250 milliseconds." } });
    expect(other.record.response.statusCode).toBe(0);
    expect(texts(await bench.stored(hanging))).toEqual(["stdout: hanging", "stderr: The action did not initialize or run as expected. Log data might be missing."]);
    expect(texts(await bench.stored(waiting))).toEqual(["stdout: waiting"]);
    expect(bench.pool.occupancy).toMatchObject({ containers: 0, used: 0 });
  });

  it("that take too long and go on printing are recorded all the same", async () => {
    const code = "function main(args, _message, log) { const print = () => { log.log('.'); setTimeout(print, 20) }; print(); return new Promise(() => {}) }";
    const hanging = message(code, {}, undefined, { timeout: 300 });
    const begun = Date.now();
    const { record } = await bench.done({ ...hanging, accepted: true });
    expect(record.response.statusCode).toBe(2);
    // Not the time for which a run that is over may go on printing.
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  it("that come a second time leave the first its logs", async () => {
    const code = "let go; function main({ last }, _message, log) { if (last) { go(); return {} } log.log('first'); return new Promise((resolve) => (go = () => { log.log('last'); resolve({}) })) }";
    const first = { ...message(code, {}), accepted: true };
    const running = bench.done(first);
    await until(() => bench.store.claims.size === 1);
    expect(await bench.invoker.run(first)).toEqual({ kind: "duplicate" });
    await bench.done(message(code, { last: true }));
    await running;
    expect(texts(await bench.stored(first))).toEqual(["stdout: first", "stdout: last"]);
  });

  it("that come to a process which is about to end run in another one", async () => {
    const code = "function main() { return { pid: process.pid } }";
    const warm = message(code, {}, "fake:stopping");
    await bench.done(warm);
    const pid = (await bench.stored(warm)).response.result as { pid: number };
    const next = message(code, {}, "fake:stopping");
    const { record } = await bench.done(next);
    expect(record.response.statusCode).toBe(0);
    expect(record.response.result).not.toEqual(pid);
  });

  it("all end with a process that ends, each with its last words", async () => {
    const code = "let others = 0; function main({ name }, _message, log) { log.log('last of ' + name); if (++others === 3) process.exit(1); return new Promise(() => {}) }";
    const messages = ["a", "b", "c"].map((name) => message(code, { name }));
    const done = await Promise.all(messages.map((each) => bench.done(each)));
    for (const { record } of done) expect(record.response).toMatchObject({ statusCode: 2, result: { error: "The action did not produce a valid response and exited unexpectedly." } });
    for (const [index, each] of messages.entries()) expect(texts(await bench.stored(each))[0]).toBe(`stdout: last of ${"abc"[index]}`);
    expect(bench.pool.occupancy).toMatchObject({ containers: 0, busy: 0, used: 0 });
  });
});
