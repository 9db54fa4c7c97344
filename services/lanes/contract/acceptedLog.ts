import { WhiskError } from "../../core/errors";
import type { AcceptedMessage } from "../../core/messages";
import type { JsonObject } from "../../core/model/parameters";
import type { AcceptedLog } from "../../core/ports/lanes";
import { accepted, depthBecomes, gate, Recorder } from "./samples";

export interface AcceptedLogSettings {
  /** Entries that the log takes before it refuses, more or less. */
  maxLength?: number;
  /** Handlers at the same time. */
  concurrency?: number;
}

/** A log under test. Its pause before a redelivery should be short. */
export interface OpenedLog {
  log: AcceptedLog;
  /** The log as the next process finds it after the death of this one: what is under way can no longer be acknowledged. */
  restart(): Promise<AcceptedLog>;
  cleanup(): Promise<void>;
}

/** Every promise of the port, for each adapter to be held to. `open` gives an empty log. */
export function acceptedLogContract(name: string, open: (settings: AcceptedLogSettings) => Promise<OpenedLog>): void {
  describe(`${name} as an accepted log`, () => {
    let opened: OpenedLog | undefined;
    const start = async (settings: AcceptedLogSettings = {}) => (opened = await open(settings));
    afterEach(async () => {
      await opened?.cleanup();
      opened = undefined;
    });
    const appendAll = async (log: AcceptedLog, messages: AcceptedMessage[]) => {
      for (const message of messages) await log.append(message);
    };
    const several = (count: number, namespace?: string) => Array.from({ length: count }, () => accepted(namespace));
    const idsOf = (messages: AcceptedMessage[]) => messages.map(({ activationId }) => activationId);

    test("what is appended before and after the consumer comes is delivered once each, in order, as it was", async () => {
      const { log } = await start();
      const payload = JSON.parse(String.raw`{"__proto__":{"a":1},"":"ü 😀 \u0000 \ud800","$set":[null]}`) as JsonObject;
      const messages = [...several(50), accepted("guest", { payload })];
      await appendAll(log, messages.slice(0, 20));
      const recorder = new Recorder();
      await log.consume(recorder.handler);
      await appendAll(log, messages.slice(20));
      await recorder.until(() => recorder.deliveries.length >= messages.length);
      await depthBecomes(log, 0);
      expect(recorder.deliveries).toEqual(messages.map((message) => ({ message, redelivered: false })));
    });

    test("an entry is not done while its handler works", async () => {
      const { log } = await start();
      await appendAll(log, several(3));
      expect(await log.depth()).toBe(3);
      const end = gate();
      const recorder = new Recorder(() => end.opened);
      await log.consume(recorder.handler);
      await recorder.until(() => recorder.running === 3);
      expect(await log.depth()).toBe(3);
      end.open();
      await depthBecomes(log, 0);
    });

    test("what a handler rejects comes again, marked, until it succeeds; nothing else waits for it", async () => {
      const { log } = await start();
      const messages = several(40);
      const failures = new Map(messages.map(({ activationId }, index) => [activationId, index % 4]));
      const left = new Map(failures);
      const recorder = new Recorder(({ activationId }) => {
        const more = left.get(activationId)!;
        left.set(activationId, more - 1);
        if (more > 0) throw new Error("not yet");
      });
      await log.consume(recorder.handler);
      await appendAll(log, messages);
      await depthBecomes(log, 0);
      for (const { activationId } of messages) {
        const marks = recorder.deliveries.filter(({ message }) => message.activationId === activationId).map(({ redelivered }) => redelivered);
        expect(marks).toEqual([false, ...Array<boolean>(failures.get(activationId)!).fill(true)]);
      }
    });

    test("after a restart all that was not done comes again, marked, and nothing that was", async () => {
      const { log, restart } = await start({ concurrency: 30 });
      const [done, underWay, failing] = [several(10), several(10), several(10)];
      const never = gate();
      const recorder = new Recorder(({ activationId }) => {
        if (idsOf(underWay).includes(activationId)) return never.opened;
        if (idsOf(failing).includes(activationId)) throw new Error("no");
      });
      await appendAll(log, [...done, ...underWay, ...failing]);
      await log.consume(recorder.handler);
      await recorder.until(() => new Set(recorder.ids).size === 30);
      await depthBecomes(log, 20);

      const next = await restart();
      never.open();
      expect(await next.depth()).toBe(20);
      const after = new Recorder();
      await next.consume(after.handler);
      await depthBecomes(next, 0);
      expect(after.ids.toSorted()).toEqual(idsOf([...underWay, ...failing]).sort());
      expect(after.deliveries.every(({ redelivered }) => redelivered)).toBe(true);
    });

    test("what was appended is there after a restart, though nobody consumed it", async () => {
      const { log, restart } = await start();
      const messages = several(300);
      await Promise.all(messages.map((message) => log.append(message)));
      const next = await restart();
      const recorder = new Recorder();
      await next.consume(recorder.handler);
      await depthBecomes(next, 0);
      expect(recorder.ids.toSorted()).toEqual(idsOf(messages).sort());
    });

    test("a full log refuses with the bound, delivers nothing that it refused, and takes more when there is room", async () => {
      const { log } = await start({ maxLength: 10 });
      const [taken, refused]: [AcceptedMessage[], unknown[]] = [[], []];
      for (const message of several(200)) {
        await log.append(message).then(
          () => taken.push(message),
          (error) => refused.push(error),
        );
      }
      expect(refused.length).toBeGreaterThan(0);
      for (const error of refused) {
        expect(error).toBeInstanceOf(WhiskError);
        expect([429, 503]).toContain((error as WhiskError).status);
        expect((error as WhiskError).message).toMatch(/limit.*\d/);
      }
      const recorder = new Recorder();
      await log.consume(recorder.handler);
      await depthBecomes(log, 0);
      const last = accepted();
      await log.append(last);
      await depthBecomes(log, 0);
      expect(recorder.ids).toEqual(idsOf([...taken, last]));
    });

    test("a namespace does not wait for another's backlog", async () => {
      const { log } = await start({ concurrency: 2 });
      const quiet = accepted("quiet");
      await appendAll(log, several(200, "flood"));
      await log.append(quiet);
      const recorder = new Recorder();
      await log.consume(recorder.handler);
      await depthBecomes(log, 0);
      expect(recorder.ids).toHaveLength(201);
      expect(recorder.ids.indexOf(quiet.activationId)).toBeLessThan(20);
    });

    test("as many handlers work at the same time as were asked for, and no more", async () => {
      const { log } = await start({ concurrency: 4 });
      const end = gate();
      const recorder = new Recorder(() => end.opened);
      await log.consume(recorder.handler);
      await appendAll(log, several(12));
      await recorder.until(() => recorder.running === 4);
      end.open();
      await depthBecomes(log, 0);
      expect(recorder.mostAtOnce).toBe(4);
    });

    test("close waits for the handlers under way, starts no more, and what is left comes after the restart", async () => {
      const { log, restart } = await start({ concurrency: 2 });
      const end = gate();
      const recorder = new Recorder(() => end.opened);
      const messages = several(5);
      await appendAll(log, messages);
      await log.consume(recorder.handler);
      await recorder.until(() => recorder.running === 2);
      let closed = false;
      const closing = log.close().then(() => (closed = true));
      await expect(log.append(accepted())).rejects.toMatchObject({ name: "WhiskError", status: 503 });
      expect(closed).toBe(false);
      end.open();
      await closing;
      expect(recorder.running).toBe(0);

      const next = await restart();
      expect(await next.depth()).toBe(3);
      const after = new Recorder();
      await next.consume(after.handler);
      await depthBecomes(next, 0);
      expect(recorder.ids).toHaveLength(2);
      expect([...recorder.ids, ...after.ids].sort()).toEqual(idsOf(messages).sort());
    });

    test("close ends also while something waits for its redelivery, which comes after the restart", async () => {
      const { log, restart } = await start();
      const message = accepted();
      const recorder = new Recorder(() => {
        throw new Error("no");
      });
      await log.consume(recorder.handler);
      await log.append(message);
      await recorder.until(() => recorder.deliveries.length > 0);
      await log.close();
      const next = await restart();
      const after = new Recorder();
      await next.consume(after.handler);
      await depthBecomes(next, 0);
      expect(after.deliveries).toEqual([{ message, redelivered: true }]);
    });
  });
}
