import { embeddedConfig } from "../embedded/config";
import { adminSettings, parseConfig } from "./config";

const namespace = (name: string) => ({ name, uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502", key: "k".repeat(64) });
const parse = (change: object) => parseConfig(embeddedConfig, { dataDir: "/data", namespaces: [namespace("guest")], ...change });

const environment = process.env.STACKWHISK_ADMIN_KEY;
beforeEach(() => delete process.env.STACKWHISK_ADMIN_KEY);
afterAll(() => {
  if (environment !== undefined) process.env.STACKWHISK_ADMIN_KEY = environment;
});

test("a second namespace on the process driver has to be asked for; whisk.system is none", () => {
  expect(() => parse({ namespaces: [namespace("a"), namespace("b")] })).toThrow(
    "the configuration is wrong: 'namespaces' has 2 entries, but the process driver does not keep their code apart. Set 'allowSharedProcesses' to true if they trust each other.",
  );
  expect(parse({ namespaces: [namespace("a"), namespace("whisk.system")] }).namespaces).toHaveLength(2);
  expect(parse({ namespaces: [namespace("a"), namespace("b")], allowSharedProcesses: true }).namespaces).toHaveLength(2);
});

test("an administrator cannot make a second one either, unless it was asked for", () => {
  const strict = adminSettings(parse({}));
  expect(strict.permanent).toEqual(["guest", "whisk.system"]);
  expect(strict.refuseAnother?.(["whisk.system"])).toBeUndefined();
  expect(strict.refuseAnother?.(["guest", "whisk.system"])).toBe(
    "There is a namespace already (guest), and the process driver does not keep their code apart. Set 'allowSharedProcesses' to true if they trust each other.",
  );
  expect(adminSettings(parse({ allowSharedProcesses: true })).refuseAnother?.(["guest", "whisk.system"])).toBeUndefined();
});

test("containers of Docker keep namespaces apart: several of them need not be asked for", () => {
  const config = parse({ driver: "docker", namespaces: [namespace("a"), namespace("b")] });
  expect(config.docker).toEqual({ pull: "latest" });
  expect(adminSettings(config).refuseAnother?.(["a"])).toBeUndefined();
  expect(() => parse({ driver: "docker", docker: { host: "ssh://there" } })).toThrow("'docker.host' must be unix:///path/of/the.sock or tcp://host:port");
  expect(() => parse({ driver: "docker", docker: { pull: "often" } })).toThrow("'docker.pull'");
});

test("the admin key comes from the configuration, then from the environment; without one there is no admin API", () => {
  expect(adminSettings(parse({})).key).toBeUndefined();
  process.env.STACKWHISK_ADMIN_KEY = "e".repeat(32);
  expect(adminSettings(parse({})).key).toBe("e".repeat(32));
  expect(adminSettings(parse({ adminKey: "c".repeat(32) })).key).toBe("c".repeat(32));
  process.env.STACKWHISK_ADMIN_KEY = "short";
  expect(() => adminSettings(parse({}))).toThrow("STACKWHISK_ADMIN_KEY of the environment is wrong");
  expect(() => parse({ adminKey: "short" })).toThrow("'adminKey' must have 32 to 256 characters, and no blanks");
});

test("limits are whole numbers from 0", () => {
  expect(parse({ limits: { firesPerMinute: 0 } }).limits).toEqual({ firesPerMinute: 0 });
  for (const limits of [{ firesPerMinute: -1 }, { firesPerMinute: 0.5 }, { fires: 1 }]) expect(() => parse({ limits })).toThrow("limits");
});
