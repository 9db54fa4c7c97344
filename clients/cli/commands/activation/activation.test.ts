import { localTime } from "../../output/time";
import { useBench } from "../../testing/harness";

const bench = useBench();
const id = (n: number): string => `${n}`.padStart(32, "0");
const activation = (n: number, more = {}) => ({
  namespace: "guest",
  name: "hello",
  version: "0.0.1",
  subject: "guest",
  activationId: id(n),
  start: 1_700_000_000_000 + n * 1000,
  end: 1_700_000_000_000 + n * 1000 + 1250,
  duration: 1250,
  statusCode: 0,
  response: { result: { n }, status: "success", success: true },
  logs: [`2026-07-01T09:05:00.123456Z stdout: line ${n}`],
  annotations: [{ key: "kind", value: "nodejs:20" }],
  publish: false,
  ...more,
});

beforeEach(() => {
  bench.platform.activations = [1, 2, 3].map((n) => activation(n));
});

test("list prints a table, the latest first", async () => {
  bench.platform.activations = [
    activation(1, { annotations: [{ key: "initTime", value: 3 }] }),
    activation(2, { duration: 0, statusCode: 2 }),
  ];
  expect((await bench.whisk("activation", "list")).stdout).toBe(
    "Datetime            Activation ID                    Kind      Start Duration   Status          Entity\n" +
      `${localTime(activation(2).start)} ${id(2)} nodejs:20 warm  0s         developer error guest/hello:0.0.1\n` +
      `${localTime(activation(1).start)} ${id(1)} unknown   cold  1.25s      success         guest/hello:0.0.1\n`,
  );
  expect(bench.platform.seen[0]).toMatchObject({ path: "/api/v1/namespaces/_/activations", query: { limit: "30", skip: "0" } });
});

test("list passes its flags on", async () => {
  await bench.whisk("activation", "list", "pkg/hello", "--limit", "2", "--skip", "1", "--since", "5", "--upto", "9", "--full");
  expect(bench.platform.seen[0]!.query).toEqual({ name: "pkg/hello", limit: "2", skip: "1", since: "5", upto: "9", docs: "true" });
});

test("get prints the record, or one field of it", async () => {
  const { stdout } = await bench.whisk("activation", "get", id(2));
  expect(stdout).toMatch(new RegExp(`^ok: got activation ${id(2)}\n\\{\n    "namespace": "guest",\n`));
  expect(Object.keys(JSON.parse(stdout.slice(stdout.indexOf("{"))) as object)).toEqual([
    "namespace",
    "name",
    "version",
    "subject",
    "activationId",
    "start",
    "end",
    "duration",
    "statusCode",
    "response",
    "logs",
    "annotations",
    "publish",
  ]);
  expect((await bench.whisk("activation", "get", "--last", "duration")).stdout).toBe(
    `ok: got activation ${id(3)}, displaying field duration\n1250\n`,
  );
  expect((await bench.whisk("activation", "get", id(2), "--json")).stdout).toBe(`${JSON.stringify(activation(2), null, 4)}\n`);
});

test("get --summary and --logs tell less", async () => {
  const when = localTime(activation(2).end);
  expect((await bench.whisk("activation", "get", id(2), "-s")).stdout).toBe(
    `activation result for '/guest/hello' (success at ${when})\n{\n    "n": 2\n}\n`,
  );
  expect((await bench.whisk("activation", "get", id(2), "-g")).stdout).toBe("line 2\n");
});

test("logs and result print what they say", async () => {
  expect((await bench.whisk("activation", "logs", id(1))).stdout).toBe("2026-07-01T09:05:00.123456Z stdout: line 1\n");
  expect((await bench.whisk("activation", "logs", "--last", "--strip")).stdout).toBe("line 3\n");
  expect((await bench.whisk("activation", "result", id(1))).stdout).toBe('{\n    "n": 1\n}\n');
  expect((await bench.whisk("activation", "result", "-l", "--json")).stdout).toBe('{\n    "n": 3\n}\n');
});

