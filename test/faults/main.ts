import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign";
import { FAULTS } from "./faults";
import { report } from "./report";

/** As the issue wants it: what is held is held for so long. Milliseconds. */
const HOLD = 20_000;
const USAGE = `npm run test:faults [-- --minutes <n>] [--seed <n>] [--only <fault>]…`;

/** The fault campaign. Exit code 1: a promise was not kept; 2: wrong arguments. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "5" }, seed: { type: "string" }, only: { type: "string", multiple: true } } });
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const minutes = Number(values.minutes);
  const faults = values.only ?? Object.keys(FAULTS);
  const unknown = faults.find((fault) => !Object.hasOwn(FAULTS, fault));
  if (!Number.isInteger(seed) || !(minutes > 0) || unknown !== undefined) {
    console.error(unknown === undefined ? USAGE : `There is no fault '${unknown}'. There are: ${Object.keys(FAULTS).join(", ")}.`);
    return 2;
  }
  console.log(`seed ${seed}`);
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupt.abort());
  const outcome = await runCampaign({ seed, faults, duration: minutes * 60_000, hold: HOLD, settleEach: true, say: (line) => console.log(line), signal: interrupt.signal });
  console.log(report(outcome));
  for (const violation of outcome.violations) console.log(`violated: ${violation}`);
  if (outcome.logs) console.log(`The logs of all processes are in ${outcome.logs}. The same faults again: --seed ${seed}`);
  return outcome.violations.length > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);
