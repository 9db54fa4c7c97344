import { writeFileSync } from "node:fs";
import path from "node:path";
import { auth } from "../../testing/fake-platform";
import { useBench } from "../../testing/harness";

const bench = useBench();
const id = "44794bd6aab74415b4e42a308d880727";
const feed = "/whisk.system/alarms/alarm";
const answer = (status: number, result: unknown) =>
  bench.platform.answers.set("POST actions/alarms/alarm", { status, body: { activationId: id, response: { result, status: "a status" } } });
const activation = (result: string) => `{
    "activationId": "${id}",
    "response": {
        "result": ${result},
        "status": "a status"
    }
}
`;
/** What the feed was told, the latest first. */
const told = () =>
  bench.platform.seen.filter(({ path }) => path.endsWith("/actions/alarms/alarm")).map(({ query, body }) => ({ query, body })).reverse();
const create = (...flags: string[]) => bench.whisk("trigger", "create", "tick", "--feed", feed, ...flags);

beforeEach(() => answer(200, {}));

test("a feed is told when its trigger begins, and gets the parameters", async () => {
  expect(await create("-p", "cron", "* * * * *", "-a", "feed", "mine", "-a", "note", "x")).toEqual({
    code: 0,
    stdout: `ok: invoked /whisk.system/alarms/alarm with id ${id}\n${activation("{}")}ok: created trigger tick\n`,
    stderr: "",
  });
  const stored = bench.platform.stored("triggers/tick")!;
  expect(stored.annotations).toEqual([
    { key: "feed", value: feed },
    { key: "note", value: "x" },
  ]);
  expect(stored.parameters).toBeUndefined();
  expect(told()).toEqual([
    {
      query: { blocking: "true", result: "false" },
      body: { cron: "* * * * *", lifecycleEvent: "CREATE", triggerName: "/_/tick", authKey: auth },
    },
  ]);
});

test("flags say which parameters are for the feed and which for the trigger", async () => {
  await create("-F", "cron", "* * * * *", "-T", "who", "me", "--trigger-param", "n", "1");
  expect(bench.platform.stored("triggers/tick")!.parameters).toEqual([
    { key: "who", value: "me" },
    { key: "n", value: 1 },
  ]);
  expect(told()[0]!.body).toMatchObject({ cron: "* * * * *", lifecycleEvent: "CREATE" });
  expect(told()[0]!.body).not.toHaveProperty("who");
});

test("a trigger whose feed fails is taken back", async () => {
  answer(502, { error: "no cron" });
  expect(await create()).toEqual({
    code: 246,
    stdout: "",
    stderr: `error: Unable to create trigger 'tick': Unable to configure feed '${feed}': no cron\n`,
  });
  expect(bench.platform.stored("triggers/tick")).toBeUndefined();
  bench.platform.answers.clear();
  expect(await bench.whisk("trigger", "create", "tick", "--feed", "bogus")).toEqual({
    code: 148,
    stdout: "",
    stderr:
      "error: Unable to create trigger 'tick': Unable to configure feed '/_/bogus': The requested resource does not exist. (code aTransactionId)\n",
  });
  expect(bench.platform.stored("triggers/tick")).toBeUndefined();
});

