import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { runCampaign } from "./campaign";
import { CONTAINER_FAULTS, FAULTS } from "./faults";
import { report } from "./report";

/** As the issue wants it: what is held is held for so long. Milliseconds. */
const HOLD = 20_000;
const USAGE = `npm run test:faults [-- --minutes <n>] [--seed <n>] [--only <fault>]… [--docker]`;

/** The fault campaign. Exit code 1: a promise was not kept; 2: wrong arguments. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: "string", default: "5" }, seed: { type: "string" }, only: { type: "string", multiple: true }, docker: { type: "boolean", default: false } } });
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const minutes = Number(values.minutes);
  const all = values.docker ? { ...FAULTS, ...CONTAINER_FAULTS } : FAULTS;
  const faults = values.only ?? Object.keys(all);
  const unknown = faults.find((fault) => !Object.hasOwn(all, fault));
  if (!Number.isInteger(seed) || !(minutes > 0) || unknown !== undefined) {
    console.error(unknown === undefined ? USAGE : `There is no fault '${unknown}'. There are: ${Object.keys(all).join(", ")}.`);
    return 2;
  }
  console.log(`seed ${seed}`);
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupt.abort());
  const outcome = await runCampaign({ seed, faults, duration: minutes * 60_000, hold: HOLD, settleEach: true, docker: values.docker, say: (line) => console.log(line), signal: interrupt.signal });
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
