import { useBench } from "../../testing/harness";

const bench = useBench();
const id = "44794bd6aab74415b4e42a308d880727";
const activation = (success: boolean, result: unknown) => ({
  subject: "guest",
  activationId: id,
  name: "hello",
  response: { status: success ? "success" : "application error", success, result },
});
const plan = (status: number, body: unknown, headers = {}) => bench.platform.answers.set("POST actions/hello", { status, body, headers });

test("an invocation without flags prints its id", async () => {
  plan(202, { activationId: id });
  expect(await bench.whisk("action", "invoke", "hello")).toEqual({ code: 0, stdout: `ok: invoked /_/hello with id ${id}\n`, stderr: "" });
  expect(bench.platform.seen).toMatchObject([
    { method: "POST", path: "/api/v1/namespaces/_/actions/hello", query: { blocking: "false", result: "false" }, body: {} },
  ]);
});

test("a blocking one prints the activation, the names in it in alphabetical order", async () => {
  plan(200, activation(true, { ok: true }));
  const { stdout } = await bench.whisk("action", "invoke", "/guest/hello", "-b", "-p", "who", '"me"');
  expect(stdout).toBe(`ok: invoked /guest/hello with id ${id}
{
    "activationId": "${id}",
    "name": "hello",
    "response": {
        "result": {
            "ok": true
        },
        "status": "success",
        "success": true
    },
    "subject": "guest"
}
`);
  expect(bench.platform.seen[0]).toMatchObject({ query: { blocking: "true", result: "false" }, body: { who: "me" } });
});

test("-r prints the result alone, its numbers as they were", async () => {
  plan(200, '{"b": 1.0, "a": 12345678901234567890}');
  expect((await bench.whisk("action", "invoke", "hello", "-r")).stdout).toBe('{\n    "a": 12345678901234567890,\n    "b": 1.0\n}\n');
  expect(bench.platform.seen[0]!.query).toEqual({ blocking: "true", result: "true" });
});

test("numbers that no double holds reach the action as they were", async () => {
  const bodies: string[] = [];
  const transport = async ({ body = "" }: { body?: string }) => (
    bodies.push(body),
    { status: 202, headers: {}, text: `{"activationId":"${id}"}` }
  );
  await bench.whiskWith({ transport }, "action", "invoke", "hello", "-p", "n", "12345678901234567890");
  expect(bodies).toEqual(['{"n":12345678901234567890}']);
});

test("an error of the action goes to stderr and exits with 246", async () => {
  plan(502, { error: "no luck" });
  expect(await bench.whisk("action", "invoke", "hello", "-r")).toEqual({ code: 246, stdout: "", stderr: '{\n    "error": "no luck"\n}\n' });
  plan(502, { activationId: id, response: { result: { error: "no luck" } } });
  const { code, stdout, stderr } = await bench.whisk("action", "invoke", "hello", "-b");
  expect([code, stdout, stderr.split("\n")[0]]).toEqual([246, "", `ok: invoked /_/hello with id ${id}`]);
});

test("an error of the action may have a code of its own", async () => {
  plan(502, { error: "no luck", code: 7 }, { "x-openwhisk-activation-id": id });
  expect(await bench.whisk("action", "invoke", "hello", "-r")).toEqual({
    code: 246,
    stdout: "",
    stderr: '{\n    "code": 7,\n    "error": "no luck"\n}\n',
  });
});

test("one that takes too long is told with its id and exits with 202", async () => {
  plan(202, { activationId: id });
  const stderr = `ok: invoked /_/hello, but the request has not yet finished, with id ${id}\n`;
  expect(await bench.whisk("action", "invoke", "hello", "-r")).toEqual({ code: 202, stdout: "", stderr });
});

test.each([
  [404, 148, { error: "The requested resource does not exist.", code: "x1" }, "The requested resource does not exist. (code x1)"],
  [429, 173, { error: "Too many requests", code: "x2" }, "Too many requests (code x2)"],
  [500, 244, "<html>", "The connection failed, or timed out. (HTTP status code 500)"],
  [400, 144, { error: "no code here" }, "no code here (HTTP status code 400)"],
])("a refusal with %d exits with %d", async (status, code, body, message) => {
  plan(status, body);
  const stderr = `error: Unable to invoke action 'hello': ${message}\nRun 'whisk --help' for usage.\n`;
  expect(await bench.whisk("action", "invoke", "hello", "-b")).toEqual({ code, stdout: "", stderr });
});

test("--json prints what the platform answered, errors included", async () => {
  plan(200, activation(true, {}));
  expect(JSON.parse((await bench.whisk("--json", "action", "invoke", "hello", "-b")).stdout)).toEqual(activation(true, {}));
  plan(502, { error: "no luck" });
  expect(await bench.whisk("action", "invoke", "hello", "-r", "--json")).toEqual({
    code: 246,
    stdout: '{\n    "error": "no luck"\n}\n',
    stderr: "",
  });
  plan(404, { error: "gone", code: "x1" });
  const { stdout, stderr } = await bench.whisk("action", "--json", "invoke", "hello");
  expect(JSON.parse(stdout)).toEqual({ error: "gone", code: "x1", status: 404, exitCode: 148 });
  expect(stderr).toMatch(/^error: Unable to invoke action 'hello': gone \(code x1\)\n/);
});
