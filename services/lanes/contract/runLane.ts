import { RunLostError, WhiskError } from "../../core/errors";
import type { Completion, RunMessage } from "../../core/messages";
import type { RunLane, Runner } from "../../core/ports/lanes";
import { gate, run } from "./samples";

export interface OpenedLane {
  lane: RunLane;
  cleanup(): Promise<void>;
}

/** The completion that runs of the cases have. */
export const completionOf = ({ activationId }: RunMessage): Completion => ({
  kind: "done",
  recorded: true,
  record: {
    activationId,
    namespace: "guest",
    name: "hello",
    path: "guest/hello",
    version: "0.0.1",
    subject: "guest",
    start: 1,
    end: 2,
    duration: 1,
    response: { statusCode: 0, result: { ran: activationId } },
    logs: [],
    annotations: [],
  },
});

/** Every promise of the port that needs no faults, for each adapter to be held to. `open` gives a lane to one runner. */
export function runLaneContract(name: string, open: (runner: Runner) => Promise<OpenedLane>): void {
  describe(`${name} as a run lane`, () => {
    let opened: OpenedLane | undefined;
    const start = async (runner: Runner["run"]) => (opened = await open({ run: runner })).lane;
    afterEach(async () => {
      await opened?.cleanup();
      opened = undefined;
    });

    test("the runner gets the message as it was sent, and the sender its completion", async () => {
      const seen: RunMessage[] = [];
      const lane = await start(async (message) => (seen.push(message), completionOf(message)));
      const message = run({ args: { greeting: "ü 😀" }, env: { A: "1" }, cause: "0".repeat(32), annotations: [{ key: "k", value: null }] });
      expect(await lane.run(message)).toEqual(completionOf(message));
      expect(seen).toEqual([message]);
    });

    test("of many runs at the same time each gets its own completion", async () => {
      const all = gate();
      let arrived = 0;
      const lane = await start(async (message) => {
        if (++arrived === 20) all.open();
        await all.opened;
        return completionOf(message);
      });
      const messages = Array.from({ length: 20 }, () => run());
      expect(await Promise.all(messages.map((message) => lane.run(message)))).toEqual(messages.map(completionOf));
    });

    test.each(["duplicate", "suspended"] as const)("what did not run is answered as such: %s", async (kind) => {
      const lane = await start(async () => ({ kind }));
      expect(await lane.run(run())).toEqual({ kind });
    });

    test("a refusal of the runner arrives with its status and message", async () => {
      const lane = await start(async () => {
        throw new WhiskError(429, "No room for 'guest/hello' (limit: 4 containers).");
      });
      const refusal = await lane.run(run()).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(WhiskError);
      expect(refusal).toMatchObject({ status: 429, message: "No room for 'guest/hello' (limit: 4 containers)." });
    });

    test("a run whose end cannot be known arrives as such", async () => {
      const lane = await start(async () => {
        throw new RunLostError("The container vanished.");
      });
      await expect(lane.run(run())).rejects.toBeInstanceOf(RunLostError);
    });

    test("a closed lane refuses with 503, and what was under way comes to its end", async () => {
      const [started, end] = [gate(), gate()];
      const lane = await start(async (message) => {
        started.open();
        await end.opened;
        return completionOf(message);
      });
      const message = run();
      const underWay = lane.run(message);
      await started.opened;
      const closing = lane.close();
      await expect(lane.run(run())).rejects.toMatchObject({ name: "WhiskError", status: 503 });
      end.open();
      expect(await underWay).toEqual(completionOf(message));
      await closing;
    });
  });
}
