import { rows } from "../support/rows";
import type { Suite } from "../support/suite";

const HEADERS = "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent";
const CORS = { "access-control-allow-origin": "*", "access-control-allow-headers": HEADERS };

/** What a server tells of itself, and what browsers need. */
export function infoCases(suite: Suite): void {
  describe("GET / tells", () => {
    const limits = [
      ...["actions_per_minute", "triggers_per_minute", "concurrent_actions", "sequence_length"],
      ...["min_action_duration", "max_action_duration", "min_action_memory", "max_action_memory", "min_action_logs", "max_action_logs"],
      ...["default_min_action_duration", "default_max_action_duration", "default_min_action_memory", "default_max_action_memory", "default_min_action_logs", "default_max_action_logs"],
    ];

    rows(suite, [
      { does: "the paths of its APIs, to anybody", call: "GET /", as: "nobody", status: 200, gives: { api_paths: ["/api/v1"], description: "OpenWhisk" } },
      { does: "where help is found", call: "GET /", as: "nobody", status: 200, gives: { support: { github: expect.any(String) as string, slack: expect.any(String) as string } } },
    ]);

    test.each(limits)("the limit %s as a number", (name) => expect(suite.information.limits[name]).toEqual(expect.any(Number)));
    test("memory and logs in bytes, durations in milliseconds", () => {
      const { max_action_memory: memory, max_action_duration: duration, min_action_memory: least } = suite.information.limits;
      expect([memory! % 1_048_576, least! % 1_048_576, duration! >= 1000]).toEqual([0, 0, true]);
    });
    test("its runtimes by family, each with what clients read of it", () => {
      for (const family of suite.target.families) {
        for (const runtime of suite.information.runtimes[family]!) {
          expect(runtime).toMatchObject({ kind: expect.stringContaining(":") as string, image: expect.any(String) as string, default: expect.any(Boolean) as boolean, deprecated: expect.any(Boolean) as boolean });
        }
      }
    });
    test("one default of each family", () => {
      for (const versions of Object.values(suite.information.runtimes)) expect(versions.filter((each) => each.default)).toHaveLength(1);
    });
  });

  describe("GET", () => {
    rows(suite, [
      { does: "/ping answers pong", call: "GET /ping", as: "nobody", status: 200, gives: ({ text }) => expect(text).toBe("pong") },
      { does: "/api/v1 tells its version", call: "GET /api/v1", as: "nobody", status: 200, gives: { description: "OpenWhisk API", api_version: "1.0.0", api_version_path: "v1" } },
      { does: "/api/v1/ is the same", call: "GET /api/v1/", as: "nobody", status: 200, gives: { api_version: "1.0.0" } },
      { does: "/api/v1 tells its build", call: "GET /api/v1", as: "nobody", status: 200, gives: { build: expect.any(String) as string, buildno: expect.any(String) as string } },
      { does: "/api/v1 tells where its description is", call: "GET /api/v1", as: "nobody", status: 200, gives: { swagger_paths: { ui: "/docs", "api-docs": "/api-docs" } } },
      { does: "/api/v1/api-docs is its description, for anybody", call: "GET /api/v1/api-docs", as: "nobody", status: 200, gives: { swagger: "2.0", basePath: "/api/v1" } },
      {
        does: "/api/v1/api-docs has the types that clients use",
        call: "GET /api/v1/api-docs",
        status: 200,
        gives: ({ body }) => expect(Object.keys((body as { definitions: object }).definitions)).toEqual(expect.arrayContaining(["Action", "ActionExec", "Activation", "Package", "Rule", "Trigger"])),
      },
      { does: "/api-docs is a description, too", call: "GET /api-docs", as: "nobody", status: 200, gives: { swagger: "2.0" } },
    ]);
  });

  describe("a browser of another origin", () => {
    const paths = ["", "/namespaces", "/namespaces/_/actions", "/namespaces/_/actions/x", "/namespaces/barfoo/packages/foobar", "/namespaces/barfoo/rules", "/namespaces/barfoo/triggers/foobar", "/namespaces/barfoo/activations/foobar/logs", "/bogus/path"];

    test.each(paths)("may ask OPTIONS /api/v1%s without a key", async (path) => {
      const { status, headers } = await suite.api.call(`OPTIONS /api/v1${path}`, { auth: null });
      expect(status).toBe(200);
      expect(headers).toMatchObject({ ...CORS, "access-control-allow-methods": "GET, DELETE, POST, PUT, HEAD" });
    });

    test.each(["actions", "packages", "rules", "triggers", "activations"])("may read the answer of GET %s", async (collection) => {
      expect((await suite.api.call(`GET ${collection}`)).headers).toMatchObject(CORS);
    });

    test("may read the answer of an invocation", async () => {
      const { status, headers } = await suite.api.call(`POST actions/${suite.n("echo")}`);
      expect(status).toBe(202);
      expect(headers).toMatchObject(CORS);
    });
  });
}
