import { rows } from "../support/rows";
import type { Suite } from "../support/suite";

const WRONG = "23bc46b1-0000-4ed5-8c54-816aa4f8c502:no";

/** Who may, and how refusals look. */
export function errorCases(suite: Suite): void {
  const { n } = suite;
  const echo = n("echo");

  describe("authentication", () => {
    const invalid = "The supplied authentication is invalid";
    const missing = "The resource requires authentication, which was not supplied with the request";
    rows(suite, [
      { does: "is required", call: "GET /api/v1/namespaces", as: "nobody", status: 401, error: missing },
      { does: "is required to list", call: "GET actions", as: "nobody", status: 401, error: missing },
      { does: "is required to invoke", call: `POST actions/${echo}`, as: "nobody", status: 401, error: missing },
      { does: "is required before a body is looked at", call: `PUT actions/${echo}`, as: "nobody", raw: { type: "application/json", text: "{" }, status: 401, error: missing },
      { does: "by an unknown key fails", call: "GET actions", as: { auth: WRONG }, status: 401, error: invalid },
      { does: "by a user that is no UUID fails", call: "GET actions", as: { auth: "guest:secret" }, status: 401, error: invalid },
      { does: "by an empty user fails", call: "GET actions", as: { auth: ":secret" }, status: 401, error: invalid },
      { does: "by credentials without a colon fails", call: "GET actions", as: { auth: "nonsense" }, status: 401, error: invalid },
      { does: "of another scheme is none", call: "GET actions", as: "nobody", headers: { authorization: "Bearer abc" }, status: 401, error: missing },
      { does: "that fails says which is asked for", call: "GET actions", as: { auth: WRONG }, status: 401, gives: ({ headers }) => expect(headers["www-authenticate"]).toMatch(/^Basic realm="?OpenWhisk secure realm/) },
    ]);

    test("by the right user with a wrong password fails", async () => {
      const { status, body } = await suite.api.call("GET actions", { auth: `${suite.api.auth.split(":")[0]!}:${"x".repeat(64)}` });
      expect([status, body.error]).toEqual([401, invalid]);
    });
  });

  describe("a transaction id", () => {
    rows(suite, [
      { does: "is in each answer", call: "GET actions", status: 200, gives: ({ headers }) => expect(headers["x-request-id"]).toMatch(/^[A-Za-z0-9]{32}$/) },
      { does: "is the caller's if it brings one", call: "GET actions", headers: { "x-request-id": "mine-1" }, status: 200, gives: ({ headers }) => expect(headers["x-request-id"]).toBe("mine-1") },
      { does: "is the code of an error", call: `GET actions/${n("none")}`, headers: { "x-request-id": "mine-2" }, status: 404, gives: { code: "mine-2" } },
      { does: "is in a 401, too", call: "GET actions", as: "nobody", headers: { "x-request-id": "mine-3" }, status: 401, gives: { code: "mine-3" } },
      { does: "cannot look like the system's own", call: "GET actions", headers: { "x-request-id": "sid_mine" }, status: 200, gives: ({ headers }) => expect(headers["x-request-id"]).not.toBe("sid_mine") },
      {
        does: "of an error is in header and body",
        call: `GET actions/${n("none")}`,
        status: 404,
        gives: ({ headers, body }) => expect((body as { code: string }).code).toBe(headers["x-request-id"]),
      },
    ]);
  });

  describe("namespaces:", () => {
    const notMine = "The supplied authentication is not authorized to access 'not-mine'.";
    rows(suite, [
      { does: "the list has exactly the own one", call: "GET /api/v1/namespaces", status: 200, gives: ({ body }) => expect(body).toEqual([suite.namespace]) },
      { does: "a trailing slash changes nothing", call: "GET /api/v1/namespaces/", status: 200, gives: ({ body }) => expect(body).toEqual([suite.namespace]) },
      { does: "one alone cannot be got", call: "GET /api/v1/namespaces/{ns}", status: 404 },
      { does: "one cannot be put", call: "PUT /api/v1/namespaces/{ns}", status: 404 },
      { does: "one cannot be deleted", call: "DELETE /api/v1/namespaces/{ns}", status: 404 },
      { does: "_ is the own one", call: `GET /api/v1/namespaces/_/actions/${echo}`, status: 200, gives: { namespace: "{ns}", name: echo } },
      { does: "the own one can be named", call: `GET /api/v1/namespaces/{ns}/actions/${echo}`, status: 200, gives: { namespace: "{ns}", name: echo } },
      ...["actions", "triggers", "rules", "activations", "limits"].map((collection) => ({ does: `another's ${collection} are forbidden`, call: `GET /api/v1/namespaces/not-mine/${collection}`, status: 403, error: notMine })),
      { does: "another's packages are none", call: "GET /api/v1/namespaces/not-mine/packages", status: 200, gives: ({ body }) => expect(body).toEqual([]) },
      { does: "another's packages are counted as none", call: "GET /api/v1/namespaces/not-mine/packages?count=true", status: 200, gives: ({ body }) => expect(body).toEqual({ packages: 0 }) },
      { does: "another's action is forbidden, whether it exists or not", call: "GET /api/v1/namespaces/not-mine/actions/x", status: 403, error: "The supplied authentication is not authorized to access 'not-mine/x'." },
      { does: "another's package is forbidden", call: "GET /api/v1/namespaces/not-mine/packages/x", status: 403, error: "The supplied authentication is not authorized to access 'not-mine/x'." },
      { does: "nothing is put into another's", call: "PUT /api/v1/namespaces/not-mine/triggers/x", body: {}, status: 403, error: "The supplied authentication is not authorized to access 'not-mine/x'." },
      { does: "nothing is deleted from another's", call: "DELETE /api/v1/namespaces/not-mine/rules/x", status: 403, error: "The supplied authentication is not authorized to access 'not-mine/x'." },
      { does: "nothing is invoked in another's", call: "POST /api/v1/namespaces/not-mine/actions/x", status: 403, error: "The supplied authentication is not authorized to access 'not-mine/x'." },
      { does: "a name with illegal characters is refused", call: "GET /api/v1/namespaces/a$b/actions", status: 400, error: "The namespace contains illegal characters." },
      { does: "a name that is too long is refused", call: `GET /api/v1/namespaces/${"a".repeat(257)}/actions`, status: 400, error: "Namespace longer than allowed: 257 > 256." },
    ]);
  });

  describe("what is not there:", () => {
    rows(suite, [
      { does: "an unknown path below the API", call: "GET /api/v1/bogus", status: 404, error: "The requested resource could not be found." },
      { does: "something below the documentation", call: "GET /api/v1/docs/dummy", status: 404 },
      { does: "an unknown path elsewhere", call: "GET /bogus", as: "nobody", status: 404, error: "The requested resource could not be found." },
      { does: "an unknown collection", call: "GET bogus", status: 404, error: "The requested resource could not be found." },
      { does: "something below a trigger", call: `GET triggers/${echo}/bar`, status: 404 },
      { does: "something below a rule", call: `GET rules/${echo}/bar`, status: 404 },
      { does: "something below an action in a package", call: "GET actions/a/b/c", status: 404 },
    ]);
  });

  describe("a truth value", () => {
    const bad = (name: string, value: string) => `The query parameter '${name}' was malformed:\n'${value}' is not a valid Boolean value`;
    rows(suite, [
      { does: "is asked for whether code is wanted", call: `GET actions/${echo}?code=maybe`, status: 400, error: bad("code", "maybe") },
      { does: "is asked for before it is looked whether there is such an action", call: `GET actions/${n("none")}?code=maybe`, status: 400, error: bad("code", "maybe") },
      { does: "is asked for whether a call blocks before it is looked whether there is such an action", call: `POST actions/${n("none")}?blocking=maybe`, status: 400, error: bad("blocking", "maybe") },
      { does: "is asked for whether a package goes with what is in it", call: `DELETE packages/${n("none")}?force=maybe`, status: 400, error: bad("force", "maybe") },
      ...["true", "TRUE", "yes", "on", "1"].map((value) => ({ does: `is ${value}`, call: `GET activations?count=${value}`, status: 200, gives: { activations: expect.any(Number) as number } })),
      ...["false", "No", "off", "0", ""].map((value) => ({ does: `is not ${value || "empty"}`, call: `GET activations?count=${value}`, status: 200, gives: ({ body }: { body: unknown }) => expect(Array.isArray(body)).toBe(true) })),
    ]);
  });

  describe("a path", () => {
    rows(suite, [{ does: "has at most 8192 characters", call: `GET actions?x=${"a".repeat(8192)}`, status: 414, error: "URI length exceeds the configured limit of 8192 characters" }]);
  });

  describe("an answer in another form than JSON", () => {
    const only = "Resource representation is only available with these types:\napplication/json";
    rows(suite, [
      ...["text/plain", "application/xml", "image/*"].map((accept) => ({ does: `is not to be had as ${accept}`, call: "GET actions", headers: { accept }, status: 406, error: only })),
      ...["application/json", "application/*", "*/*", "text/html, */*;q=0.1"].map((accept) => ({ does: `is not asked for by ${accept}`, call: "GET actions", headers: { accept }, status: 200 })),
    ]);
  });

  describe("a method that is not allowed:", () => {
    const id = "0".repeat(32);
    const allowed = /^HTTP method not allowed, supported methods: /;
    rows(suite, [
      ...["actions", "triggers", "rules", "packages", "activations"].flatMap((collection) => ["POST", "PUT", "DELETE"].map((method) => ({ does: `${method} ${collection}`, call: `${method} ${collection}`, body: {}, status: 405, error: allowed }))),
      ...["actions", "triggers", "rules", "packages"].map((collection) => ({ does: `PUT ${collection} with a slash is an entity without a name, and that is not there`, call: `PUT ${collection}/`, body: {}, status: 404 })),
      { does: "POST a package", call: `POST packages/${n("none")}`, body: {}, status: 405, error: allowed },
      { does: "PATCH an action", call: `PATCH actions/${echo}`, body: {}, status: 405, error: allowed },
      ...["PUT", "POST", "DELETE"].map((method) => ({ does: `${method} an activation`, call: `${method} activations/${id}`, body: {}, status: 405, error: allowed })),
      ...["PUT", "POST", "DELETE"].map((method) => ({ does: `${method} limits`, call: `${method} limits`, body: {}, status: 405, error: allowed })),
      ...["PUT", "POST", "DELETE"].map((method) => ({ does: `${method} one limit`, call: `${method} limits/memory`, body: {}, status: 405, error: allowed })),
      { does: "POST namespaces", call: "POST /api/v1/namespaces", body: {}, status: 405, error: allowed },
    ]);
  });

  describe("a body:", () => {
    const malformed = /^The request content was malformed:\n/;
    const type = /^The request's Content-Type.* is not supported\. Expected:\napplication\/json/;
    const text = (text: string, type = "application/json") => ({ raw: { type, text } });
    rows(suite, [
      { does: "of another type is not taken for an action", call: `PUT actions/${n("x")}`, ...text("hello", "text/plain"), status: 415, error: type },
      { does: "of another type is not taken for a trigger", call: `PUT triggers/${n("x")}`, ...text("{}", "text/plain"), status: 415, error: type },
      { does: "of another type is not taken for an invocation", call: `POST actions/${echo}`, ...text("hello", "text/plain"), status: 415, error: type },
      { does: "that is a form is not taken for an invocation", call: `POST actions/${echo}`, ...text("a=b", "application/x-www-form-urlencoded"), status: 415, error: type },
      { does: "has to be there for an action", call: `PUT actions/${n("x")}`, status: 400, error: "Request entity expected but not supplied" },
      { does: "has to be there for a trigger", call: `PUT triggers/${n("x")}`, ...text(""), status: 400, error: "Request entity expected but not supplied" },
      { does: "that is not JSON is malformed", call: `PUT actions/${n("x")}`, ...text("{"), status: 400, error: malformed },
      { does: "that is not JSON is malformed for an invocation", call: `POST actions/${echo}`, ...text("{nope"), status: 400, error: malformed },
      { does: "that is not JSON is malformed for a fire", call: `POST triggers/${n("x")}`, ...text("nope"), status: 400, error: malformed },
      { does: "of another type is not taken for a fire", call: `POST triggers/${n("x")}`, ...text("a", "text/plain"), status: 415, error: type },
      { does: "that is an array is malformed for a fire", call: `POST triggers/${n("x")}`, body: [1], status: 400, error: "The request content was malformed:\nJSON object expected" },
      { does: "that is an array is malformed for an invocation", call: `POST actions/${echo}`, body: [1], status: 400, error: "The request content was malformed:\nJSON object expected" },
      { does: "that is a string is malformed for an invocation", call: `POST actions/${echo}`, body: "a", status: 400, error: "The request content was malformed:\nJSON object expected" },
      { does: "that is an array is malformed for an action", call: `PUT actions/${n("x")}`, body: [], status: 400, error: malformed },
      { does: "may name its charset", call: `POST actions/${echo}?blocking=true&result=true`, ...text('{"a":"ü"}', "application/json; charset=utf-8"), status: 200, gives: { a: "ü" } },
      { does: "is not needed for an invocation", call: `POST actions/${echo}?blocking=true&result=true`, status: 200, gives: ({ body }) => expect(body).toEqual({}) },
      { does: "may be empty for an invocation", call: `POST actions/${echo}?blocking=true&result=true`, ...text(""), status: 200, gives: ({ body }) => expect(body).toEqual({}) },
      { does: "with fields that nobody knows is taken", call: `PUT triggers/${n("unknown-fields")}`, body: { name: "other", namespace: "not-mine", foo: 1 }, status: 200, gives: { name: n("unknown-fields"), namespace: "{ns}" } },
    ]);
  });
}
