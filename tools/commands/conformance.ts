import { ToolError } from "../lib/errors";
import { say } from "../lib/say";
import { prepareFerretDb, runJest } from "./test";

/** Milliseconds for a server to answer at all. */
const LIMIT = 10_000;

/**
 * Runs the API conformance suite: against the server that the variables APIHOST and AUTH name (and AUTH_OTHER, the key of a
 * second namespace, and ADMIN_KEY, if there are), or else against platforms of this checkout, in one process and in several.
 * The arguments are jest's.
 */
export async function conformance(args: readonly string[]): Promise<number> {
  const { APIHOST, AUTH } = process.env;
  if (!APIHOST) {
    await prepareFerretDb();
    return runJest(["test/conformance/", ...args], process.env);
  }
  if (!AUTH) throw new ToolError("AUTH is missing: the key of a namespace of the server of APIHOST, for example AUTH=23bc46b1-…:123zO3xZ…");
  const families = await familiesOf(APIHOST);
  say(`${APIHOST} has runtimes of the families ${families.join(", ")}.`);
  return runJest(["test/conformance/server", ...args], { ...process.env, FAMILIES: families.join(",") });
}

/** Which checks there can be depends on the runtimes that the server has. */
async function familiesOf(apiHost: string): Promise<string[]> {
  const url = `${apiHost.includes("://") ? apiHost : `https://${apiHost}`}/`.replace(/\/+$/, "/");
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT) });
    const { runtimes } = (await answer.json()) as { runtimes: object };
    return Object.keys(runtimes);
  } catch (error) {
    throw new ToolError(`${url} does not answer as a platform would: ${String((error as Error).cause ?? error)}`);
  }
}
