import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { request } from "undici";
import { until } from "../../support/until";
import { successful, whiskIn, type Whisk } from "../../support/whisk";
import type { StartPlatform, TestedPlatform } from "./platform";

/** That what the documentation of OpenWhisk does with `wsk` is done the same way with `whisk`. */
export function commandLineCases(start: StartPlatform): void {
  let platform: TestedPlatform;
  let folder: string;
  let run: Whisk;

  const whisk = (...args: string[]): Promise<string> => successful(run, ...args);
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return name;
  };
  const json = (text: string): unknown => JSON.parse(text.slice(text.search(/^[[{]/m)));

  beforeAll(async () => {
    platform = await start();
    folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-cli-"));
    run = whiskIn(folder, platform);
    file("echo.js", "function main(params) { return params }");
    await whisk("action", "create", "echo", "echo.js");
  });
  afterAll(async () => {
    await platform.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("an action on the web, with and without a secret", async () => {
    const status = async (url: string, headers = {}) => {
      const answer = await request(`${url}.json?a=1`, { headers });
      await answer.body.dump();
      return answer.statusCode;
    };
    await whisk("action", "create", "page", "echo.js", "--web", "true");
    const url = (await whisk("action", "get", "page", "--url")).split("\n")[1]!;
    expect(url).toBe(`${platform.apiHost}/api/v1/web/guest/default/page`);
    expect(await status(url)).toBe(200);
    await whisk("action", "update", "page", "--web", "true", "--web-secure", "my-secret");
    const secured = [() => status(url), () => status(url, { "x-require-whisk-auth": "my-secret" })];
    expect(await Promise.all(secured.map((ask) => ask()))).toEqual([401, 200]);
    await whisk("action", "update", "page", "--web-secure", "false");
    expect(await status(url)).toBe(200);
    await whisk("action", "update", "page", "--web", "no");
    expect(await status(url)).toBe(404);
  });

  test("code is saved as it was created, a copy runs like the original", async () => {
    const code = 'function main({ greeting, name }) { return { text: greeting + ", " + name } }\n';
    await whisk("action", "create", "greet", file("greet.js", code), "-p", "greeting", "Hi");
    await whisk("action", "create", "greet2", "greet", "--copy", "-p", "name", "Ada");
    expect(json(await whisk("action", "invoke", "greet2", "-r"))).toEqual({ text: "Hi, Ada" });
    await whisk("action", "get", "greet2", "--save");
    expect(readFileSync(path.join(folder, "greet2.js"), "utf8")).toBe(code);
  });

  test("a sequence of actions in packages, with a text of more than one line", async () => {
    file("split.js", 'function main({ payload }) { return { lines: payload.split("\\n") } }');
    file("sort.js", "function main({ lines }) { return { lines: lines.sort() } }");
    await whisk("package", "create", "utils", "--shared", "yes");
    await whisk("action", "create", "utils/split", "split.js");
    await whisk("action", "create", "utils/sort", "sort.js");
    await whisk("action", "create", "mySequence", "--sequence", "/guest/utils/split,utils/sort");
    const haiku = "Over-ripe sushi,\\nThe Master\\nIs full of regret.";
    expect(json(await whisk("action", "invoke", "--result", "mySequence", "--param", "payload", haiku))).toEqual({
      lines: ["Is full of regret.", "Over-ripe sushi,", "The Master"],
    });
  });

  test("a binding has parameters of its own", async () => {
    await whisk("package", "create", "samples", "-p", "place", "Kansas", "-p", "name", "Dorothy", "-a", "description", "greets");
    await whisk("action", "create", "samples/echo", "echo.js");
    await whisk("package", "bind", "/guest/samples", "mine", "--param", "place", "Valhalla");
    expect(json(await whisk("action", "invoke", "mine/echo", "--result", "-p", "name", "Odin"))).toEqual({ place: "Valhalla", name: "Odin" });
    expect(await whisk("package", "get", "samples", "--summary")).toBe(
      "package /guest/samples: greets\n   (parameters: *name, *place)\n action /guest/samples/echo\n   (parameters: none defined)\n",
    );
  });

  test("a feed is told of the whole life of its trigger, and may fire it with what it is told", async () => {
    await whisk("package", "create", "feeds");
    await whisk("action", "create", "feeds/echo", "echo.js", "-a", "feed", "true");
    const event = (text: string) => /"lifecycleEvent": "(\w+)"/.exec(text)?.[1];
    const heard = [
      await whisk("trigger", "create", "fed", "--feed", "feeds/echo", "-F", "cron", "* * * * *", "-T", "who", "me"),
      await whisk("trigger", "get", "fed"),
      await whisk("trigger", "update", "fed", "-F", "cron", "0 * * * *"),
      await whisk("trigger", "delete", "fed"),
    ];
    expect(heard.map(event)).toEqual(["CREATE", "READ", "UPDATE", "DELETE"]);
    expect(heard[0]).toContain(`"authKey": "${platform.auth}"`);
    expect((await run("trigger", "get", "fed")).status).toBe(148);
  });

  test("a trigger whose feed fails is not created", async () => {
    const { status, stderr } = await run("trigger", "create", "unfed", "--feed", "echo", "-p", "error", "no such database");
    expect([status, stderr]).toEqual([
      246,
      "error: Unable to create trigger 'unfed': Unable to configure feed '/_/echo': no such database\n",
    ]);
    expect((await run("trigger", "get", "unfed")).status).toBe(148);
  });

  test("a rule is switched off and on, and told in the list", async () => {
    await whisk("trigger", "create", "news");
    await whisk("rule", "create", "tell", "news", "echo");
    expect(await whisk("rule", "get", "tell", "--summary")).toBe("rule /guest/tell\n   (status: active)\n");
    await whisk("rule", "disable", "tell");
    expect(await whisk("rule", "list")).toMatch(/^rules\n\/guest\/tell +private +inactive\n$/);
    expect(await whisk("trigger", "fire", "news")).toBe("ok: triggered /_/news, but it has no active rule\n");
    await whisk("rule", "enable", "tell");
    expect(await whisk("rule", "status", "tell")).toBe("ok: rule tell is active\n");
    expect(await whisk("trigger", "fire", "news")).toMatch(/with id [0-9a-f]{32}\n$/);
    expect(await whisk("rule", "delete", "tell", "--disable")).toBe("ok: deleted rule tell\n");
  });

  test("limits are set, and what is beyond them is refused", async () => {
    await whisk("action", "create", "small", "echo.js", "-t", "5000", "-m", "128", "-l", "1", "--concurrency=1");
    expect(json(await whisk("action", "get", "small", "limits"))).toEqual({ timeout: 5000, memory: 128, logs: 1, concurrency: 1 });
    const { status, stderr } = await run("action", "update", "small", "-m", "32768");
    expect([status, stderr]).toEqual([144, expect.stringMatching(/^error: Unable to create action 'small': .*allowed threshold/)]);
  });

  test("an error of the action exits with 246, a name that is not there with 148, one that is taken with 153", async () => {
    const failed = await run("action", "invoke", "echo", "-r", "-p", "error", "oops");
    expect([failed.status, failed.stdout, JSON.parse(failed.stderr)]).toEqual([246, "", { error: "oops" }]);
    expect((await run("action", "invoke", "none")).status).toBe(148);
    expect((await run("action", "create", "echo", "echo.js")).status).toBe(153);
    expect((await run("action", "list", "-u", "no:body")).status).toBe(145);
  });

  test("polling prints the logs of what ran", async () => {
    await whisk("action", "create", "talk", file("talk.js", 'function main() { console.log("hear me"); return {} }'));
    const { activationId } = json(await whisk("action", "invoke", "talk", "--blocking")) as { activationId: string };
    await until("the activation is there", async () => (await run("activation", "get", activationId)).status === 0);
    const polled = await whisk("activation", "poll", "talk", "--since-minutes", "5", "--exit", "1");
    expect(polled).toMatch(new RegExp(`\\nActivation: 'talk' \\(${activationId}\\)\\n\\[\\n .* stdout: hear me"\\n\\]\\n`));
    expect(await whisk("activation", "logs", activationId, "--strip")).toBe("hear me\n");
    expect(await whisk("activation", "list", "--limit", "1", "talk")).toContain(activationId);
  });

  test("words are completed with what is on the platform", async () => {
    expect((await whisk("__complete", "--", "action", "invoke", "--result", "ech")).split("\n")).toEqual(["echo", ""]);
    expect(await whisk("__complete", "--", "action", "get", "/guest/utils/")).toBe("/guest/utils/sort\n/guest/utils/split\n");
  });
}
