import fc from "fast-check";
import http from "node:http";
import { anAction, identityOf } from "../core/testing/fixtures";
import { seed } from "../core/testing/memoryStore";
import { CODE, Harness, type Options } from "./testing/harness";

let api: Harness;
let agent: http.Agent;
beforeAll(async () => {
  api = await Harness.start();
  agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  await api.have(["actions/hello", CODE], ["packages/p", {}], ["actions/p/hello", CODE], ["triggers/bell", {}], ["rules/r", { trigger: "/_/bell", action: "/_/hello" }]);
  for (const as of ["guest", "other"]) await api.have(...KEPT.map(([path, body]): [string, unknown, Options] => [path, body, { as }]));
  await api.world.store.code.put("sha", "function main() {}");
  await seed(api.world.store, anAction("page", { annotations: [{ key: "web-export", value: true }] }));
});
afterAll(async () => {
  agent.destroy();
  await api.close();
});

/** What no call means. */
const KEPT: [path: string, body: unknown][] = [
  ["packages/keepers", { publish: true, parameters: [{ key: "__proto__", value: { a: 1 } }] }],
  ["actions/keepers/keep", CODE],
  ["actions/keep", { ...CODE, annotations: [{ key: "constructor", value: "é\u0000" }] }],
  ["triggers/kept", { parameters: [{ key: "a", value: [null, { b: 1.5 }] }] }],
  ["rules/keeping", { trigger: "/_/kept", action: "/_/keep" }],
];
const kept = () => Promise.all(["guest", "other"].flatMap((as) => KEPT.map(async ([path]) => (await api.get(path, { as })).text)));

interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer;
}

const evil = fc.constantFrom("..", "%2e%2e", "%2F", "%00", "%", "%E0", "__proto__", "constructor", "_", "guest", "other", "default", "é", "a b", "*", ":name", "()", "\\", "x".repeat(300));
const segment = fc.oneof(fc.constantFrom("api", "v1", "web", "namespaces", "actions", "triggers", "rules", "packages", "activations", "hello", "p", "bell", "r", "page", "page.json", "page.http", "0".repeat(32)), evil, fc.string());
const encoded = segment.map((text) => text.replace(/[^\x21-\x7e]|[?#]/gu, encodeURIComponentSafe));
const known = fc.constantFrom("actions/hello", "actions/p/hello", "actions/p/", "actions/fresh", "triggers/bell", "rules/r", "packages/p", "packages/fresh", "activations", "actions", "dead-letters", `dead-letters/${"0".repeat(32)}`);
const path = fc.oneof(
  { weight: 6, arbitrary: known.map((rest) => `/api/v1/namespaces/_/${rest}`) },
  { weight: 2, arbitrary: fc.constantFrom("", ".json", ".html", ".text", ".svg/a/b").map((rest) => `/api/v1/web/guest/default/page${rest}`) },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom("_", "guest", "other"), fc.constantFrom("actions", "triggers", "rules", "packages", "activations", "dead-letters"), fc.array(encoded, { maxLength: 3 })).map(([ns, collection, rest]) => ["", "api/v1/namespaces", ns, collection, ...rest].join("/")) },
  { weight: 2, arbitrary: fc.array(encoded, { maxLength: 4 }).map((rest) => ["", "api/v1/web/guest", ...rest].join("/")) },
  { weight: 1, arbitrary: fc.constantFrom("", "/guest", "/other", "/fresh", "/other/keys").map((rest) => `/admin/v1/namespaces${rest}`) },
  { weight: 1, arbitrary: fc.array(encoded, { maxLength: 6 }).map((rest) => `/${rest.join("/")}`) },
);
const query = fc
  .array(fc.tuple(fc.constantFrom("limit", "skip", "count", "docs", "name", "since", "upto", "blocking", "result", "timeout", "overwrite", "force", "code", "__proto__", "__ow_body", "a[b]"), fc.oneof(fc.constantFrom("true", "false", "0", "1", "-1", "1e9", "200", ""), fc.string())), { maxLength: 4 })
  .map((pairs) => pairs.map((pair) => pair.map(encodeURIComponentSafe).join("=")).join("&"));
const key = fc.constantFrom("exec", "kind", "code", "image", "components", "parameters", "annotations", "limits", "timeout", "memory", "version", "publish", "binding", "namespace", "name", "trigger", "action", "status", "key", "value", "init", "__proto__", "constructor", "toString", "delAnnotations");
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.constantFrom<unknown>("nodejs:24", "sequence", "blackbox", "hello", "/_/bell", "bell", "__proto__", "", null, true, 1e308, -0), fc.jsonValue()),
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie("leaf"), fc.array(tie("node"), { maxLength: 3 }), fc.array(fc.tuple(key, tie("node")), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs))),
})).node;
const body = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.tuple(key, value), { maxLength: 5 }).map((pairs) => JSON.stringify(Object.fromEntries(pairs))) },
  { weight: 1, arbitrary: value.map((any) => JSON.stringify(any) ?? "") },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constant("") },
);
const headers = fc.record(
  {
    "content-type": fc.oneof({ weight: 6, arbitrary: fc.constant("application/json") }, { weight: 2, arbitrary: fc.constantFrom("application/x-www-form-urlencoded", "text/plain", "application/json; charset=x", "multipart/form-data", ";", "a/b; =") }),
    "content-encoding": fc.oneof({ weight: 8, arbitrary: fc.constant("identity") }, { weight: 1, arbitrary: fc.constantFrom("gzip", "br", "deflate", "x") }),
    "x-request-id": fc.constantFrom("id", "a b", "<>", "x".repeat(500)),
    "x-require-whisk-auth": fc.constant("x"),
    "access-control-request-headers": fc.constantFrom("x-a", "a, b", "*"),
    accept: fc.constantFrom("*/*", "text/html", "nothing"),
    authorization: fc.constantFrom("Basic", "Basic ====", "Bearer x", `Basic ${Buffer.from("a:b").toString("base64")}`),
  },
  { requiredKeys: [] },
);
const call: fc.Arbitrary<Call> = fc
  .record({ method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND"), path, query, headers, body, withKey: fc.nat(9) })
  .map(({ withKey, query: search, path: at, ...rest }) => ({
    ...rest,
    path: search === "" ? at : `${at}?${search}`,
    headers: withKey > 0 ? { ...rest.headers, authorization: `Basic ${Buffer.from(`${identityOf("guest").uuid}:secret of guest`).toString("base64")}` } : rest.headers,
  }));

test("whatever comes in: never a 5xx, never a hang, each refusal is JSON with error and code, and nothing changes that was not meant", async () => {
  const before = await kept();
  await fc.assert(
    fc.asyncProperty(call, async (one) => {
      const { status, text, id } = await exchange(api.port, one);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
      if (status >= 400 && one.method !== "HEAD") expect(JSON.parse(text)).toEqual({ error: expect.any(String), code: id });
    }),
    { numRuns: 1_500 },
  );
  expect(await kept()).toEqual(before);
  expect(api.world.logged).toEqual([]);
}, 60_000);

function exchange(port: number, { method, path: at, headers: given, body: content }: Call): Promise<{ status: number; text: string; id: unknown }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, agent, method, path: at, headers: { ...given, "content-length": Buffer.byteLength(content) } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString(), id: response.headers["x-request-id"] }));
      response.on("error", reject);
    });
    request.setTimeout(5_000, () => request.destroy(new Error(`no answer to ${method} ${at}`)));
    request.on("error", reject);
    request.end(content);
  });
}

function encodeURIComponentSafe(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
}