describe("with a feed", () => {
  beforeEach(async () => {
    await create("-T", "who", "me", "-a", "note", "x");
    bench.platform.seen.length = 0;
  });

  test("get tells what the feed says, and the trigger when that is asked for", async () => {
    answer(200, { status: "running" });
    const running = activation(`{
            "status": "running"
        }`);
    expect((await bench.whisk("trigger", "get", "tick")).stdout).toBe(running);
    expect(told()[0]!.body).toEqual({ lifecycleEvent: "READ", triggerName: "/_/tick", authKey: auth });
    expect((await bench.whisk("trigger", "get", "tick", "name")).stdout).toBe('ok: got trigger tick, displaying field name\n"tick"\n');
    expect((await bench.whisk("trigger", "get", "tick", "--summary")).stdout).toMatch(/^trigger \/guest\/tick/);
    expect(JSON.parse((await bench.whisk("trigger", "get", "tick", "--json")).stdout)).toMatchObject({ name: "tick" });
  });

  test("a feed that cannot be read does not hide its trigger", async () => {
    answer(502, { error: "READ is not known" });
    const { code, stdout, stderr } = await bench.whisk("trigger", "get", "tick");
    expect([code, stdout.split("\n")[0], stderr]).toEqual([
      0,
      "ok: got trigger tick",
      `warning: Unable to configure feed '${feed}': READ is not known\n`,
    ]);
  });

  test("update tells the feed, and changes of the trigger keep it", async () => {
    expect((await bench.whisk("trigger", "update", "tick", "-p", "cron", "0 * * * *")).stdout).toBe(
      `${activation("{}")}ok: updated trigger tick\n`,
    );
    expect(told()[0]!.body).toMatchObject({ cron: "0 * * * *", lifecycleEvent: "UPDATE" });
    expect(bench.platform.stored("triggers/tick")!.parameters).toEqual([{ key: "who", value: "me" }]);

    const changed = await bench.whisk("trigger", "update", "tick", "-T", "who", "you", "-a", "note", "y");
    expect(changed.stdout).toBe("ok: updated trigger tick\n");
    expect(told()).toHaveLength(1);
    expect(bench.platform.stored("triggers/tick")).toMatchObject({
      parameters: [{ key: "who", value: "you" }],
      annotations: [
        { key: "note", value: "y" },
        { key: "feed", value: feed },
      ],
    });

    await bench.whisk("trigger", "update", "tick", "-F", "cron", "1 * * * *");
    expect(told()[0]!.body).toMatchObject({ cron: "1 * * * *", lifecycleEvent: "UPDATE" });
  });

  test("an update that the feed refuses fails", async () => {
    answer(502, { error: "no cron" });
    expect(await bench.whisk("trigger", "update", "tick")).toEqual({
      code: 246,
      stdout: "",
      stderr: `error: Unable to update trigger 'tick': Unable to configure feed '${feed}': no cron\n`,
    });
  });

  test("delete tells the feed, and deletes whatever it says", async () => {
    answer(502, { error: "not mine" });
    expect(await bench.whisk("trigger", "delete", "tick")).toEqual({
      code: 0,
      stdout: "ok: deleted trigger tick\n",
      stderr: `warning: Unable to configure feed '${feed}': not mine\n`,
    });
    expect(told()[0]!.body).toMatchObject({ lifecycleEvent: "DELETE", triggerName: "/_/tick" });
    expect(bench.platform.stored("triggers/tick")).toBeUndefined();
  });

  test("delete shows what the feed answers", async () => {
    expect((await bench.whisk("trigger", "delete", "tick")).stdout).toBe(`${activation("{}")}ok: deleted trigger tick\n`);
  });
});

test("an update of what is not there creates it", async () => {
  expect((await bench.whisk("trigger", "update", "news", "-T", "a", "1")).stdout).toBe("ok: created trigger news\n");
  expect(bench.platform.stored("triggers/news")).toMatchObject({ parameters: [{ key: "a", value: 1 }] });
});

describe("flags that do not go together", () => {
  const clash = "Incorrect usage. Cannot combine --feed-param or --trigger-param flag with neither --param nor --param-file flag";

  test.each<[string[], number, string]>([
    [["create", "t", "-p", "a", "A", "-F", "f", "v"], 149, clash],
    [["update", "t", "-p", "a", "A", "-T", "f", "v"], 149, clash],
    [["create", "t", "--param-file", "broken.json", "-F", "f", "v", "-T", "t", "v"], 149, clash],
    [["create", "t", "-F", "f", "v"], 149, "Incorrect usage. Trigger without a feed cannot have feed parameters"],
    [["update", "plain", "-F", "f", "v"], 1, "Unable to configure feed 'plain': this trigger does not contain a feed"],
  ])("%j is refused", async (args, code, message) => {
    writeFileSync(path.join(bench.folder, "broken.json"), "no JSON");
    await bench.whisk("trigger", "create", "plain");
    expect(await bench.whisk("trigger", ...args)).toEqual({ code, stdout: "", stderr: `error: ${message}\n` });
    expect(bench.platform.stored("triggers/t")).toBeUndefined();
  });
});
