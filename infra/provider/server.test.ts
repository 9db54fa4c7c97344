import { spawnSync } from "node:child_process";
import { CheckRequest, ConfigureRequest, CreateRequest, DeleteRequest, DiffRequest, DiffResponse, GetSchemaRequest, InvokeRequest, ProviderHandshakeRequest, PropertyDiff, ReadRequest, UpdateRequest } from "@pulumi/pulumi/proto/provider_pb";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version } from "../package.json";
import { decode, encode, type Path } from "./properties";
import { UNKNOWN, type Properties } from "./resource";
import { AUTH, FakePlatform } from "./testing/fakePlatform";
import { temporaryFolder } from "./testing/folder";
import { installProvider, startProvider, type RunningProvider } from "./testing/provider";

const folder = temporaryFolder({ "greet.ts": "export const main = (p: { n: number }): object => ({ n: p.n });\n", "broken.ts": "export const main = (;\n" });
const urnOf = (type: string, name: string) => `urn:pulumi:dev::trial::my:component:Parent$stackwhisk:index:${type}::${name}`;

let installed: Awaited<ReturnType<typeof installProvider>>;
let platform: FakePlatform;
let provider: RunningProvider;
beforeAll(async () => {
  installed = await installProvider();
});
afterAll(() => {
  installed.remove();
  folder.remove();
});
beforeEach(async () => {
  platform = await FakePlatform.start();
  provider = await startProvider(installed.executable, folder.path);
});
afterEach(async () => {
  await provider.stop();
  await platform.stop();
});

const configure = (args: Properties = { apiHost: platform.apiHost, auth: AUTH }) =>
  provider.client.configure(new ConfigureRequest().setArgs(encode(args, [["auth"]])).setAcceptsecrets(true));

async function check(type: string, name: string, inputs: Properties, secrets: Path[] = []) {
  const request = new CheckRequest().setUrn(urnOf(type, name)).setNews(encode(inputs, secrets));
  const response = await provider.client.check(request);
  return { inputs: response.getInputs()!, failures: response.getFailuresList().map((failure) => failure.toObject()) };
}

async function create(type: string, name: string, given: Properties, options: { secrets?: Path[]; preview?: boolean } = {}) {
  const { inputs, failures } = await check(type, name, given, options.secrets);
  expect(failures).toEqual([]);
  const request = new CreateRequest().setUrn(urnOf(type, name)).setProperties(inputs).setPreview(options.preview ?? false);
  const response = await provider.client.create(request);
  return { id: response.getId(), inputs, outputs: response.getProperties()! };
}

