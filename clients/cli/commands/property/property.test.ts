import { existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { auth } from "../../testing/fake-platform";
import { useBench } from "../../testing/harness";

const bench = useBench();
const props = () => path.join(bench.folder, ".wskprops");
const offline = { env: {} };

beforeEach(() => rmSync(props(), { force: true }));

test("set writes a file that only its owner can read", async () => {
  const args = ["--apihost", "http://127.0.0.1:3233", "--auth", "a:b", "--namespace", "guest"];
  expect(await bench.whiskWith(offline, "property", "set", ...args)).toEqual({
    code: 0,
    stdout:
      "ok: whisk auth set. Run 'whisk property get --auth' to see the new value.\n" +
      "ok: whisk API host set to http://127.0.0.1:3233\n" +
      "ok: whisk namespace set to guest\n",
    stderr: "",
  });
  expect(readFileSync(props(), "utf8")).toBe("AUTH=a:b\nAPIHOST=http://127.0.0.1:3233\nNAMESPACE=guest\n");
  expect(statSync(props()).mode & 0o777).toBe(0o600);
});

test("set and unset leave every other line as it is", async () => {
  writeFileSync(props(), "# mine\nAPIGW_ACCESS_TOKEN=x=y\nAPIHOST=old # the old one\n\nAUTH=a:b\n", { mode: 0o644 });
  await bench.whiskWith(offline, "property", "set", "--apihost", "new");
  expect(readFileSync(props(), "utf8")).toBe("# mine\nAPIGW_ACCESS_TOKEN=x=y\nAPIHOST=new\n\nAUTH=a:b\n");
  expect(statSync(props()).mode & 0o777).toBe(0o600);
  expect((await bench.whiskWith(offline, "property", "unset", "--auth", "--apiversion")).stdout).toBe(
    "ok: whisk auth unset.\nok: whisk API version unset; the default value of v1 will be used.\n",
  );
  expect(readFileSync(props(), "utf8")).toBe("# mine\nAPIGW_ACCESS_TOKEN=x=y\nAPIHOST=new\n\n");
});

test("a link to the file stays a link", async () => {
  const real = path.join(bench.folder, "real");
  writeFileSync(real, "");
  symlinkSync(real, props());
  await bench.whiskWith(offline, "property", "set", "--apihost", "h");
  expect([lstatSync(props()).isSymbolicLink(), readFileSync(real, "utf8")]).toEqual([true, "APIHOST=h\n"]);
});

test("WSK_CONFIG_FILE says where the file is; empty: nowhere", async () => {
  const other = path.join(bench.folder, "other");
  expect((await bench.whiskWith({ env: { WSK_CONFIG_FILE: other } }, "property", "set", "-u", "a:b")).code).toBe(0);
  expect([existsSync(other), existsSync(props())]).toEqual([true, false]);
  expect(await bench.whiskWith({ env: { WSK_CONFIG_FILE: "" } }, "property", "set", "-u", "a:b")).toMatchObject({ code: 1 });
});

test("get prints everything there is to know", async () => {
  const { stdout } = await bench.whisk("property", "get");
  expect(stdout).toBe(
    `whisk API host\t\t${bench.platform.url}\n` +
      `whisk auth\t\t${auth}\n` +
      "whisk namespace\t\tguest\n" +
      "client cert\t\t\n" +
      "Client key\t\t\n" +
      "whisk API version\tv1\n" +
      "whisk CLI version\t0.1.0\n" +
      "whisk API build\t\t2026-07-01T00:00:00Z\n" +
      "whisk API build number\t42\n",
  );
});

test("get of one property, raw or as JSON", async () => {
  expect((await bench.whisk("property", "get", "--auth")).stdout).toBe(`whisk auth\t\t${auth}\n`);
  expect((await bench.whisk("property", "get", "--apihost", "-o", "raw")).stdout).toBe(`${bench.platform.url}\n`);
  expect(JSON.parse((await bench.whisk("property", "get", "--apihost", "--namespace", "--json")).stdout)).toEqual({
    apihost: bench.platform.url,
    namespace: "guest",
  });
  expect((await bench.whisk("--auth", "x:y", "property", "get", "--auth", "-o", "raw")).stdout).toBe("x:y\n");
});

test("get works without a platform, except for what only that can tell", async () => {
  expect((await bench.whiskWith(offline, "property", "get", "--namespace")).stdout).toBe("whisk namespace\t\t_\n");
  for (const [flag, stdout] of [
    ["--all", /whisk API build number\tUnknown\n$/],
    ["--apibuild", /^whisk API build\t\tUnknown\n$/],
  ] as const)
    expect(await bench.whiskWith(offline, "property", "get", flag)).toEqual({
      code: 1,
      stdout: expect.stringMatching(stdout) as string,
      stderr: expect.stringMatching(/^error: Unable to obtain API build information: The API host is not valid/) as string,
    });
});

test("what the platform does not tell is unknown, and why is told", async () => {
  const env = { WHISK_APIHOST: "http://127.0.0.1:9", WHISK_AUTH: auth };
  expect(await bench.whiskWith({ env }, "property", "get", "--apibuild")).toEqual({
    code: 3,
    stdout: "whisk API build\t\tUnknown\n",
    stderr: expect.stringContaining("Unable to obtain API build information: no connection to http://127.0.0.1:9") as string,
  });
});

describe("a certificate of the client", () => {
  test("is set, told and unset", async () => {
    expect((await bench.whiskWith(offline, "property", "set", "--cert", "c.pem", "--key", "k.pem")).stdout).toBe(
      "ok: client cert set. Run 'whisk property get --cert' to see the new value.\n" +
        "ok: client key set. Run 'whisk property get --key' to see the new value.\n",
    );
    expect(readFileSync(props(), "utf8")).toBe("CERT=c.pem\nKEY=k.pem\n");
    expect((await bench.whiskWith(offline, "property", "get", "--cert", "--key")).stdout).toBe(
      "client cert\t\tc.pem\nClient key\t\tk.pem\n",
    );
    expect((await bench.whiskWith(offline, "property", "unset", "--cert", "--key")).stdout).toBe(
      "ok: client cert unset.\nok: client key unset.\n",
    );
  });

  test.each([
    [["--key", "k.pem"], "The Cert file is not configured. Please configure the missing Cert file."],
    [["--cert", "c.pem"], "The Key file is not configured. Please configure the missing Key file."],
    [["--cert", "none.pem", "--key", "none.pem"], "Unable to load the X509 key pair due to the following reason: ENOENT"],
    [["--cert", "empty.pem", "--key", "empty.pem"], "Unable to load the X509 key pair due to the following reason: "],
  ])("%j cannot be used", async (flags, message) => {
    writeFileSync(path.join(bench.folder, "empty.pem"), "");
    const { code, stderr } = await bench.whisk("action", "list", ...flags);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: Unable to initialize server connection: ${message}`)]);
  });

  test("half a configuration does not matter to --insecure", async () => {
    expect((await bench.whisk("action", "list", "--key", "k.pem", "-i")).code).toBe(0);
  });
});

test.each([
  ["set", [], "Invalid argument(s). One of --cert, --key, --auth, --apihost, --apiversion, --namespace is required."],
  [
    "set",
    ["--apihost", "a b"],
    "Unable to set API host value; the API host value 'a b' is invalid: The API host is not valid: 'a b' is not HOST, HOST:PORT or http(s)://HOST:PORT",
  ],
])("%s %j is refused and writes nothing", async (verb, args, message) => {
  expect((await bench.whiskWith(offline, "property", verb, ...args)).stderr).toBe(`error: ${message}\nRun 'whisk --help' for usage.\n`);
  expect(existsSync(props())).toBe(false);
});
