import { FakePlatform } from "../testing/fakePlatform";
import { connectionTo } from "../testing/operation";
import { Client, type Call } from "./client";

let platform: FakePlatform;
beforeEach(async () => (platform = await FakePlatform.start()));
afterEach(() => platform.stop());

const call: Call = { method: "GET", path: "_/actions/a", subject: 'action "a"', signal: new AbortController().signal };
const client = (connection = connectionTo(platform)) => new Client(connection, [1, 1]);

/** Answers each request with the next of these; then as the platform does. */
function answerWith(...statuses: (number | "reset")[]) {
  platform.intercept = (_request, response) => {
    const status = statuses.shift();
    if (status === undefined) return false;
    if (status === "reset") response.destroy();
    else response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: "so it says" }));
    return true;
  };
}

test.each([
  [400, 'action "a": so it says'],
  [401, "does not accept the key (401: so it says): check auth of the stackwhisk provider; a new platform has a new key"],
  [403, 'action "a": this key may not do that (403: so it says)'],
  [409, 'action "a": so it says'],
  [413, 'action "a" is too large: so it says'],
  [500, 'action "a": the platform failed (500: so it says); its log says more'],
])("a %d becomes a short message with the platform's own words", async (status, message) => {
  answerWith(status);
  await expect(client().call(call)).rejects.toMatchObject({ status, message: expect.stringContaining(message) as string });
  expect(platform.requests).toHaveLength(1);
});

test("what passes by itself is tried again", async () => {
  platform.entities.set("actions/a", { name: "a" });
  answerWith("reset", 503);
  expect(await client().call(call)).toEqual({ name: "a" });
  expect(platform.requests).toHaveLength(3);
});

test("what does not pass is given up, with the last answer", async () => {
  answerWith(429, 429, 429);
  await expect(client().call(call)).rejects.toThrow('action "a": too many requests (429: so it says); wait a minute and run it again');
  expect(platform.requests).toHaveLength(3);
});

test("a call that may have arrived and must not be done twice is not repeated", async () => {
  answerWith("reset");
  await expect(client().call({ ...call, method: "PUT", body: {}, repeatable: false })).rejects.toThrow("cannot reach the platform");
  expect(platform.requests).toHaveLength(1);
});

test("a platform that is down is named, with the way to start it", async () => {
  const { apiHost } = platform;
  const connection = connectionTo({ apiHost });
  await platform.stop();
  await expect(client(connection).call(call)).rejects.toThrow(`cannot reach the platform at ${apiHost} (ECONNREFUSED): is it up? \`npm run up\` starts the local one`);
  platform = await FakePlatform.start();
});

test("an abort ends a call that hangs, and nothing is tried again", async () => {
  const cancel = new AbortController();
  platform.intercept = () => {
    cancel.abort(new Error("cancelled"));
    return true;
  };
  await expect(client().call({ ...call, signal: cancel.signal })).rejects.toThrow("cancelled");
  expect(platform.requests).toHaveLength(1);
});

test("a wrong key is refused", async () => {
  const connection = connectionTo(platform);
  connection.configure({ apiHost: platform.apiHost, auth: "a:b" });
  await expect(client(connection).call(call)).rejects.toThrow("does not accept the key (401: The supplied authentication is invalid.)");
});
