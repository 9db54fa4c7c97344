import { runCampaign } from "../faults/campaign";
import { FAULTS } from "../faults/faults";
import { report } from "../faults/report";
import { describeWithServers } from "../support/servers";

/** As the campaign does it by itself. Milliseconds. */
const [HOLD, DURATION] = [20_000, 8 * 60_000];

describeWithServers(
  "a platform under load, whose parts are killed, held and cut off again and again",
  () => {
    test("has kept all that it answered 202 after each of the faults", async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const outcome = await runCampaign({ seed, faults: Object.keys(FAULTS), duration: DURATION, hold: HOLD, settleEach: true, say: () => {} });
      console.log(`seed ${seed}\n${report(outcome)}`);
      expect({ violations: outcome.violations, logs: outcome.logs }).toEqual({ violations: [], logs: undefined });
    }, 3 * DURATION);
  },
  { own: true },
);
