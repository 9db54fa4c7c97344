import { useBench } from "../testing/harness";

const bench = useBench();
const id = "44794bd6aab74415b4e42a308d880727";
const row = (name: string, rest: string) => `${name.padEnd(70)} ${rest}\n`;

describe("triggers", () => {
  beforeEach(() => bench.whisk("trigger", "create", "news", "-p", "a", "1"));

  test("fire prints the id", async () => {
    expect(await bench.whisk("trigger", "fire", "news", "-p", "b", "2")).toEqual({
      code: 0,
      stdout: `ok: triggered /_/news with id ${id}\n`,
      stderr: "",
    });
    expect(bench.platform.seen.at(-1)).toMatchObject({ method: "POST", path: "/api/v1/namespaces/_/triggers/news", body: { b: 2 } });
  });

  test("fire tells when nothing listens", async () => {
    bench.platform.answers.set("POST triggers/news", { status: 204 });
    expect(await bench.whisk("trigger", "fire", "news")).toEqual({
      code: 0,
      stdout: "ok: triggered /_/news, but it has no active rule\n",
      stderr: "",
    });
    expect((await bench.whisk("trigger", "fire", "news", "--json")).stdout).toBe("{}\n");
  });

  test("update, get, list and delete", async () => {
    expect((await bench.whisk("trigger", "update", "news", "-a", "description", "what is new")).stdout).toBe("ok: updated trigger news\n");
    expect((await bench.whisk("trigger", "get", "news", "--summary")).stdout).toBe(
      "trigger /guest/news: what is new\n   (parameters: *a)\n",
    );
    expect((await bench.whisk("trigger", "list")).stdout).toBe(`triggers\n${row("/guest/news", "private")}`);
    expect((await bench.whisk("trigger", "delete", "news")).stdout).toBe("ok: deleted trigger news\n");
    expect(await bench.whisk("trigger", "fire", "news")).toEqual({
      code: 148,
      stdout: "",
      stderr: "error: Unable to fire trigger 'news': The requested resource does not exist. (code aTransactionId)\n",
    });
  });

  test("a feed is told when its trigger begins and ends", async () => {
    const feed = "POST actions/alarms/alarm";
    bench.platform.answers.set(feed, { body: {} });
    await bench.whisk("trigger", "create", "tick", "--feed", "/whisk.system/alarms/alarm", "-p", "cron", "* * * * *");
    expect(bench.platform.stored("triggers/tick")).toMatchObject({ annotations: [{ key: "feed", value: "/whisk.system/alarms/alarm" }] });
    expect(bench.platform.stored("triggers/tick")!.parameters).toBeUndefined();
    expect(bench.platform.seen.at(-1)!.body).toMatchObject({ cron: "* * * * *", lifecycleEvent: "CREATE", triggerName: "/_/tick" });
    await bench.whisk("trigger", "delete", "tick");
    expect(
      bench.platform.seen.map(({ method, body }) => [method, (body as { lifecycleEvent?: string } | undefined)?.lifecycleEvent]).slice(-2),
    ).toEqual([
      ["POST", "DELETE"],
      ["DELETE", undefined],
    ]);
  });

  test("a trigger whose feed fails is taken back", async () => {
    bench.platform.answers.set("POST actions/alarms/alarm", { status: 502, body: { error: "no cron" } });
    expect(await bench.whisk("trigger", "create", "tick", "--feed", "alarms/alarm")).toEqual({
      code: 246,
      stdout: "",
      stderr: "error: Unable to create trigger 'tick': Unable to configure feed '/_/alarms/alarm': no cron\n",
    });
    expect(bench.platform.stored("triggers/tick")).toBeUndefined();
  });
});

test("a rule is created, switched, told and deleted", async () => {
  expect((await bench.whisk("rule", "create", "r", "news", "/guest/pkg/tell")).stdout).toBe("ok: created rule r\n");
  expect(bench.platform.stored("rules/r")).toMatchObject({ trigger: "/_/news", action: "/guest/pkg/tell" });
  expect((await bench.whisk("rule", "disable", "r")).stdout).toBe("ok: disabled rule r\n");
  expect((await bench.whisk("rule", "status", "r")).stdout).toBe("ok: rule r is inactive\n");
  expect((await bench.whisk("rule", "enable", "r")).stdout).toBe("ok: enabled rule r\n");
  expect((await bench.whisk("rule", "list")).stdout).toBe(`rules\n${row("/guest/r", `${"private".padEnd(20)} active`)}`);
  expect((await bench.whisk("rule", "get", "r", "status")).stdout).toBe('ok: got rule r, displaying field status\n"active"\n');
  expect((await bench.whisk("rule", "delete", "r", "--disable")).stdout).toBe("ok: deleted rule r\n");
  expect((await bench.whisk("rule", "create", "r", "news")).stderr).toBe(
    "error: Invalid argument(s). A rule, trigger and action name are required.\nRun 'whisk --help' for usage.\n",
  );
});

test("a package is created, shared, bound, listed and deleted", async () => {
  expect((await bench.whisk("package", "create", "tools", "--shared", "yes", "-p", "a", "1")).stdout).toBe("ok: created package tools\n");
  expect(bench.platform.stored("packages/tools")).toMatchObject({ publish: true, parameters: [{ key: "a", value: 1 }] });
  expect((await bench.whisk("package", "bind", "/whisk.system/utils", "mine")).stdout).toBe("ok: created binding mine\n");
  expect(bench.platform.stored("packages/mine")).toMatchObject({ binding: { namespace: "whisk.system", name: "utils" } });
  const rows = [row("/guest/mine", "private"), row("/guest/tools", "shared")];
  expect((await bench.whisk("package", "list", "--name-sort")).stdout).toBe(`packages\n${rows.join("")}`);
  expect((await bench.whisk("package", "delete", "mine")).stdout).toBe("ok: deleted package mine\n");
  expect((await bench.whisk("package", "create", "x", "--shared", "maybe")).code).toBe(1);
});

test("list shows all that is in the namespace", async () => {
  await bench.whisk("trigger", "create", "news");
  expect((await bench.whisk("list")).stdout).toBe(
    `Entities in namespace: default\npackages\nactions\ntriggers\n${row("/guest/news", "private")}rules\n`,
  );
  expect((await bench.whisk("namespace", "list")).stdout).toBe("namespaces\nguest\n");
});
