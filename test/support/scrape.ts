import { samplesOf } from "../../services/metrics/testing/samples";
import { until } from "./until";

/** A process of a platform, by what it has written. */
interface Logged {
  readonly log: string;
}

export type Line = Record<string, unknown> & { msg: string };

/** What a process has logged so far. */
export const linesOf = (log: string): Line[] => log.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Line);

/** Its last line that says so. */
export const serving = (served: Logged) => until("it says that it serves", () => linesOf(served.log).findLast(({ msg }) => msg === "serving"));

/** Where a process serves health, readiness and metrics: its log says so. */
export const adminOf = async (served: Logged): Promise<string> => (await serving(served)).admin as string;

/** What it measures, as {@link samplesOf}. */
export const scrape = async (served: Logged) => samplesOf(await (await fetch(`${await adminOf(served)}/metrics`)).text());
