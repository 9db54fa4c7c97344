import type { HttpRequest, HttpResponse } from "../../api/transport";
import { useBench } from "../../testing/harness";

const KEY = "an-admin-key-of-at-least-32-characters";
const AUTH = "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:secret";
const team = { name: "team", uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502", subject: "team", blocked: false, limits: { firesPerMinute: 1 }, keys: [] };

const bench = useBench();
let requests: { method: string; path: string; body: unknown; authorization: string }[];
let answers: (unknown | [number, unknown])[];
beforeEach(() => {
  requests = [];
  answers = [];
});

/** Answers each request with the next one that is planned. */
async function transport({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
  requests.push({ method, path: url.replace("http://platform", ""), body: body === undefined ? undefined : (JSON.parse(body) as unknown), authorization: headers.authorization! });
  const answer = answers.shift();
  const [status, content] = Array.isArray(answer) && typeof answer[0] === "number" ? (answer as [number, unknown]) : [200, answer];
  return { status, headers: {}, text: JSON.stringify(content) };
}

const admin = (...argv: string[]) => bench.whiskWith({ transport, env: { WHISK_APIHOST: "http://platform", STACKWHISK_ADMIN_KEY: KEY } }, "admin", ...argv);
const sent = () => requests.map(({ method, path, body }) => [method, path, ...(body === undefined ? [] : [body])]);

test("create shows the key; limits have the words of wskadmin", async () => {
  answers = [[201, { ...team, auth: AUTH }]];
  const flags = ["--invocationsPerMinute", "5", "--allowedKinds", "nodejs:24", "--allowedKinds", "blackbox", "--storeActivations", "false", "--maxParameterSize", "1 KB", "--subject", "us"];
  expect(await admin("create", "team", ...flags)).toEqual({ code: 0, stdout: `ok: created namespace team\n${AUTH}\n`, stderr: "" });
  expect(sent()).toEqual([
    ["PUT", "/admin/v1/namespaces/team/?overwrite=false", { subject: "us", limits: { invocationsPerMinute: 5, allowedKinds: ["nodejs:24", "blackbox"], storeActivations: false, maxParameterSize: "1 KB" } }],
  ]);
  expect(requests[0]!.authorization).toBe(`Bearer ${KEY}`);
});

test("get, list and delete", async () => {
  answers = [team, [{ ...team, keys: 2 }, { ...team, name: "other", blocked: true, keys: 0 }], team];
  expect((await admin("get", "team")).stdout).toBe(`ok: got namespace team\n${JSON.stringify(team, null, 4)}\n`);
  expect((await admin("list", "--limit", "2")).stdout).toBe("Namespace Keys State   Subject\nteam         2 open    team\nother        0 blocked team\n");
  expect((await admin("delete", "team", "--force")).stdout).toBe("ok: deleted namespace team\n");
  expect(sent()).toEqual([
    ["GET", "/admin/v1/namespaces/team/"],
    ["GET", "/admin/v1/namespaces?limit=2&skip=0"],
    ["DELETE", "/admin/v1/namespaces/team/?force=true"],
  ]);
});

test("block and unblock take several, and make none", async () => {
  answers = [team, team, team, team];
  expect((await admin("block", "a", "b")).stdout).toBe("ok: blocked namespace a\nok: blocked namespace b\n");
  answers = [[404, { error: "There is no namespace 'c'.", code: "x" }]];
  expect(await admin("unblock", "c")).toMatchObject({ code: 148, stderr: "error: Unable to unblock namespace 'c': There is no namespace 'c'. (code x)\n" });
  expect(sent()).toEqual([
    ["GET", "/admin/v1/namespaces/a/"],
    ["PUT", "/admin/v1/namespaces/a/", { blocked: true }],
    ["GET", "/admin/v1/namespaces/b/"],
    ["PUT", "/admin/v1/namespaces/b/", { blocked: true }],
    ["GET", "/admin/v1/namespaces/c/"],
  ]);
});

test("limits are shown, set beside those that there are, and taken away", async () => {
  answers = [{ ...team, effectiveLimits: { firesPerMinute: 1, invocationsPerMinute: 60 } }, team, team, team, team];
  expect((await admin("limits", "team")).stdout).toBe('ok: limits of namespace team\n{\n    "firesPerMinute": 1,\n    "invocationsPerMinute": 60\n}\n');
  expect((await admin("limits", "team", "--maxActionMemory", "256")).stdout).toBe("ok: set limits of namespace team\n");
  expect((await admin("limits", "team", "--reset")).stdout).toBe("ok: reset limits of namespace team\n");
  expect(sent().filter(([method]) => method === "PUT")).toEqual([
    ["PUT", "/admin/v1/namespaces/team/", { limits: { firesPerMinute: 1, maxActionMemory: 256 } }],
    ["PUT", "/admin/v1/namespaces/team/", { limits: {} }],
  ]);
  expect(await admin("limits", "team", "--storeActivations", "maybe")).toMatchObject({ code: 2, stderr: expect.stringContaining("--storeActivations must be true or false") as string });
});

test("keys are listed without secrets, added, rotated and removed", async () => {
  const key = { id: "0123456789ab", created: "2026-01-01T00:00:00.000Z", auth: AUTH };
  answers = [[{ id: "aaaaaaaaaaaa" }, { id: "bbbbbbbbbbbb", created: key.created, expires: key.created }], [201, key], [201, key], [201, key], team];
  expect((await admin("keys", "team")).stdout).toBe(
    "Key          Created                  Expires\naaaaaaaaaaaa configuration            never\nbbbbbbbbbbbb 2026-01-01T00:00:00.000Z 2026-01-01T00:00:00.000Z\n",
  );
  expect((await admin("add-key", "team", "--expires-in", "60")).stdout).toBe(`ok: added key 0123456789ab to namespace team\n${AUTH}\n`);
  expect((await admin("rotate-key", "team")).stdout).toBe(`ok: rotated key of namespace team: 0123456789ab is good now, others end in 3600 s\n${AUTH}\n`);
  await admin("rotate-key", "team", "--overlap", "0");
  expect((await admin("remove-key", "team", "0123456789ab")).stdout).toBe("ok: removed key 0123456789ab of namespace team\n");
  expect(sent()).toEqual([
    ["GET", "/admin/v1/namespaces/team/keys"],
    ["POST", "/admin/v1/namespaces/team/keys", { expiresIn: 60 }],
    ["POST", "/admin/v1/namespaces/team/keys", { othersExpireIn: 3600 }],
    ["POST", "/admin/v1/namespaces/team/keys", { othersExpireIn: 0 }],
    ["DELETE", "/admin/v1/namespaces/team/keys/0123456789ab"],
  ]);
});

test("--json prints what the platform said, and a refusal as it is", async () => {
  answers = [team, [409, { error: "The namespace 'team' exists already.", code: "x" }]];
  expect((await admin("get", "team", "--json")).stdout).toBe(`${JSON.stringify(team, null, 4)}\n`);
  const refused = await admin("create", "team", "--json");
  expect(refused.code).toBe(409 % 256);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: "The namespace 'team' exists already.", status: 409 });
});

test("the admin key is asked for by name, comes from a flag first, and is shown nowhere", async () => {
  const none = await bench.whiskWith({ transport, env: { WHISK_APIHOST: "http://platform", WHISK_AUTH: AUTH } }, "admin", "list");
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("The admin key is not configured: --admin-key KEY, or STACKWHISK_ADMIN_KEY.") as string });
  answers = [[]];
  const shown = await admin("list", "--admin-key", `${KEY}-2`, "-d");
  expect(requests).toMatchObject([{ authorization: `Bearer ${KEY}-2` }]);
  expect(shown.stderr).not.toContain(KEY);
});

test.each([["create"], ["create", "a", "b"], ["remove-key", "a"], ["list", "a"], ["block"]])("admin %s %s is refused before anything is sent", async (...argv) => {
  expect(await admin(...argv)).toMatchObject({ code: 1, stderr: expect.stringContaining("Invalid argument(s)") as string });
  expect(requests).toEqual([]);
});