test.each<[string[], number, string]>([
  [["get", "none"], 148, "Unable to get activation 'none': The requested resource does not exist. (code aTransactionId)\n"],
  [["logs", "none"], 148, "Unable to get logs for activation 'none': The requested resource does not exist. (code aTransactionId)\n"],
  [["result", "none"], 148, "Unable to get result for activation 'none': The requested resource does not exist. (code aTransactionId)\n"],
  [["get", id(1), "nothing"], 1, "Invalid field filter 'nothing'.\n"],
  [["get"], 1, "Invalid argument(s). An activation ID is required.\nRun 'whisk --help' for usage.\n"],
])("%j fails with %d", async (args, code, message) => {
  expect(await bench.whisk("activation", ...args)).toEqual({ code, stdout: "", stderr: `error: ${message}` });
});

test("--last stands for the id, before whatever else is given", async () => {
  const { stdout } = await bench.whisk("activation", "get", "publish", "--last");
  expect(stdout).toMatch(new RegExp(`activation ${id(3)}, displaying field publish`));
  const refused = async (...args: string[]) => (await bench.whisk("activation", ...args, "--last")).stderr.split("\n")[0];
  expect(await refused("get", "dummy")).toBe("error: Invalid field filter 'dummy'.");
  expect(await refused("get", "dummy", "publish")).toBe("error: Invalid argument(s): dummy. An activation ID is required.");
  expect(await refused("logs", "dummy")).toBe("error: Invalid argument(s): dummy. An activation ID is required.");
});

test("--last without any activation is an error", async () => {
  bench.platform.activations = [];
  const stderr = "error: Unable to get activation: Activation list does not contain any activations.\nRun 'whisk --help' for usage.\n";
  expect(await bench.whisk("activation", "get", "--last")).toEqual({ code: 1, stdout: "", stderr });
});

describe("poll", () => {
  test("prints each new activation once, the earliest first, until its time is up", async () => {
    let now = 0;
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => {
      waits.push(ms);
      now += ms;
      if (waits.length === 1) bench.platform.activations.push(activation(5), activation(4));
    };
    const { code, stdout } = await bench.whiskWith({ now: () => now, sleep }, "activation", "poll", "--exit", "5");
    const shown = (n: number) => `\nActivation: 'hello' (${id(n)})\n[\n    "2026-07-01T09:05:00.123456Z stdout: line ${n}"\n]\n`;
    expect({ code, stdout }).toEqual({ code: 0, stdout: `Enter Ctrl-c to exit.\nPolling for activation logs\n${shown(4)}${shown(5)}` });
    expect(waits).toEqual([2000, 2000, 1000]);
  });

  test("--since-seconds begins in the past, --json prints one activation on a line", async () => {
    const now = () => activation(3).start;
    const { stdout } = await bench.whiskWith({ now, ...interruptedAfter(1) }, "activation", "poll", "--since-seconds", "1", "--json");
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => (JSON.parse(line) as { activationId: string }).activationId),
    ).toEqual([id(2), id(3)]);
  });

  test("an interruption ends it with a word and without an error", async () => {
    expect(await bench.whiskWith({ ...interruptedAfter(2) }, "activation", "poll", "hello")).toEqual({
      code: 1,
      stdout: "Enter Ctrl-c to exit.\nPolling for activation logs\nPoll terminated\n",
      stderr: "",
    });
  });

  test("a platform that is away for a moment does not end it; one that is away from the beginning, or refuses, does", async () => {
    const refuse = (status: number) => bench.platform.answers.set("GET activations/", { status, body: { error: "no", code: "x" } });
    const { sleep, onInterrupt } = interruptedAfter(3);
    expect((await bench.whiskWith({ onInterrupt, sleep: async () => (refuse(503), sleep()) }, "activation", "poll")).stdout).toMatch(
      /Poll terminated\n$/,
    );
    expect(await bench.whisk("activation", "poll")).toMatchObject({
      code: 247,
      stderr: "error: Unable to poll for activations: no (code x)\n",
    });
    bench.platform.answers.clear();
    expect(await bench.whiskWith({ sleep: async () => void refuse(401) }, "activation", "poll")).toMatchObject({ code: 145 });
  });
});

/** An interruption during the nth wait. */
function interruptedAfter(waits: number) {
  const controller = new AbortController();
  const sleep = async (): Promise<void> => void (--waits === 0 && controller.abort());
  return { sleep, onInterrupt: () => controller.signal };
}
