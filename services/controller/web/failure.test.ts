import { applicationError, developerError, internalError } from "../../core/model/activation";
import { expectRefusal } from "../testing/harness";
import { WebHarness } from "../testing/web";

let web: WebHarness;
beforeEach(async () => {
  web = await WebHarness.start();
});
afterEach(() => web.close());

describe("an action that fails", () => {
  const failing = async (outcome: Parameters<WebHarness["run"]>[0], rest = "") => {
    await web.run(outcome);
    return web.send(rest);
  };

  test("by itself answers with its error, as any result", async () => {
    const refusal = applicationError({ statusCode: 403, body: "no hello for you" });
    const response = await failing(refusal);
    expect([response.status, response.text]).toEqual([403, "no hello for you"]);
    expect((await failing(refusal, ".json")).body).toEqual({ statusCode: 403, body: "no hello for you" });
    const text = await failing(applicationError("just text"), ".text");
    expect([text.status, text.text]).toEqual([200, "just text"]);
    expect((await failing(applicationError("<p>sorry</p>"), ".html")).text).toBe("<p>sorry</p>");
  });

  test("by itself is held to the extension as any result", async () => {
    expectRefusal(await failing(applicationError("bad response type"), ".json"), 400, "Response is not valid 'application/json'.");
    expectRefusal(await failing(applicationError("bad response type")), 400, "Response is not valid 'message/http'.");
    expectRefusal(await failing({ statusCode: 1, result: {} }), 404, "Response does not include requested property.");
  });

  test.each([developerError("details"), internalError("details")])("otherwise is answered 400 without details: %j", async (outcome) => {
    for (const rest of ["", ".json", ".text", ".html"]) expectRefusal(await failing(outcome, rest), 400, "There was an error processing your request.");
  });
});

test("an action that takes longer than anybody waits is answered 202 with its id", async () => {
  await web.page();
  jest.spyOn(web.api.world.owner, "invoke").mockResolvedValue({ kind: "accepted", activationId: "a".repeat(32) as never });
  const response = await web.send(".json");
  expectRefusal(response, 202, "Response not yet ready.");
  expect(response.headers["x-openwhisk-activation-id"]).toBe("a".repeat(32));
});

test("a fault of the platform is answered 500 without details", async () => {
  await web.page();
  jest.spyOn(web.api.world.owner, "invoke").mockRejectedValue(new Error("details"));
  expectRefusal(await web.send(".json"), 500, "There was an internal server error.");
});
