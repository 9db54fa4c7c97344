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
  expect(await bench.whisk("package", "create", "x", "--shared", "maybe")).toMatchObject({
    code: 1,
    stderr: "error: Cannot use value 'maybe' for shared.\nRun 'whisk --help' for usage.\n",
  });
});

test("a binding is called what it was called, and may be overwritten", async () => {
  const bind = (...flags: string[]) => bench.whisk("package", "bind", "/whisk.system/utils", "/guest/mine", "-p", "a", "1", ...flags);
  expect((await bind()).stdout).toBe("ok: created binding /guest/mine\n");
  expect(await bind()).toMatchObject({
    code: 153,
    stderr: "error: Binding creation failed: resource already exists (code aTransactionId)\n",
  });
  expect((await bind("-o")).code).toBe(0);
});

test("a failed update of a package says so", async () => {
  bench.platform.answers.set("PUT packages/tools", { status: 403, body: { error: "no", code: "x" } });
  expect((await bench.whisk("package", "update", "tools")).stderr).toBe("error: Package update failed: no (code x)\n");
});

test("the summary of a package tells its actions and feeds", async () => {
  const member = (name: string) => ({ name, annotations: [{ key: "description", value: `is ${name}` }] });
  bench.platform.answers.set("GET packages/alarms", {
    body: { namespace: "whisk.system", name: "alarms", actions: [member("once")], feeds: [member("alarm")] },
  });
  expect((await bench.whisk("package", "get", "/whisk.system/alarms", "--summary")).stdout).toBe(
    "package /whisk.system/alarms\n   (parameters: none defined)\n" +
      " action /whisk.system/alarms/once: is once\n   (parameters: none defined)\n" +
      " feed   /whisk.system/alarms/alarm: is alarm\n   (parameters: none defined)\n",
  );
});

test("package refresh tells what changed, or that the platform has no such thing", async () => {
  expect(await bench.whisk("package", "refresh")).toEqual({
    code: 148,
    stdout: "",
    stderr: "error: The package refresh feature is not implemented in the target deployment\n",
  });
  bench.platform.answers.set("POST packages/refresh", { body: { added: ["a"], deleted: ["d"] } });
  expect((await bench.whisk("package", "refresh", "/guest")).stdout).toBe(
    "'guest' refreshed successfully\ncreated bindings:\na\nupdated bindings:\ndeleted bindings:\nd\n",
  );
});

test.each([
  ["package", "list"],
  ["package", "refresh"],
  ["rule", "list"],
  ["trigger", "list"],
])("%s %s takes a namespace, not a name", async (...words) => {
  expect(await bench.whisk(...words, "invalidArg")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "error: An entity name, 'invalidArg', was provided instead of a namespace. Valid namespaces are of the following format: /NAMESPACE.\nRun 'whisk --help' for usage.\n",
  });
});

test.each([
  ["action", "get"],
  ["package", "delete"],
  ["trigger", "fire"],
  ["rule", "enable"],
])("%s %s needs more than the name of a namespace", async (...words) => {
  expect(await bench.whisk(...words, "/guest")).toEqual({
    code: 1,
    stdout: "",
    stderr: "error: '/guest' is not a valid qualified name: A valid qualified name must be specified.\nRun 'whisk --help' for usage.\n",
  });
});

test("a rule that is gone meanwhile is not listed", async () => {
  bench.platform.entities.set("rules/gone", { namespace: "guest", name: "gone" });
  bench.platform.answers.set("GET rules/gone", { status: 404, body: { error: "gone", code: "x" } });
  expect(await bench.whisk("rule", "list")).toEqual({ code: 0, stdout: "rules\n", stderr: "" });
});

test("a field that an entity does not have is shown empty", async () => {
  await bench.whisk("trigger", "create", "news");
  expect((await bench.whisk("trigger", "get", "news", "activationid")).stdout).toBe(
    'ok: got trigger news, displaying field activationid\n""\n',
  );
});

test("list shows all that is in the namespace", async () => {
  await bench.whisk("trigger", "create", "news");
  expect((await bench.whisk("list")).stdout).toBe(
    `Entities in namespace: default\npackages\nactions\ntriggers\n${row("/guest/news", "private")}rules\n`,
  );
  expect((await bench.whisk("namespace", "list")).stdout).toBe("namespaces\nguest\n");
  expect((await bench.whisk("namespace", "get", "/_")).stdout).toMatch(/^Entities in namespace: default\n/);
  expect((await bench.whisk("namespace", "get", "invalidArg")).stderr).toBe(
    "error: Invalid argument(s): invalidArg. No arguments are required.\nRun 'whisk --help' for usage.\n",
  );
  expect((await bench.whisk("list", "-u", "no:body")).stderr).toMatch(
    /^error: Unable to obtain the list of entities for namespace 'default': The supplied authentication is invalid\./,
  );
});
