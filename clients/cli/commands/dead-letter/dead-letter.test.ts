import { localTime } from "../../output/time";
import { useBench } from "../../testing/harness";

const bench = useBench();
const [one, two] = ["1".repeat(32), "2".repeat(32)];
const letter = (activationId: string, more = {}) => ({
  activationId,
  namespace: "guest",
  action: "guest/pkg/resize",
  reason: "no such image",
  attempts: 4,
  acceptedAt: 1_700_000_000_000,
  at: 1_700_000_030_000,
  ...more,
});
const seen = () => bench.platform.seen.map(({ method, path, query }) => ({ method, path, query }));
const at = "/api/v1/namespaces/_/dead-letters";
const missing = { status: 404, body: { error: "The requested resource does not exist.", code: "aTransactionId" } };

test("list prints a table, with reasons on one line", async () => {
  const letters = [letter(one), letter(two, { action: "guest/a", attempts: 1, reason: { code: 7, text: `line\n${"x".repeat(100)}` } })];
  bench.platform.answers.set("GET dead-letters/", { body: letters });
  expect((await bench.whisk("dead-letter", "list", "--limit", "2", "--skip", "1")).stdout).toBe(
    "Given up            Activation ID                    Attempts Action           Reason\n" +
      `${localTime(letters[0]!.at)} ${one} 4        guest/pkg/resize no such image\n` +
      `${localTime(letters[1]!.at)} ${two} 1        guest/a          {"code":7,"text":"line\\n${"x".repeat(53)}...\n`,
  );
  expect(seen()).toEqual([{ method: "GET", path: at, query: { limit: "2", skip: "1" } }]);
  expect((await bench.whisk("dead-letter", "list", "--json")).stdout).toBe(`${JSON.stringify(letters, null, 4)}\n`);
});

test("get prints the letter, or one field of it", async () => {
  const whole = letter(one, { payload: { n: 1 }, cause: two, trigger: "guest/upload" });
  bench.platform.answers.set(`GET dead-letters/${one}`, { body: whole });
  const { stdout } = await bench.whisk("dead-letter", "get", one);
  expect(stdout).toMatch(new RegExp(`^ok: got dead letter ${one}\n\\{\n    "activationId": "${one}",\n`));
  expect(Object.keys(JSON.parse(stdout.slice(stdout.indexOf("{"))) as object)).toEqual([
    "activationId",
    "namespace",
    "action",
    "reason",
    "attempts",
    "acceptedAt",
    "at",
    "cause",
    "trigger",
    "payload",
  ]);
  expect((await bench.whisk("dead-letter", "get", one, "payload")).stdout).toBe(
    `ok: got dead letter ${one}, displaying field payload\n{\n    "n": 1\n}\n`,
  );
  expect((await bench.whisk("dead-letter", "get", one, "--json")).stdout).toBe(`${JSON.stringify(whole, null, 4)}\n`);
});

test("redrive tells the id under which it runs again", async () => {
  bench.platform.answers.set(`POST dead-letters/${one}`, { status: 202, body: { activationId: two } });
  expect(await bench.whisk("dead-letter", "redrive", one)).toEqual({
    code: 0,
    stdout: `ok: redriven dead letter ${one} with id ${two}\n`,
    stderr: "",
  });
  expect((await bench.whisk("dead-letter", "redrive", one, "--json")).stdout).toBe(`{\n    "activationId": "${two}"\n}\n`);
});

test("redrive --all goes on until all that were there have had their turn", async () => {
  const failed = [{ activationId: two, error: "The action is gone." }];
  let calls = 0;
  const answers = [
    { redriven: 199, failed, left: 51 },
    // Some have failed again in the meantime, and are there once more.
    { redriven: 51, failed: [], left: 30 },
  ];
  bench.platform.answers.set("POST dead-letters/", {
    get body() {
      return answers[calls++];
    },
  });
  expect(await bench.whisk("dead-letter", "redrive", "--all")).toEqual({
    code: 1,
    stdout: `ok: redriven 250 dead letters; 1 could not be:\n${two}: The action is gone.\n`,
    stderr: "",
  });
  expect(seen().map(({ query }) => query)).toEqual([{ skip: "0" }, { skip: "1" }]);
  calls = 0;
  expect(JSON.parse((await bench.whisk("dead-letter", "redrive", "--all", "--json")).stdout)).toEqual({ redriven: 250, failed });
  bench.platform.answers.set("POST dead-letters/", { body: { redriven: 0, failed: [], left: 0 } });
  expect(await bench.whisk("dead-letter", "redrive", "--all")).toEqual({ code: 0, stdout: "ok: redriven 0 dead letters\n", stderr: "" });
});

test("purge throws away one, or all", async () => {
  bench.platform.answers.set(`DELETE dead-letters/${one}`, { body: { purged: 1 } });
  bench.platform.answers.set("DELETE dead-letters/", { body: { purged: 12 } });
  expect((await bench.whisk("dead-letter", "purge", one)).stdout).toBe(`ok: purged dead letter ${one}\n`);
  expect((await bench.whisk("dead-letter", "purge", "--all")).stdout).toBe("ok: purged 12 dead letters\n");
  expect((await bench.whisk("dead-letter", "purge", "--all", "--json")).stdout).toBe('{\n    "purged": 12\n}\n');
});

test.each<[string[], string]>([
  [["redrive"], "Invalid argument(s). An activation ID, or --all, is required."],
  [["redrive", one, "--all"], "Invalid argument(s). An activation ID, or --all, is required."],
  [["purge"], "Invalid argument(s). An activation ID, or --all, is required."],
  [["purge", one, two], `Invalid argument(s): ${two}. An activation ID, or --all, is required.`],
  [["get"], "Invalid argument(s). An activation ID is required."],
  [["list", "x"], "Invalid argument(s): x. No arguments are required."],
])("%j is refused, and nothing is sent", async (args, message) => {
  expect(await bench.whisk("dead-letter", ...args)).toEqual({ code: 1, stdout: "", stderr: `error: ${message}\nRun 'whisk --help' for usage.\n` });
  expect(seen()).toEqual([]);
});

test.each<[string[], string]>([
  [["get", one], `GET dead-letters/${one}`],
  [["redrive", one], `POST dead-letters/${one}`],
  [["purge", one], `DELETE dead-letters/${one}`],
])("%j of what is not there fails with 148", async (args, call) => {
  bench.platform.answers.set(call, missing);
  expect(await bench.whisk("dead-letter", ...args)).toEqual({
    code: 148,
    stdout: "",
    stderr: `error: Unable to ${args[0]} dead letter '${one}': The requested resource does not exist. (code aTransactionId)\n`,
  });
});
