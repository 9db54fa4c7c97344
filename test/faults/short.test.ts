import { report } from "./report";
import { runCampaign } from "./campaign";
import { FAULTS } from "./faults";
import { describeWithServers } from "../support/servers";

/** The same order and victims each time; `npm run test:faults` has others. */
const SEED = 1_360_084_936;
/** Longer than the time without a sign of life after which a process counts as dead. Milliseconds. */
const HOLD = 11_000;

describeWithServers(
  "a platform under load, whose parts are killed, held and cut off one after the other",
  () => {
    test("keeps what it answered 202: one record for each run, rule and step, no code twice in one attempt, every caller answered, and service is back by itself", async () => {
      const told: string[] = [];
      const outcome = await runCampaign({ seed: SEED, faults: Object.keys(FAULTS), hold: HOLD, settleEach: false, say: (line) => told.push(line) });
      console.log(`seed ${SEED}\n${told.join("\n")}\n${report(outcome)}`);
      expect({ violations: outcome.violations, logs: outcome.logs }).toEqual({ violations: [], logs: undefined });
      expect(outcome.rows.map(({ fault }) => fault).sort()).toEqual(Object.keys(FAULTS).sort());
      for (const { fault, accepted, blockingOk } of outcome.rows) expect({ fault, load: accepted > 0 && blockingOk > 0 }).toEqual({ fault, load: true });
    }, 15 * 60_000);
  },
  { own: true },
);