test("it starts in well under 300 ms, tells its version and takes the engine's address", async () => {
  expect(provider.startedIn).toBeLessThan(1500); // alone on a machine about 100; others may use this one too
  expect((await provider.client.getPluginInfo(new Empty())).getVersion()).toBe(version);
  await provider.client.attach(new PluginAttach().setAddress("127.0.0.1:1"));
  const handshake = await provider.client.handshake(new ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1"));
  expect(handshake.toObject()).toMatchObject({ acceptSecrets: true, acceptResources: true, acceptOutputs: false });
});

test("a missing bundle is one clear message", () => {
  const empty = temporaryFolder({ "infra/provider/bin/x": "" });
  const result = spawnSync("sh", ["-c", `cp ${installed.executable} ${empty.path}/infra/provider/bin/ && ${empty.path}/infra/provider/bin/pulumi-resource-stackwhisk`], { encoding: "utf8" });
  expect(result).toMatchObject({ status: 1, stdout: "", stderr: `pulumi-resource-stackwhisk: ${empty.path}/dist/provider/main.js is missing: run "npm run build" in ${empty.path}\n` });
  empty.remove();
});

test("the schema has every resource type, for programs in other languages", async () => {
  const response = await provider.client.getSchema(new GetSchemaRequest());
  const schema = JSON.parse(response.getSchema()) as { resources: Record<string, { inputProperties: object }> };
  expect(Object.keys(schema.resources)).toEqual(["LocalPlatform", "ClusterPlatform", "PlatformKeys", "ContainerReadiness", "ActionContainers", "Action", "Sequence", "Trigger", "Rule", "Package", "Namespace"].map((name) => `stackwhisk:index:${name}`));
  expect(Object.keys(schema.resources["stackwhisk:index:Rule"]!.inputProperties)).toEqual(["name", "trigger", "action", "status", "annotations"]);
});

test("check failures name the property; the code is checked before the platform is known", async () => {
  expect((await check("Action", "a", { code: "./broken.ts", limits: { memory: "much" } })).failures).toEqual([
    { property: "limits.memory", reason: 'must be a number of MB or a size such as "256 MB", not "much"' },
    { property: "code", reason: 'broken.ts:1:22: Unexpected ";"' },
  ]);
  expect((await check("Rule", "r", { trigger: "t", on: "x" })).failures).toEqual([
    { property: "on", reason: "there is no such input; there are name, trigger, action, status, annotations" },
    { property: "action", reason: "is required" },
  ]);
  await expect(check("Thing", "t", {})).rejects.toThrow("there is no resource type stackwhisk:index:Thing; there are stackwhisk:index:LocalPlatform, stackwhisk:index:ClusterPlatform, stackwhisk:index:PlatformKeys, stackwhisk:index:ContainerReadiness, stackwhisk:index:ActionContainers, stackwhisk:index:Action");
});

test("a secret parameter stays a secret in inputs and outputs, and nothing beside it becomes one", async () => {
  await configure();
  const { inputs, outputs } = await create("Action", "a", { code: "greet.ts", parameters: { token: "hush", size: 1 } }, { secrets: [["parameters", "token"]] });
  expect(decode(inputs).secrets).toEqual([["parameters", "token"]]);
  expect(decode(outputs).secrets).toEqual([["parameters", "token"]]);
  expect(decode(outputs).values.parameters).toEqual({ token: "hush", size: 1 });
  expect(platform.entity("actions/a").parameters).toEqual([
    { key: "size", value: 1 },
    { key: "token", value: "hush" },
  ]);
});

test("a preview asks nothing of the platform, and tells what is not known yet", async () => {
  await configure();
  const { id, outputs } = await create("Action", "a", { code: "greet.ts", web: true }, { preview: true });
  expect(id).toBe("");
  expect(decode(outputs).values).toMatchObject({ name: "a", codeSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, qualifiedName: UNKNOWN, url: UNKNOWN, version: UNKNOWN });
  expect(platform.requests).toEqual([]);
});

test("a preview with a platform that is not known yet checks, compares and plans without it", async () => {
  const news = encode({ apiHost: UNKNOWN, auth: UNKNOWN }, [["auth"]]);
  const checked = await provider.client.checkConfig(new CheckRequest().setNews(news));
  expect(checked.getFailuresList()).toEqual([]);
  await configure(decode(checked.getInputs()).values);
  const { inputs, outputs } = await create("Trigger", "t", { parameters: { a: 1 } }, { preview: true });
  const request = new DiffRequest().setId("_/t").setUrn(urnOf("Trigger", "t")).setOlds(outputs).setOldInputs(inputs).setNews(inputs);
  expect((await provider.client.diff(request)).getChanges()).toBe(DiffResponse.DiffChanges.DIFF_NONE);
  await expect(create("Trigger", "t", {})).rejects.toThrow("apiHost or auth of the stackwhisk provider is not known yet: bring up what they come from first");
});

test("without any configuration the error names the property and the way out", async () => {
  await configure({});
  await expect(create("Trigger", "t", {})).rejects.toThrow('the stackwhisk provider has no apiHost: pass it to a provider (new stackwhisk.Provider("platform", { apiHost, auth }))');
});

test("the configuration comes from the environment, as it does for other clients", async () => {
  const other = await startProvider(installed.executable, folder.path, { WHISK_APIHOST: platform.apiHost, WHISK_AUTH: AUTH });
  await other.client.configure(new ConfigureRequest());
  const request = new CreateRequest().setUrn(urnOf("Trigger", "t")).setProperties(encode({ name: "t" }));
  expect((await other.client.create(request)).getId()).toBe("_/t");
  await other.stop();
});

test("a changed platform or key replaces nothing", async () => {
  const request = new DiffRequest().setOldInputs(encode({ apiHost: "http://a", auth: "u:1" })).setNews(encode({ apiHost: "http://b", auth: "u:2" }));
  const response = await provider.client.diffConfig(request);
  expect(response.toObject()).toMatchObject({ changes: DiffResponse.DiffChanges.DIFF_SOME, diffsList: ["apiHost", "auth"], replacesList: [] });
});

test("a difference is told path by path, a replacement by its property, and what is ignored not at all", async () => {
  const old = encode({ name: "a", parameters: { kept: 1, gone: 1 }, annotations: { x: 1 } });
  const news = encode({ name: "b", parameters: { kept: 1, "new.one": 1 }, annotations: { x: 2 } });
  const request = new DiffRequest().setId("_/a").setUrn(urnOf("Trigger", "a")).setOlds(old).setOldInputs(old).setNews(news).setIgnorechangesList(["annotations"]);
  const response = await provider.client.diff(request);
  expect(response.getDiffsList().sort()).toEqual(["name", "parameters"]);
  expect(response.getReplacesList()).toEqual(["name"]);
  expect(response.getHasdetaileddiff()).toBe(true);
  const detailed: unknown[] = [];
  response.getDetaileddiffMap().forEach((diff, path) => detailed.push([path, diff.getKind(), diff.getInputdiff()]));
  expect(detailed).toEqual([
    ["name", PropertyDiff.Kind.UPDATE_REPLACE, true],
    ["parameters.gone", PropertyDiff.Kind.DELETE, true],
    ['parameters["new.one"]', PropertyDiff.Kind.ADD, true],
  ]);
});

test("an import has the inputs that a program would have; they pass the check", async () => {
  await configure();
  await create("Package", "p", { parameters: { shared: 1 } });
  await create("Action", "a", { code: "greet.ts", package: "p", parameters: { n: 1 }, web: true });
  const response = await provider.client.read(new ReadRequest().setId("p/a").setUrn(urnOf("Action", "a")));
  expect(response.getId()).toBe("_/p/a");
  const { values } = decode(response.getInputs());
  expect(values).toMatchObject({ name: "a", package: "p", kind: "nodejs:24", parameters: { n: 1 }, web: true });
  expect((await check("Action", "a", values)).failures).toEqual([]);
});

test("a refresh keeps secrets secret and sees that a resource is gone", async () => {
  await configure();
  const { id, inputs, outputs } = await create("Trigger", "t", { parameters: { token: "hush" } }, { secrets: [["parameters", "token"]] });
  const request = new ReadRequest().setId(id).setUrn(urnOf("Trigger", "t")).setInputs(inputs).setProperties(outputs);
  const there = await provider.client.read(request);
  expect([decode(there.getInputs()).secrets, decode(there.getProperties()).secrets]).toEqual([[["parameters", "token"]], [["parameters", "token"]]]);
  platform.entities.clear();
  expect((await provider.client.read(request)).getId()).toBe("");
});

test("an update and a delete do what they say; the preview of an update does not", async () => {
  await configure();
  const { id, inputs, outputs } = await create("Trigger", "t", {});
  const update = new UpdateRequest().setId(id).setUrn(urnOf("Trigger", "t")).setOldInputs(inputs).setOlds(outputs).setNews(encode({ name: "t", parameters: { a: 1 } }));
  const planned = await provider.client.update(update.setPreview(true));
  expect(decode(planned.getProperties()).values).toMatchObject({ version: UNKNOWN, qualifiedName: "/guest/t", parameters: { a: 1 } });
  expect(platform.entity("triggers/t").version).toBe("0.0.1");
  const done = await provider.client.update(update.setPreview(false));
  expect(decode(done.getProperties()).values).toMatchObject({ version: "0.0.2", parameters: { a: 1 } });
  await provider.client.delete(new DeleteRequest().setId(id).setUrn(urnOf("Trigger", "t")).setProperties(outputs).setOldInputs(inputs));
  expect(platform.entities.size).toBe(0);
});

test("Cancel ends an operation that hangs, and nothing starts after it", async () => {
  await configure();
  const arrived = new Promise<void>((resolve) => {
    platform.intercept = () => {
      resolve();
      return true;
    };
  });
  const hanging = expect(create("Trigger", "t", {})).rejects.toThrow("cancelled");
  await arrived;
  await provider.client.cancel(new Empty());
  await hanging;
  await expect(create("Trigger", "other", {})).rejects.toThrow("cancelled");
  expect(platform.requests).toHaveLength(1);
});

test("a resource that was made but not finished comes back with its state", async () => {
  await configure();
  platform.intercept = ({ method }, response) => {
    if (method !== "POST") return false;
    response.writeHead(500).end("{}");
    return true;
  };
  const failure = (await create("Rule", "r", { trigger: "t", action: "a", status: "inactive" }).catch((error: unknown) => error)) as { details: string; metadata: { get(key: string): Buffer[] } };
  expect(failure.details).toContain('rule "r": the platform failed');
  expect(failure.metadata.get("grpc-status-details-bin")[0]!.toString("latin1")).toContain("pulumirpc.ErrorResourceInitFailed");
});

test("a function that it does not have is refused by its name", async () => {
  await expect(provider.client.invoke(new InvokeRequest().setTok("stackwhisk:index:nothing"))).rejects.toThrow("stackwhisk:index:nothing is not a function of the stackwhisk provider");
});
