import type { Json } from "../../core/model/parameters";
import { expectRefusal } from "../testing/harness";
import { type Send, WebHarness } from "../testing/web";

let web: WebHarness;
beforeEach(async () => {
  web = await WebHarness.start();
});
afterEach(() => web.close());

const answer = async (result: Json, rest = "", options: Send = {}) => {
  await web.page(result);
  return web.send(rest, options);
};

describe("an answer that the caller does not take", () => {
  test.each<[string, Json, string, string]>([
    ["", { body: "Plain text" }, "application/json", "text/html; charset=UTF-8"],
    ["", { body: { a: 1 } }, "text/html", "application/json"],
    ["", { body: "iVBORw==", headers: { "content-type": "image/png" } }, "image/gif", "image/png"],
    [".json", { a: 1 }, "text/html", "application/json"],
    [".html", { html: "<p/>" }, "text/xml", "text/html; charset=UTF-8"],
    [".svg", { svg: "<svg/>" }, "text/html", "image/svg+xml"],
    [".text", { text: "x" }, "text/html", "text/plain"],
  ])("%s of %j to %s is refused with 406: it is only %s", async (rest, result, accept, type) => {
    const response = await answer(result, rest, { headers: { accept } });
    expectRefusal(response, 406, `Resource representation is only available with these types:\n${type}`);
    expect(web.api.world.invoker.ran).toHaveLength(1);
  });

  test.each<[string, Json, string]>([
    ["", { body: "Plain text" }, "text/html"],
    ["", { body: "Plain text" }, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
    ["", { body: "Plain text" }, "application/json, */*"],
    [".json", { a: 1 }, "application/json; charset=utf-8"],
    [".text", { text: "x" }, "text/*"],
  ])("is not %s of %j to %s", async (rest, result, accept) => {
    expect((await answer(result, rest, { headers: { accept } })).status).toBe(200);
  });

  test.each<Json>([{}, { body: "" }, { statusCode: 201 }, { statusCode: 302, headers: { location: "/x" } }, { statusCode: 404, body: "not here" }, { statusCode: 303, body: "there" }])("is not %j, whatever it takes: that has no content, or is no success", async (result) => {
    const response = await answer(result, "", { headers: { accept: "application/json" } });
    expect(response.status).toBe((result as { statusCode?: number }).statusCode ?? 204);
  });

  test("is not a refusal", async () => {
    expectRefusal(await answer([1], "", { headers: { accept: "text/html" } }), 400, "Response is not valid 'message/http'.");
  });
});
