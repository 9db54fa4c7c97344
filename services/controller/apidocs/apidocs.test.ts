import { Harness } from "../testing/harness";

const NOBODY = { as: null };
const METHODS = ["get", "put", "post", "delete", "patch"] as const;

interface Description {
  swagger: string;
  basePath: string;
  definitions: Record<string, unknown>;
  responses: Record<string, unknown>;
  paths: Record<string, { parameters?: { name: string }[] } & Record<string, { operationId: string }>>;
}

let api: Harness;
let description: Description;
beforeAll(async () => {
  api = await Harness.start();
  description = (await api.get("/api/v1/api-docs", NOBODY)).body as Description;
});
afterAll(() => api.close());

test("the API is described in Swagger 2.0, with the types that OpenWhisk names; nobody needs a key for that", () => {
  expect(description).toMatchObject({ swagger: "2.0", basePath: "/api/v1", securityDefinitions: { basicAuth: { type: "basic" } } });
  expect(Object.keys(description.definitions)).toEqual(expect.arrayContaining(["KeyValue", "ErrorMessage", "ActionLimits", "Action", "ActionMeta", "ActionPut", "ActionExec", "ActionExecMeta", "Rule", "RuleMeta", "RulePut", "Trigger", "TriggerMeta", "TriggerPut", "Package", "PackagePut", "PackageBinding", "PackageAction", "ActivationBrief", "Activation", "ActivationId", "ActivationLogs", "ActivationResult", "UserLimits"]));
});

test("each reference in it leads somewhere, and each operation has an id of its own", () => {
  const known = new Set(["definitions", "responses"].flatMap((group) => Object.keys(description[group as "definitions"]).map((name) => `#/${group}/${name}`)));
  const references = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target!);
  expect(references.filter((target) => !known.has(target))).toEqual([]);
  const ids = Object.values(description.paths).flatMap((item) => METHODS.filter((method) => item[method]).map((method) => item[method]!.operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

test("whatever is described is served, by these methods and no others", async () => {
  const VALUES: Record<string, string> = { namespace: "_", extension: "json", activationid: "0".repeat(32) };
  for (const [template, item] of Object.entries(description.paths)) {
    if (template.startsWith("/web/")) continue;
    const path = `/api/v1${template.replace(/\{(\w+)\}/g, (_all, name: string) => VALUES[name] ?? "x")}`;
    for (const method of METHODS) {
      const { status, body } = await api.send(method, path, method === "get" || method === "delete" ? undefined : {});
      const found = status !== 405 && (body as { error?: string }).error !== "The requested resource could not be found.";
      if (item[method]) expect({ method, path, found }).toEqual({ method, path, found: true });
      else expect({ method, path, status }).toEqual({ method, path, status: 405 });
    }
  }
});

test.each([
  ["", "/"],
  ["/api/v1", "/api/v1"],
])("people find a page at %s/docs", async (base, shown) => {
  const redirect = await api.get(`${base}/docs`, NOBODY).redirects(0);
  expect([redirect.status, redirect.headers.location]).toEqual([308, `docs/index.html?url=${base}/api-docs`]);
  const page = await api.get(`${base}/docs/index.html`, NOBODY);
  expect(page.headers["content-type"]).toMatch(/^text\/html/);
  expect(page.text).toContain(`<code>${shown}`);
  expect((await api.get(`${base}/api-docs`, NOBODY)).body).toMatchObject({ swagger: "2.0" });
});
