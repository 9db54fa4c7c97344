import fc from "fast-check";
import { applicationError, success } from "../../core/model/activation";
import type { Json } from "../../core/model/parameters";
import { WebHarness } from "../testing/web";

let web: WebHarness;
beforeAll(async () => {
  web = await WebHarness.start();
  await web.page();
});
afterAll(() => web.close());

const json = fc.jsonValue() as fc.Arbitrary<Json>;
const name = fc.oneof(fc.constantFrom("content-type", "Content-Type", "location", "set-cookie", "trailer", "te", "upgrade", "date", "server", "keep-alive", "expect", "__proto__", "", "a b"), fc.string());
const value = fc.oneof(fc.constantFrom("text/html", "application/json", "image/png", "text/plain; charset=utf-16", "multipart/mixed; boundary=x", "close", "\u0000", "€", "1\r\n2"), json);
const status = fc.oneof(fc.constantFrom(200, 204, 205, 304, 302, 101, 99, 600, "404", 1e99, -1), json);
const body = fc.oneof(fc.constantFrom("", "x", "AQID", "\ud800", "=", null), fc.base64String(), json);
const answer = fc.record({ statusCode: status, headers: fc.oneof(fc.dictionary(name, value), json), body, html: json, text: json }, { requiredKeys: [] }) as fc.Arbitrary<Json>;

test("whatever an action gives, the caller gets an answer that is one: never a 5xx that is not the action's, never half of one", async () => {
  const property = fc.asyncProperty(fc.oneof(answer, json), fc.constantFrom("", ".http", ".json", ".html", ".svg", ".text"), fc.constantFrom("GET", "POST", "HEAD", "OPTIONS"), fc.boolean(), async (result, extension, method, fails) => {
    web.api.world.invoker.code.set("guest/page", () => (fails ? applicationError(result) : success(result as never)));
    const response = await fetch(`http://127.0.0.1:${web.api.port}${web.url(extension)}`, { method, redirect: "manual" });
    const text = await response.text();
    const own = (result as { statusCode?: Json } | null)?.statusCode;
    if (response.status >= 500) expect(String(own)).toBe(String(response.status));
    if (text.startsWith('{\n  "error"')) expect(Object.keys(JSON.parse(text) as object)).toContain("code");
  });
  await fc.assert(property, { numRuns: 500 });
});
