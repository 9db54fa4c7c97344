import { rows } from "../support/rows";
import type { Suite } from "../support/suite";

const MISSING = "The requested resource does not exist.";
const EXISTS = "resource already exists";
const big = { a: "a".repeat(1_048_576) };

/** Which of two errors is told. */
export function precedenceCases(suite: Suite): void {
  const { n } = suite;
  const exec = { kind: "nodejs:default", code: "function main() {}" };
  const malformed = { raw: { type: "application/json", text: "{" } };
  const theirs = "/api/v1/namespaces/not-mine";
  const no = (what: string) => `The supplied authentication is not authorized to access 'not-mine${what}'.`;

  beforeAll(async () => {
    await suite.api.must(`PUT actions/${n("o-act")}`, { body: { exec } });
    await suite.api.must(`PUT packages/${n("o-package")}`, { body: {} });
    await suite.api.must(`PUT packages/${n("o-binding")}`, { body: { binding: { namespace: "_", name: n("o-package") } } });
    await suite.api.must(`PUT triggers/${n("o-trigger")}`, { body: {} });
    await suite.api.must(`PUT rules/${n("o-rule")}`, { body: { trigger: `/_/${n("o-trigger")}`, action: `/_/${n("o-act")}` } });
  });

  describe("of what is another's and", () => {
    rows(suite, [
      { does: "a name that is none, the name is told", call: `GET ${theirs}/actions/$x`, status: 400, error: "The name of the entity contains illegal characters." },
      { does: "an activation id that is none, the id is told", call: `GET ${theirs}/activations/xyz`, status: 400, error: "Activation id length is 3 but must be 32." },
      { does: "a body that is no JSON, the namespace is told for a PUT", call: `PUT ${theirs}/actions/x`, ...malformed, status: 403, error: no("/x") },
      { does: "a body that is no JSON, the namespace is told for a POST", call: `POST ${theirs}/actions/x`, ...malformed, status: 403, error: no("/x") },
      { does: "a body of another type, the namespace is told", call: `PUT ${theirs}/triggers/x`, raw: { type: "text/plain", text: "x" }, status: 403, error: no("/x") },
      { does: "too much, the namespace is told", call: `POST ${theirs}/actions/x`, body: big, status: 403, error: no("/x") },
      { does: "a page that is none, the namespace is told", call: `GET ${theirs}/actions?limit=many`, status: 403, error: no("") },
      { does: "a method that is none, the method is told", call: `POST ${theirs}/activations/${"0".repeat(32)}`, body: {}, status: 405 },
    ]);
  });

  describe("of what exists already and", () => {
    const put = (line: string, body: object) => ({ call: `PUT ${line}`, body });
    rows(suite, [
      { does: "an action without code, that it exists is told", ...put(`actions/${n("o-act")}`, {}), status: 409, error: EXISTS },
      { does: "an action with limits that are none, the limits are told", ...put(`actions/${n("o-act")}`, { exec, limits: { memory: 1_000_000 } }), status: 400, error: /^memory size 1000000 MB exceeds allowed threshold of \d+ MB$/ },
      { does: "a sequence of nothing, that it exists is told", ...put(`actions/${n("o-act")}`, { exec: { kind: "sequence", components: [] } }), status: 409, error: EXISTS },
      { does: "a sequence of what does not exist, that it exists is told", ...put(`actions/${n("o-act")}`, { exec: { kind: "sequence", components: [`/_/${n("none")}`] } }), status: 409, error: EXISTS },
      { does: "a sequence of what is another's, the other's is told", ...put(`actions/${n("o-act")}`, { exec: { kind: "sequence", components: ["/not-mine/a"] } }), status: 403, error: no("/a") },
      { does: "a binding of what does not exist, the binding is told", ...put(`packages/${n("o-package")}`, { binding: { namespace: "_", name: n("none") } }), status: 400, error: "Binding references a package that does not exist." },
      { does: "a binding of a binding, that it exists is told", ...put(`packages/${n("o-package")}`, { binding: { namespace: "_", name: n("o-binding") } }), status: 409, error: EXISTS },
      { does: "a trigger with a feed that is none, that it exists is told", ...put(`triggers/${n("o-trigger")}`, { annotations: [{ key: "feed", value: "a,b" }] }), status: 409, error: EXISTS },
      { does: "a rule with an action that does not exist, that it exists is told", ...put(`rules/${n("o-rule")}`, { trigger: `/_/${n("o-trigger")}`, action: `/_/${n("none")}` }), status: 409, error: EXISTS },
      { does: "a rule of nothing, that it exists is told", ...put(`rules/${n("o-rule")}`, {}), status: 409, error: EXISTS },
    ]);
  });

  describe("of what does not exist and", () => {
    rows(suite, [
      { does: "a body that is no JSON, the package that does not exist is told", call: `PUT actions/${n("none")}/act`, ...malformed, status: 404, error: MISSING },
      { does: "a status that is none, the status is told", call: `POST rules/${n("none")}`, body: { status: "xxx" }, status: 400 },
      { does: "a timeout that is none, the timeout is told", call: `POST actions/${n("none")}?timeout=x`, status: 400 },
      { does: "a body that is no JSON, the body is told", call: `POST actions/${n("none")}`, ...malformed, status: 400 },
      { does: "too much, that it is too much is told", call: `POST actions/${n("none")}`, body: big, status: 413 },
      { does: "too much for something in it, the package that does not exist is told", call: `POST actions/${n("none")}/act`, body: big, status: 404, error: MISSING },
      { does: "a flag that is none for something in it, the package that does not exist is told", call: `POST actions/${n("none")}/act?blocking=maybe`, body: {}, status: 404, error: MISSING },
      { does: "a flag that is none to look at something in it, the package that does not exist is told", call: `GET actions/${n("none")}/act?code=maybe`, status: 404, error: MISSING },
      { does: "a flag that is none to look at it, the flag is told", call: `GET actions/${n("none")}?code=maybe`, status: 400 },
      { does: "a body of another type for something in it, the package that does not exist is told", call: `POST actions/${n("none")}/act`, raw: { type: "text/plain", text: "x" }, status: 404, error: MISSING },
    ]);
  });

  describe("of a flag that is none and", () => {
    const flag = (name: string) => `The query parameter '${name}' was malformed:\n'maybe' is not a valid Boolean value`;
    const put = (collection: string) => ({ call: `PUT ${collection}/${n("none")}?overwrite=maybe` });
    rows(suite, [
      { does: "a body that is no JSON, the body is told", call: `PUT actions/${n("none")}?overwrite=maybe`, ...malformed, status: 400, error: /^The request content was malformed:\n/ },
      { does: "parameters that are too large, the parameters are told", call: `PUT packages/${n("none")}?overwrite=maybe`, body: { parameters: [{ key: "k", value: big.a }] }, status: 413, error: /^parameters larger than allowed/ },
      { does: "a reserved name, the flag is told", call: "PUT packages/default?overwrite=maybe", body: {}, status: 400, error: flag("overwrite") },
      { does: "code that is none, the code is told", ...put("actions"), body: { exec: { kind: "nodejs:default" } }, status: 400, error: /^The request content was malformed:\n'code' must be/ },
      { does: "annotations that are none, the annotations are told", ...put("rules"), body: { annotations: 1 }, status: 400, error: /^The request content was malformed:\n/ },
      { does: "limits that are none, the flag is told", ...put("actions"), body: { exec, limits: { memory: "much" } }, status: 400, error: flag("overwrite") },
      { does: "limits that are too wide, the flag is told", ...put("actions"), body: { exec, limits: { memory: 1_000_000 } }, status: 400, error: flag("overwrite") },
      { does: "a version that is none, the flag is told", ...put("triggers"), body: { version: "x" }, status: 400, error: flag("overwrite") },
      { does: "a binding that is none, the flag is told", ...put("packages"), body: { binding: 1 }, status: 400, error: flag("overwrite") },
      { does: "names that are none, the flag is told", ...put("rules"), body: { trigger: 1, action: 1 }, status: 400, error: flag("overwrite") },
      { does: "a trigger of another, the flag is told", ...put("rules"), body: { trigger: "/not-mine/t", action: `/_/${n("o-act")}` }, status: 400, error: flag("overwrite") },
      { does: "a sequence of another's, the flag is told", ...put("actions"), body: { exec: { kind: "sequence", components: ["/not-mine/a"] } }, status: 400, error: flag("overwrite") },
      { does: "a body that is no JSON, the flag of an invocation is told", call: `POST actions/${n("o-act")}?blocking=maybe`, ...malformed, status: 400, error: flag("blocking") },
      { does: "too much, that it is too much for an invocation is told", call: `POST actions/${n("o-act")}?blocking=maybe`, body: big, status: 413 },
      { does: "a package that does not exist, the flag of a deletion is told", call: `DELETE packages/${n("none")}?force=maybe`, status: 400, error: flag("force") },
    ]);
  });

  describe("of a reserved name and", () => {
    rows(suite, [
      { does: "a binding that is none, the name is told", call: "PUT packages/default", body: { binding: 1 }, status: 400, error: "Package name 'default' is reserved." },
      { does: "parameters that are none, the parameters are told", call: "PUT packages/default", body: { parameters: 1 }, status: 400, error: /^The request content was malformed:\n/ },
    ]);
  });

  describe("of too much and", () => {
    rows(suite, [
      { does: "a rule that does not exist, that it is too much is told", call: `POST rules/${n("none")}`, body: { status: "active", ...big }, status: 413, error: /^Request larger than allowed: \d+ > 1048576 bytes\.$/ },
      { does: "a trigger that does not exist, that it is too much is told", call: `POST triggers/${n("none")}`, body: big, status: 413 },
    ]);
  });
}
