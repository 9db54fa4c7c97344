import { entityPath, baseUrl, type Activation, type Api } from "./api";
import { formatStop, nextSteps } from "./print";
import { firstRule, isDeployed, outcome, takeTour, type Stop } from "./tour";

const record = (name: string, result: unknown, logs: string[] = []): Activation => ({ activationId: `id-${name}`, name, duration: 3, logs, response: { status: "success", success: true, result } });

test("a trigger's record tells the rule and its activation", () => {
  const logs = ['{"statusCode":0,"success":true,"activationId":"a1","rule":"guest/sign-on-visit","action":"guest/guestbook/sign"}'];
  expect(firstRule(logs)).toEqual({ rule: "sign-on-visit", activationId: "a1", error: undefined });
  expect(firstRule([`2026-01-01T00:00:00Z stdout: ${logs[0]}`]).activationId).toBe("a1");
  expect(() => firstRule([])).toThrow("names no rule");
});

test("an activation that failed ends the tour with its result", () => {
  const failed = { ...record("greet", { error: "no such name" }), response: { status: "application error", success: false, result: { error: "no such name" } } };
  expect(() => outcome(failed)).toThrow('greet failed (application error, activation id-greet): {"error":"no such name"}');
});

test("one missing entity is enough to say that the application is not there", async () => {
  const hello = { action: "greet", sequence: "loud", trigger: "visit", web: "http://x" };
  const having = (...names: string[]): Pick<Api, "has"> => ({ has: async (collection, name) => names.includes(`${collection}/${name}`) });
  expect(await isDeployed(having("actions/greet", "actions/loud", "triggers/visit"), hello)).toBe(true);
  expect(await isDeployed(having("actions/greet", "actions/loud"), hello)).toBe(false);
  expect(await isDeployed(having(), hello)).toBe(false);
});

test("a fire without an active rule is told", async () => {
  const api = { invoke: async () => record("greet", {}), fire: async () => undefined } as unknown as Api;
  const stops: Stop[] = [];
  await expect(takeTour(api, { action: "greet", sequence: "loud", trigger: "visit", web: "http://x" }, (stop) => stops.push(stop))).rejects.toThrow("Trigger visit was fired, but no active rule is bound to it.");
  expect(stops.map(({ what, how }) => [what, how])).toEqual([["action", 'greet {"name":"Ada"}'], ["sequence", 'loud {"name":"Ada"}']]);
});

test("a stop is shown with what was done and what came of it", () => {
  expect(formatStop({ what: "action", how: "greet {}", result: "{}  (3 ms)" })).toBe("  action      greet {}\n            → {}  (3 ms)");
});

test("names become paths of the key's own namespace", () => {
  expect(["greet", "guestbook/sign", "/guest/guestbook/sign", "/_/greet", "a b"].map(entityPath)).toEqual(["greet", "guestbook/sign", "guestbook/sign", "greet", "a%20b"]);
});

test("a host without a scheme is https, and slashes at the end do not matter", () => {
  expect(["http://127.0.0.1:3233/", "faas.example.com"].map(baseUrl)).toEqual(["http://127.0.0.1:3233", "https://faas.example.com"]);
});

test("what to try next names the stack wherever it is not the default one", () => {
  const hello = { action: "greet", sequence: "loud", trigger: "visit", web: "http://x/welcome" };
  expect(nextSteps("http://x", hello, "local")).not.toContain("-- local");
  const lines = nextSteps("http://x", hello, "cluster").split("\n");
  expect(lines).toContain("  export $(npm run -s env -- cluster)");
  expect(lines).toContain("  npm run down -- cluster");
  expect(lines).toContain("  npm run pulumi -- preview -C stacks/hello --stack cluster");
});
