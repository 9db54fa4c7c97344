import { checkConfig, hideUnknowns, resolveConfig, showUnknowns } from "./config";
import { UNKNOWN } from "./resource";
import { temporaryFolder } from "./testing/folder";

const folder = temporaryFolder({ wskprops: "# mine\nAPIHOST=file-host\n AUTH = u:from-file \nNAMESPACE=_\n" });
const file = { WSK_CONFIG_FILE: `${folder.path}/wskprops` };
const none = { WSK_CONFIG_FILE: `${folder.path}/none` };
afterAll(() => folder.remove());

test("the program's values win over the environment, the environment over the properties file", () => {
  expect(resolveConfig({ apiHost: "http://a:1/", auth: "u:a" }, { WHISK_APIHOST: "b", WHISK_AUTH: "u:b", ...file })).toEqual({ apiHost: "http://a:1", auth: "u:a", insecure: false });
  expect(resolveConfig({}, { WHISK_APIHOST: "b", ...file })).toEqual({ apiHost: "https://b", auth: "u:from-file", insecure: false });
  expect(resolveConfig({ insecure: "true" }, file)).toEqual({ apiHost: "https://file-host", auth: "u:from-file", insecure: true });
});

test("nothing at all is an error that names the property and every way out", () => {
  const error = resolveConfig({}, none) as Error;
  expect(error.message).toBe(
    'the stackwhisk provider has no apiHost: pass it to a provider (new stackwhisk.Provider("platform", { apiHost, auth })), set it with "pulumi config set stackwhisk:apiHost …", or set WHISK_APIHOST (of a platform started here: eval "$(npm run -s env)")',
  );
  expect((resolveConfig({ apiHost: "http://a" }, none) as Error).message).toContain('no auth: pass it to a provider (new stackwhisk.Provider("platform", { apiHost, auth })), set it with "pulumi config set --secret stackwhisk:auth …"');
});

test("an admin key alone is enough, and comes from the environment too", () => {
  const adminKey = "a".repeat(32);
  expect(resolveConfig({ apiHost: "http://a", adminKey }, none)).toEqual({ apiHost: "http://a", adminKey, insecure: false });
  expect(resolveConfig({ apiHost: "http://a" }, { STACKWHISK_ADMIN_KEY: adminKey, ...none })).toEqual({ apiHost: "http://a", adminKey, insecure: false });
  expect(resolveConfig({ apiHost: "http://a", auth: "u:k", adminKey: UNKNOWN }, none)).toBe(UNKNOWN);
});

test("an unknown value is unknown, it does not fall back to the environment", () => {
  expect(resolveConfig({ apiHost: UNKNOWN, auth: "u:a" }, { WHISK_APIHOST: "b" })).toBe(UNKNOWN);
});

test("unknown values come back from what the engine is shown", () => {
  const inputs = { apiHost: UNKNOWN, auth: UNKNOWN, insecure: true };
  expect(hideUnknowns(inputs)).toEqual({ insecure: true, notKnownYet: "apiHost,auth" });
  expect(showUnknowns(hideUnknowns(inputs))).toEqual(inputs);
  expect(showUnknowns(hideUnknowns({ apiHost: "a" }))).toEqual({ apiHost: "a" });
});

test("the check names the property and does not repeat a secret", () => {
  expect(checkConfig({ apiHost: "not a url" })).toEqual([{ property: "apiHost", reason: 'must be a URL such as http://127.0.0.1:3233, not "not a url"' }]);
  expect(checkConfig({ auth: "hush" })).toEqual([{ property: "auth", reason: "must have the form uuid:key" }]);
  expect(checkConfig({ apihost: "a" })).toEqual([{ property: "apihost", reason: "there is no such input; there are apiHost, auth, adminKey, insecure" }]);
  expect(checkConfig({ adminKey: "hush" })).toEqual([{ property: "adminKey", reason: "must have at least 32 characters, and no blanks" }]);
  expect(checkConfig({ apiHost: UNKNOWN, auth: UNKNOWN, insecure: "false" })).toEqual([]);
});
