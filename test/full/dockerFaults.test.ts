import { describeWithDocker } from "../support/docker";
import { describeWithServers } from "../support/servers";
import { runCampaign } from "../faults/campaign";
import { report } from "../faults/report";

const SEED = 1_360_084_936;
/** Longer than the time without a sign of life after which a process counts as dead. Milliseconds. */
const HOLD = 11_000;
/** What containers and their engine have to do with; the others are no different from those on processes. */
const SOME = ["action's process killed", "all containers killed", "engine killed", "engine held", "invoker killed", "invoker held"];

describeWithDocker("on Docker", () =>
  describeWithServers(
    "a platform under load, whose containers and engine are killed",
    () => {
      test("keeps what it answered 202: one record for each run, rule and step, no code twice in one attempt, every caller answered, and service is back by itself", async () => {
        const told: string[] = [];
        const outcome = await runCampaign({ seed: SEED, faults: SOME, hold: HOLD, settleEach: false, docker: true, say: (line) => told.push(line) });
        console.log(`seed ${SEED}\n${told.join("\n")}\n${report(outcome)}`);
        expect({ violations: outcome.violations, logs: outcome.logs }).toEqual({ violations: [], logs: undefined });
        expect(outcome.rows.map(({ fault }) => fault).sort()).toEqual([...SOME].sort());
        for (const { fault, accepted } of outcome.rows) expect({ fault, load: accepted > 0 }).toEqual({ fault, load: true });
      }, 15 * 60_000);
    },
    { own: true },
  ),
  { own: true },
);
