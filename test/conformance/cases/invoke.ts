import { rows } from "../support/rows";
import { annotation, type Suite } from "../support/suite";

/** Does what its argument `do` says. */
const LAB = `
const wait = (time) => new Promise((done) => setTimeout(done, time));
function main(args) {
  if (args.do === "throw") throw new Error("on purpose");
  return run(args);
}
async function run(args) {
  switch (args.do) {
    case "sleep": await wait(args.time); return { slept: args.time };
    case "promise": return wait(1).then(() => ({ done: true }));
    case "reject": return Promise.reject(args.reason);
    case "error": return { error: args.error };
    case "throw later": throw new Error("on purpose");
    case "array": return [1, "two", { three: 3 }];
    case "string": return "a string";
    case "number": return 7;
    case "nothing": return undefined;
    case "log": console.log(args.line); console.error("to stderr"); return {};
    case "sized": return { big: "a".repeat(args.size) };
    case "exit": process.exit(1);
    case "environment": return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("__OW_")));
    default: return args;
  }
}`;

/** Invocations: the ways to call, what the code gets, how its ends are told. */
export function invokeCases(suite: Suite): void {
  const { n } = suite;
  const [echo, lab] = [n("echo"), n("lab")];
  const id = { activationId: expect.stringMatching(/^[0-9a-f]{32}$/) as string };

  beforeAll(() => suite.api.putAction(lab, LAB, { limits: { timeout: 60_000 } }));

  describe("an invocation", () => {
    const timeout = "The query parameter 'timeout' was malformed:\nTimeout must be number of milliseconds up to 60000.";
    rows(suite, [
      { does: "is answered 202 with its id", call: `POST actions/${echo}`, body: { a: 1 }, status: 202, gives: ({ body }) => expect(body).toEqual(id) },
      { does: "is answered with its id in a header, too", call: `POST actions/${echo}`, status: 202, gives: ({ headers, body }) => expect(headers["x-openwhisk-activation-id"]).toBe(body.activationId) },
      { does: "that blocks is answered with its record", call: `POST actions/${echo}?blocking=true`, body: { a: 1 }, status: 200, gives: { ...id, name: echo, response: { result: { a: 1 }, status: "success", success: true } } },
      { does: "that blocks is answered with its id in a header, too", call: `POST actions/${echo}?blocking=true`, status: 200, gives: ({ headers, body }) => expect(headers["x-openwhisk-activation-id"]).toBe(body.activationId) },
      { does: "that blocks for its result is answered with that alone", call: `POST actions/${echo}?blocking=true&result=true`, body: { a: 1 }, status: 200, gives: ({ body, headers }) => expect([body, headers["x-openwhisk-activation-id"]]).toEqual([{ a: 1 }, id.activationId]) },
      { does: "that asks for the result but does not block is answered 202", call: `POST actions/${echo}?result=true`, body: { a: 1 }, status: 202, gives: ({ body }) => expect(body).toEqual(id) },
      { does: "with blocking=false does not block", call: `POST actions/${echo}?blocking=false`, status: 202 },
      { does: "with blocking=yes blocks", call: `POST actions/${echo}?blocking=yes`, status: 200 },
      { does: "takes a truth value for blocking", call: `POST actions/${echo}?blocking=perhaps`, status: 400, error: "The query parameter 'blocking' was malformed:\n'perhaps' is not a valid Boolean value" },
      { does: "takes a truth value for result", call: `POST actions/${echo}?result=2`, status: 400, error: "The query parameter 'result' was malformed:\n'2' is not a valid Boolean value" },
      { does: "takes a number of milliseconds as timeout", call: `POST actions/${echo}?blocking=true&timeout=soon`, status: 400, error: timeout },
      { does: "takes a timeout above 0", call: `POST actions/${echo}?blocking=true&timeout=0`, status: 400, error: timeout },
      { does: "takes a timeout up to a minute", call: `POST actions/${echo}?blocking=true&timeout=60001`, status: 400, error: timeout },
      { does: "within its timeout is answered as always", call: `POST actions/${echo}?blocking=true&timeout=60000`, status: 200 },
      { does: "beyond its timeout is answered 202 with its id", call: `POST actions/${lab}?blocking=true&timeout=200`, body: { do: "sleep", time: 600 }, status: 202, gives: ({ body }) => expect(body).toEqual(id) },
      { does: "beyond its timeout is answered 202 also if the result is asked for", call: `POST actions/${lab}?blocking=true&result=true&timeout=200`, body: { do: "sleep", time: 600 }, status: 202, gives: ({ body }) => expect(body).toEqual(id) },
      { does: "of what does not exist is not found", call: `POST actions/${n("none")}`, body: {}, status: 404, error: "The requested resource does not exist." },
      { does: "of what is no action is a conflict", call: `POST actions/${n("c-trigger")}`, body: {}, status: 409, error: "Resource by this name exists but is not in this collection." },
      { does: "passes what has to be escaped in HTML as it is", call: `POST actions/${echo}?blocking=true&result=true`, body: { a: "&<>" }, status: 200, gives: { a: "&<>" } },
      { does: "passes Unicode as it is", call: `POST actions/${echo}?blocking=true&result=true`, body: { a: "❄ ☃ ❄ 🐋 ü" }, status: 200, gives: { a: "❄ ☃ ❄ 🐋 ü" } },
      { does: "passes numbers, truth values, null, lists and objects as they are", call: `POST actions/${echo}?blocking=true&result=true`, body: { a: 1.5, b: true, c: null, d: [1, [2]], e: { f: {} } }, status: 200, gives: ({ body }) => expect(body).toEqual({ a: 1.5, b: true, c: null, d: [1, [2]], e: { f: {} } }) },
    ]);

    test("that was answered 202 has its record in the end", async () => {
      const { body } = await suite.api.must(`POST actions/${lab}?blocking=true&timeout=100`, { body: { do: "sleep", time: 300 } });
      expect((await suite.record(body.activationId as string)).response).toMatchObject({ status: "success", result: { slept: 300 } });
    });

    test("of an action whose name has a space works", async () => {
      await suite.api.putAction(`${n("sp")}%20ace`, "function main() { return { name: process.env.__OW_ACTION_NAME } }");
      expect((await suite.api.invoke(`${n("sp")}%20ace`)).body).toEqual({ name: `/${suite.namespace}/${n("sp")} ace` });
    });

    test("runs the code that is put last", async () => {
      await suite.api.putAction(n("versions"), "function main() { return { v: 1 } }");
      expect((await suite.api.invoke(n("versions"))).body).toEqual({ v: 1 });
      await suite.api.putAction(n("versions"), "function main() { return { v: 2 } }");
      expect((await suite.api.invoke(n("versions"))).body).toEqual({ v: 2 });
    });

    test("calls the function that main names", async () => {
      await suite.api.must(`PUT actions/${n("niam")}`, { body: { exec: { kind: "nodejs:default", code: "function niam() { return { niam: true } }", main: "niam" } } });
      expect((await suite.api.invoke(n("niam"))).body).toEqual({ niam: true });
    });
  });

  describe("the code gets", () => {
    const withParameters = n("i-parameters");
    beforeAll(async () => {
      await suite.api.putAction(withParameters, "function main(args) { return { args, E: process.env.E, F: process.env.F, G: process.env.G } }", {
        parameters: [{ key: "a", value: "A" }, { key: "b", value: { c: 1 } }, { key: "E", value: "env", init: true }, { key: "F", value: { x: 1 }, init: true }, { key: "G", value: 5, init: true }],
      });
      await suite.api.putAction(n("i-final"), "function main(args) { return args }", { parameters: [{ key: "a", value: "A" }, { key: "free", value: null }], annotations: [{ key: "final", value: true }] });
    });

    test("its parameters", async () => expect((await suite.api.invoke(withParameters)).body.args).toEqual({ a: "A", b: { c: 1 } }));
    test("the caller's arguments above its parameters", async () => expect((await suite.api.invoke(withParameters, { a: 1, d: 2 })).body.args).toEqual({ a: 1, b: { c: 1 }, d: 2 }));
    test("an object of the caller's instead of its own, not merged", async () => expect((await suite.api.invoke(withParameters, { b: { d: 2 } })).body.args.b).toEqual({ d: 2 }));
    test("a parameter for the initialisation as environment, and not as argument", async () => {
      const { args, E } = (await suite.api.invoke(withParameters)).body as { args: object; E: string };
      expect([E, "E" in args]).toEqual(["env", false]);
    });
    test("such parameters as text whatever they are", async () => expect((await suite.api.invoke(withParameters)).body).toMatchObject({ F: '{"x":1}', G: "5" }));

    rows(suite, [
      { does: "final parameters, that nobody can override", call: `POST actions/${n("i-final")}?blocking=true&result=true`, body: { b: 1 }, status: 200, gives: { a: "A", b: 1 } },
      { does: "no call at all that tries to", call: `POST actions/${n("i-final")}`, body: { a: 1 }, status: 400, error: "Request defines parameters that are not allowed (e.g., reserved properties)." },
      { does: "a final parameter without a value from the caller", call: `POST actions/${n("i-final")}?blocking=true&result=true`, body: { free: 1 }, status: 200, gives: { free: 1 } },
    ]);

    test("where and as what it runs", async () => {
      const { body, headers } = await suite.api.invoke(lab, { do: "environment" });
      expect(body).toMatchObject({
        __OW_NAMESPACE: suite.namespace,
        __OW_ACTION_NAME: `/${suite.namespace}/${lab}`,
        __OW_ACTION_VERSION: "0.0.1",
        __OW_ACTIVATION_ID: headers["x-openwhisk-activation-id"],
        __OW_API_HOST: expect.stringMatching(/^https?:\/\//) as string,
        __OW_TRANSACTION_ID: headers["x-request-id"],
      });
      const left = Number((body as Record<string, string>).__OW_DEADLINE) - Date.now();
      expect([left > 0, left <= 61_000]).toEqual([true, true]);
    });
    test("no key", async () => expect((await suite.api.invoke(lab, { do: "environment" })).body.__OW_API_KEY).toBeUndefined());
    test("a key that works, if its annotations ask for it", async () => {
      await suite.api.putAction(n("i-key"), `async function main() {
        const { __OW_API_HOST: host, __OW_API_KEY: key } = process.env;
        const answer = await fetch(host + "/api/v1/namespaces", { headers: { authorization: "Basic " + Buffer.from(key).toString("base64") } });
        return { namespaces: await answer.json() };
      }`, { annotations: [{ key: "provide-api-key", value: true }] });
      expect((await suite.api.invoke(n("i-key"))).body).toEqual({ namespaces: [suite.namespace] });
    });
    test("the version that it has by then", async () => {
      await suite.api.must(`PUT actions/${n("i-version")}`, { body: { exec: { kind: "nodejs:default", code: "function main() { return { version: process.env.__OW_ACTION_VERSION } }" }, version: "3.2.1" } });
      expect((await suite.api.invoke(n("i-version"))).body).toEqual({ version: "3.2.1" });
    });
  });

  describe("an end", () => {
    const run = (what: string, more: object = {}) => ({ call: `POST actions/${lab}?blocking=true`, body: { do: what, ...more } });
    const result = (what: string, more: object = {}) => ({ call: `POST actions/${lab}?blocking=true&result=true`, body: { do: what, ...more } });
    const invalid = "The action did not return a dictionary or array.";
    rows(suite, [
      { does: "of a promise is what it gives", ...result("promise"), status: 200, gives: { done: true } },
      { does: "with an error is 502, and the record says application error", ...run("error", { error: "mine" }), status: 502, gives: { response: { status: "application error", success: false, result: { error: "mine" } } } },
      { does: "with an error is 502 with that error, if the result is asked for", ...result("error", { error: { code: 7 } }), status: 502, gives: ({ body }) => expect(body).toEqual({ error: { code: 7 } }) },
      { does: "with a rejection is an application error", ...run("reject", { reason: { message: "no" } }), status: 502, gives: { response: { status: "application error", result: { error: { message: "no" } } } } },
      { does: "with a rejection without a reason is an application error", ...run("reject"), status: 502, gives: { response: { status: "application error", success: false } } },
      { does: "by an exception is a developer error that says what went wrong", ...run("throw"), status: 502, gives: { response: { status: "action developer error", success: false, result: { error: "An error has occurred: Error: on purpose" } } } },
      { does: "by an exception in what is asynchronous is an application error", ...run("throw later"), status: 502, gives: { response: { status: "application error", success: false } } },
      { does: "with an array is that array, whatever was asked for", ...run("array"), status: 200, gives: ({ body }) => expect(body).toEqual([1, "two", { three: 3 }]) },
      { does: "with a string is a developer error", ...run("string"), status: 502, gives: { response: { status: "action developer error", result: { error: invalid } } } },
      { does: "with a number is a developer error", ...run("number"), status: 502, gives: { response: { status: "action developer error", result: { error: invalid } } } },
      { does: "with nothing is an empty object", ...result("nothing"), status: 200, gives: ({ body }) => expect(body).toEqual({}) },
      { does: "of the process is a developer error", ...run("exit"), status: 502, gives: { response: { status: "action developer error", result: { error: "The action did not produce a valid response and exited unexpectedly." } } } },
    ]);

    test("of a process does not harm the next run", async () => {
      await suite.api.invoke(lab, { do: "exit" });
      expect((await suite.api.invoke(lab, { do: "promise" })).body).toEqual({ done: true });
    });

    test("with more than 1 MB is an application error that shows the beginning", async () => {
      const { status, body } = await suite.api.call(`POST actions/${lab}?blocking=true`, { body: { do: "sized", size: 1_048_576 } });
      expect([status, body.response.status]).toEqual([502, "application error"]);
      expect(body.response.result.error).toMatch(/^The action produced a response that exceeded the allowed length: 1048586 > 1048576 bytes\. The truncated response was: \{"big":"aaa/);
    });

    const failing: [string, string, RegExp][] = [
      ["code that is no JavaScript", "function main( {", /^Initialization has failed due to: |SyntaxError/],
      ["code without the function", "const other = () => ({})", /main/],
      ["code that throws when it is loaded", "throw new Error('at the start'); function main() {}", /at the start/],
    ];
    test.each(failing)("in the initialisation, of %s, is a developer error", async (what, code, message) => {
      const name = n(`fail-${what.length}`);
      await suite.api.putAction(name, code);
      const { status, body } = await suite.api.call(`POST actions/${name}?blocking=true`);
      expect([status, body.response.status, body.response.success]).toEqual([502, "action developer error", false]);
      expect(JSON.stringify(body.response.result.error)).toMatch(message);
    });

    test("of the process in the initialisation is a developer error", async () => {
      await suite.api.putAction(n("exit-init"), "process.exit(1); function main() {}");
      const { body } = await suite.api.call(`POST actions/${n("exit-init")}?blocking=true`);
      expect(body.response).toMatchObject({ status: "action developer error", result: { error: "The action did not initialize and exited unexpectedly." } });
    });

    test("of an action without code is a developer error", async () => {
      await suite.api.putAction(n("empty-code"), "");
      const { status, body } = await suite.api.call(`POST actions/${n("empty-code")}?blocking=true`);
      expect([status, body.response.status]).toEqual([502, "action developer error"]);
    });

    test("by the memory limit is a developer error that says so", async () => {
      await suite.api.putAction(n("hungry"), "function main() { const all = []; for (let count = 0; count < 40; count++) all.push(Buffer.alloc(16 * 1024 * 1024, 1)); return new Promise((done) => setTimeout(() => done({ count: all.length }), 10_000)) }", { limits: { memory: 128 } });
      const { status, body } = await suite.api.call(`POST actions/${n("hungry")}?blocking=true`);
      expect([status, body.response]).toEqual([502, expect.objectContaining({ status: "action developer error", result: { error: "The action exhausted its memory and was aborted." } })]);
    });

    test("with more than 1024 open files is what the code makes of it", async () => {
      const opens = `const { openSync, closeSync } = require("node:fs");
        function main({ files }) {
          const open = [];
          try { while (open.length < files) open.push(openSync("/dev/zero", "r")); } catch ({ code }) { return { error: code }; } finally { open.forEach(closeSync); }
          return {};
        }`;
      await suite.api.putAction(n("opens"), opens);
      expect((await suite.api.invoke(n("opens"), { files: 900 })).body).toEqual({});
      const { status, body } = await suite.api.call(`POST actions/${n("opens")}?blocking=true&result=true`, { body: { files: 1025 } });
      expect([status, body]).toEqual([502, { error: "EMFILE" }]);
    });

    test("of an image that cannot be had is a developer error that names it", async () => {
      const image = `bogus${n("image").replaceAll("-", "")}`;
      await suite.api.must(`PUT actions/${n("bogus")}`, { body: { exec: { kind: "blackbox", image } } });
      const { status, body } = await suite.api.call(`POST actions/${n("bogus")}?blocking=true`);
      expect([status, body.response]).toEqual([502, expect.objectContaining({ status: "action developer error", result: { error: `Failed to pull container image '${image}'.` } })]);
      expect(annotation(body, "limits")).toMatchObject({ memory: 256 });
    });

    test("by the time limit is a developer error that names the limit, and the next run is as always", async () => {
      await suite.api.putAction(n("slow"), LAB, { limits: { timeout: 500 } });
      const { status, body } = await suite.api.call(`POST actions/${n("slow")}?blocking=true`, { body: { do: "sleep", time: 5000 } });
      expect([status, body.response]).toEqual([502, expect.objectContaining({ status: "action developer error", result: { error: "The action exceeded its time limits of 500 milliseconds." } })]);
      expect([annotation(body, "timeout"), body.duration >= 500]).toEqual([true, true]);
      expect((await suite.api.invoke(n("slow"), { do: "promise" })).body).toEqual({ done: true });
    });

    test("by the time limit in the initialisation says so", async () => {
      await suite.api.putAction(n("slow-init"), "while (true) {}", { limits: { timeout: 500 } });
      const { body } = await suite.api.call(`POST actions/${n("slow-init")}?blocking=true`);
      expect(body.response).toMatchObject({ status: "action developer error", result: { error: "The action exceeded its time limits of 500 milliseconds during initialization." } });
    });
  });
}
