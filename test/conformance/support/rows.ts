import type { Answer, Sent } from "./api";
import type { Suite } from "./suite";

/** One promise: a call and what it is answered. */
export interface Row extends Omit<Sent, "auth"> {
  /** The promise, a test's name. */
  does: string;
  /** Method and path, see {@link Api.call}. `{ns}` and `{other}` stand for the namespaces. */
  call: string;
  /** @default the namespace of the suite */
  as?: "nobody" | "other" | { auth: string };
  status: number;
  /** Of an error: its whole text, or what it has to match. `{ns}` as above. */
  error?: string | RegExp;
  /** What the JSON has to have, or a test of the answer. `{ns}` as above in strings. */
  gives?: object | ((answer: Answer) => void);
}

/** A test for each row. */
export function rows(suite: Suite, list: Row[]): void {
  for (const row of list) test(row.does, () => check(suite, row));
}

async function check(suite: Suite, { call, as, status, error, gives, body, raw, headers }: Row): Promise<void> {
  const auth = as === undefined ? suite.api.auth : as === "nobody" ? null : as === "other" ? suite.other.auth : as.auth;
  const answer = await suite.api.call(suite.fill(call), { ...fillAll(suite, { body }), auth, ...(raw && { raw }), ...(headers && { headers }) });
  expect({ status: answer.status, ...(answer.status === status ? {} : { text: answer.text.slice(0, 300) }) }).toEqual({ status });
  if (error !== undefined) {
    expect(answer.body.error).toEqual(typeof error === "string" ? suite.fill(error) : expect.stringMatching(error));
    expect(Object.keys(answer.body as object).sort()).toEqual(["code", "error"]);
  }
  if (typeof gives === "function") gives(answer);
  else if (gives) expect(answer.body).toMatchObject(fillAll(suite, gives));
}

function fillAll<T extends object>(suite: Suite, value: T): T {
  return walk(value, (text) => suite.fill(text)) as T;
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => walk(each, change));
  // Matchers of jest stay as they are.
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), walk(each, change)]));
}
