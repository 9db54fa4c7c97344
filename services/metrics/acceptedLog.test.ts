import { Registry } from "prom-client";
import { WhiskError } from "../core/errors";
import { MemoryLog } from "../core/testing/memoryLog";
import { accepted } from "../lanes/contract/samples";
import { observeAcceptedLog } from "./acceptedLog";
import { samplesOf } from "./testing/samples";

let registry: Registry;
beforeEach(() => (registry = new Registry()));

test("what is accepted is counted by what it is, what is refused by why", async () => {
  const inner = new MemoryLog();
  const log = observeAcceptedLog(registry, inner);
  await log.append(accepted());
  await log.append(accepted());
  for (const error of [new WhiskError(429, "full"), new WhiskError(503, "away"), new Error("broken")]) {
    inner.append = () => Promise.reject(error);
    await expect(log.append(accepted())).rejects.toBe(error);
  }
  expect(samplesOf(await registry.metrics())).toMatchObject({
    'stackwhisk_accepted_appended_total{kind="invocation"}': 2,
    'stackwhisk_accepted_appended_total{kind="fire"}': 0,
    'stackwhisk_accepted_refused_total{status="429"}': 1,
    'stackwhisk_accepted_refused_total{status="503"}': 1,
    'stackwhisk_accepted_refused_total{status="other"}': 1,
  });
});

test("what is in hand is shown, and what comes again and what fails is counted", async () => {
  let deliver!: (redelivered: boolean) => Promise<void>;
  const inner = new MemoryLog();
  inner.consume = async (handler) => void (deliver = (redelivered) => handler(accepted(), { redelivered }));
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  await observeAcceptedLog(registry, inner).consume(() => new Promise((resolve, reject) => ends.push({ resolve, reject })));
  const work = [deliver(false), deliver(true), deliver(true)];
  ends[0]!.resolve();
  ends[1]!.reject(new Error("the store is away"));
  await work[0];
  await expect(work[1]).rejects.toThrow("the store is away");
  expect(samplesOf(await registry.metrics())).toMatchObject({
    stackwhisk_accepted_in_hand: 1,
    'stackwhisk_accepted_deliveries_total{delivery="first"}': 1,
    'stackwhisk_accepted_deliveries_total{delivery="again"}': 2,
    stackwhisk_accepted_failures_total: 1,
  });
  ends[2]!.resolve();
  await work[2];
  expect(samplesOf(await registry.metrics()).stackwhisk_accepted_in_hand).toBe(0);
});
