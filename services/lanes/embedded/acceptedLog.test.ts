import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../store/sqlite";
import { acceptedLogContract } from "../contract";
import { accepted, depthBecomes, Recorder } from "../contract/samples";
import { EmbeddedAcceptedLog, type EmbeddedAcceptedLogOptions } from "./acceptedLog";
import type { AcceptedTable } from "./acceptedTable";

acceptedLogContract("The embedded log on SQLite", async (settings) => {
  const directory = mkdtempSync(join(tmpdir(), "accepted-"));
  const openStore = () => openSqliteStore({ file: join(directory, "platform.db") });
  const openLog = () => new EmbeddedAcceptedLog(store.accepted, { pause: 1, ...settings });
  let store = openStore();
  let log = openLog();
  return {
    log,
    restart: async () => {
      // Not awaited: handlers may be under way for good, and their acknowledgements meet a closed store.
      void log.close();
      await store.close();
      store = openStore();
      return (log = openLog());
    },
    cleanup: async () => {
      await log.close();
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
});

describe("the embedded accepted log", () => {
  /** A table whose writes fail on demand. */
  class MemoryTable implements AcceptedTable {
    readonly entries = new Map<number, { namespace: string; message: string }>();
    failing?: "add" | "remove";
    private last = 0;

    async add(namespace: string, message: string) {
      if (this.failing === "add") throw new Error("disk full");
      this.entries.set(++this.last, { namespace, message });
      return this.last;
    }
    async remove(seq: number) {
      if (this.failing === "remove") throw new Error("disk full");
      this.entries.delete(seq);
    }
    message(seq: number) {
      return this.entries.get(seq)?.message;
    }
    index() {
      return [...this.entries].map(([seq, { namespace }]) => ({ seq, namespace }));
    }
  }

  /** Timers that go off when the test says so, and note how long they were set for. */
  class ManualTimers {
    readonly set: number[] = [];
    private due?: () => void;
    after(milliseconds: number, callback: () => void) {
      this.set.push(milliseconds);
      this.due = callback;
      return () => (this.due = undefined);
    }
    fire() {
      const { due } = this;
      this.due = undefined;
      due?.();
    }
    get pending() {
      return this.due !== undefined;
    }
  }

  const make = (options: EmbeddedAcceptedLogOptions = {}, table = new MemoryTable()) => ({ table, log: new EmbeddedAcceptedLog(table, options) });

  const settled = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  };

  test("the pause before a redelivery doubles up to its greatest", async () => {
    const timers = new ManualTimers();
    const failures: number[] = [];
    const { log } = make({ timers, pause: 100, maxPause: 1_000, onFailure: (_, { deliveries }) => failures.push(deliveries) });
    await log.consume(async () => {
      throw new Error("no");
    });
    await log.append(accepted());
    for (let delivery = 1; delivery <= 6; delivery++) {
      await settled(() => timers.set.length === delivery);
      timers.fire();
    }
    await settled(() => timers.set.length === 7);
    expect(timers.set).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
    expect(failures).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await log.close();
    expect(timers.pending).toBe(false);
  });

  test("the failure of a handler is told with its activation, its request and the reason", async () => {
    const timers = new ManualTimers();
    const told: unknown[] = [];
    const { log } = make({ timers, onFailure: (...details) => told.push(details) });
    const message = accepted();
    await log.consume(async () => {
      throw new Error("store is away");
    });
    await log.append(message);
    await settled(() => timers.pending);
    expect(told).toEqual([["store is away", { activationId: message.activationId, transactionId: message.transactionId, deliveries: 1 }]]);
    await log.close();
  });

  test("one namespace is refused at its share with 429, all of them at the bound with 503", async () => {
    const { log } = make({ maxLength: 5, maxPerNamespace: 3 });
    for (let n = 0; n < 3; n++) await log.append(accepted("a"));
    await expect(log.append(accepted("a"))).rejects.toMatchObject({
      status: 429,
      message: "Too much accepted work of namespace 'a' is waiting (limit: 3 invocations); try again later.",
    });
    for (let n = 0; n < 2; n++) await log.append(accepted("b"));
    await expect(log.append(accepted("b"))).rejects.toMatchObject({
      status: 503,
      message: "Too much accepted work is waiting (limit: 5 invocations of all namespaces); try again later.",
    });
    expect(await log.depth()).toBe(5);
  });

  test("a namespace whose runs take long leaves handlers to one that comes later", async () => {
    const { log } = make({ concurrency: 18 });
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const recorder = new Recorder(({ identity }) => (identity.namespace === "slow" ? ended : undefined));
    await log.consume(recorder.handler);
    for (let n = 0; n < 100; n++) await log.append(accepted("slow"));
    expect(recorder.running).toBe(16);
    for (let n = 0; n < 10; n++) await log.append(accepted("quick"));
    await depthBecomes(log, 100);
    end();
    await depthBecomes(log, 0);
    expect(recorder.deliveries).toHaveLength(110);
  });

  test("appends that are being written count, so a burst does not pass the bound", async () => {
    const { log, table } = make({ maxLength: 10, maxPerNamespace: 10 });
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => log.append(accepted())));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    expect(table.entries.size).toBe(10);
  });

  test("an append that cannot be written is refused and takes no room", async () => {
    const { log, table } = make({ maxLength: 2 });
    table.failing = "add";
    for (let n = 0; n < 5; n++) await expect(log.append(accepted())).rejects.toThrow("disk full");
    expect(await log.depth()).toBe(0);
  });

  test("an entry whose acknowledgement cannot be written is delivered again", async () => {
    const { log, table } = make({ pause: 1 });
    table.failing = "remove";
    const recorder = new Recorder();
    await log.consume(recorder.handler);
    await log.append(accepted());
    await recorder.until(() => recorder.deliveries.length === 2);
    table.failing = undefined;
    await depthBecomes(log, 0);
    expect(recorder.deliveries.slice(0, 2).map(({ redelivered }) => redelivered)).toEqual([false, true]);
    await log.close();
  });

  test("a backlog that is too large for memory is delivered in full", async () => {
    const { log } = make();
    const text = "x".repeat(1024 * 1024);
    const messages = Array.from({ length: 40 }, (_, n) => accepted("guest", { payload: { n, text } }));
    for (const message of messages) await log.append(message);
    const recorder = new Recorder();
    await log.consume(recorder.handler);
    await depthBecomes(log, 0);
    expect(recorder.deliveries.map(({ message }) => message)).toEqual(messages);
  });

  test("a second consumer is refused", async () => {
    const { log } = make();
    await log.consume(async () => {});
    await expect(log.consume(async () => {})).rejects.toThrow("The accepted log has a consumer already.");
  });
});
