import { checkSettings, hostUrl, settingsFrom } from "./settings";

test("a flag goes before the environment, which goes before the file", () => {
  const props = { APIHOST: "file", AUTH: "file", NAMESPACE: "file", APIVERSION: "v3", CERT: "c.pem", KEY: "k.pem" };
  const files = { cert: "c.pem", key: "k.pem" };
  const env = { WHISK_APIHOST: "env", WHISK_AUTH: "env", WHISK_NAMESPACE: "env" };
  expect(settingsFrom({ apihost: "flag" }, env, props)).toEqual({
    apiHost: "flag",
    auth: "env",
    namespace: "env",
    apiVersion: "v3",
    ...files,
  });
  expect(settingsFrom({ key: "other" }, {}, props)).toEqual({
    apiHost: "file",
    auth: "file",
    namespace: "file",
    apiVersion: "v3",
    cert: "c.pem",
    key: "other",
  });
  expect(settingsFrom({}, { WHISK_AUTH: "" }, {})).toEqual({ apiHost: "", auth: "", namespace: "_", apiVersion: "v1", cert: "", key: "" });
});

test.each([
  ["http://127.0.0.1:3233", "http://127.0.0.1:3233"],
  ["https://whisk.example/", "https://whisk.example"],
  ["whisk.example", "https://whisk.example"],
  ["localhost:3233", "https://localhost:3233"],
])("the host %s is at %s", (written, url) => expect(hostUrl(written)).toBe(url));

test("what is no host is refused", () => expect(() => hostUrl("http://")).toThrow("The API host is not valid: 'http://'"));

test.each([
  ["", "", "The API host is not valid: An API host must be provided.", "whisk property set --apihost HOST --auth KEY", 1],
  ["h", "", "Authorization key is not configured (--auth is required).", "whisk property set --auth KEY", 2],
])("missing settings (%j, %j) are told with the ways to get them", (apiHost, auth, what, how, exitCode) => {
  const message = `${what} In a checkout with a running platform: eval "$(npm run -s env)"; else: ${how}`;
  expect(() => checkSettings({ ...settingsFrom({}, {}, {}), apiHost, auth })).toThrow(expect.objectContaining({ message, exitCode }));
});
