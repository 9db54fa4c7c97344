import { expectRefusal, Harness } from "../testing/harness";

const NOBODY = { as: null };
const MB = 1024 * 1024;

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

test("GET / tells what OpenWhisk tells: paths, limits in its units, runtimes; nobody needs a key for that", async () => {
  const { body, headers } = await api.get("/", NOBODY);
  expect(body).toEqual({
    description: "OpenWhisk",
    support: { github: expect.stringMatching(/^https:/), slack: expect.stringMatching(/^http/) },
    api_paths: ["/api/v1"],
    runtimes: { nodejs: [{ kind: "nodejs:24", default: true }] },
    limits: {
      actions_per_minute: 2 ** 31 - 1,
      triggers_per_minute: 2 ** 31 - 1,
      concurrent_actions: 2 ** 31 - 1,
      sequence_length: 50,
      min_action_duration: 100,
      max_action_duration: 300_000,
      min_action_memory: 128 * MB,
      max_action_memory: 512 * MB,
      min_action_logs: 0,
      max_action_logs: 10 * MB,
      default_min_action_duration: 100,
      default_max_action_duration: 300_000,
      default_min_action_memory: 128 * MB,
      default_max_action_memory: 512 * MB,
      default_min_action_logs: 0,
      default_max_action_logs: 10 * MB,
    },
  });
  expect(headers["content-type"]).toBe("application/json");
});

test.each(["/api/v1", "/api/v1/"])("GET %s tells the version of the API", async (path) => {
  expect((await api.get(path, NOBODY)).body).toEqual({
    description: "OpenWhisk API",
    api_version: "1.0.0",
    api_version_path: "v1",
    build: "1.2.3",
    buildno: "1.2.3",
    swagger_paths: { ui: "/docs", "api-docs": "/api-docs" },
  });
});

test("GET /ping is answered pong", async () => {
  const { text, headers } = await api.get("/ping", NOBODY);
  expect([text, headers["content-type"]]).toEqual(["pong", "text/plain; charset=utf-8"]);
});

test("GET /health tells whether it takes work", async () => {
  expect((await api.get("/health", NOBODY)).body).toEqual({ status: "ok", pid: process.pid, version: "1.2.3", instance: "instance-1" });
  api.ready = false;
  const draining = await api.get("/health", NOBODY);
  expect([draining.status, draining.body.status]).toEqual([503, "draining"]);
});

test.each(["/", "/ping"])("%s is there to be read only, from any origin", async (path) => {
  const refused = await api.send("post", path, undefined, NOBODY);
  expectRefusal(refused, 405, "HTTP method not allowed, supported methods: GET, OPTIONS");
  expect(refused.headers.allow).toBe("GET, OPTIONS");
  const asked = await api.send("options", path, undefined, NOBODY);
  expect([asked.status, asked.headers["access-control-allow-origin"], asked.headers["access-control-allow-methods"]]).toEqual([200, "*", "OPTIONS, GET, POST"]);
  const { status, text } = await api.send("head", path, undefined, NOBODY);
  expect([status, text]).toEqual([200, undefined]);
});
