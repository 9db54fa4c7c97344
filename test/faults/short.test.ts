import { report } from "./report";
import { runCampaign } from "./campaign";
import { FAULTS } from "./faults";
import { describeWithServers } from "../support/servers";

/** Longer than the time without a sign of life after which a process counts as dead. Milliseconds. */
const HOLD = 11_000;

describeWithServers(
  "a platform under load, whose parts are killed, held and cut off one after the other",
  () => {
    test("keeps what it answered 202: one record for each run, rule and step, no code twice in one attempt, every caller answered, and service is back by itself", async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const told: string[] = [];
      const outcome = await runCampaign({ seed, faults: Object.keys(FAULTS), hold: HOLD, settleEach: false, say: (line) => told.push(line) });
      console.log(`seed ${seed}\n${told.join("\n")}\n${report(outcome)}`);
      expect({ violations: outcome.violations, logs: outcome.logs }).toEqual({ violations: [], logs: undefined });
      expect(outcome.rows.map(({ fault }) => fault).sort()).toEqual(Object.keys(FAULTS).sort());
      for (const { fault, accepted, blockingOk } of outcome.rows) expect({ fault, load: accepted > 0 && blockingOk > 0 }).toEqual({ fault, load: true });
    }, 8 * 60_000);
  },
  { own: true },
);
