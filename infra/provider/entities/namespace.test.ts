import { Connection } from "../connection";
import { UNKNOWN } from "../resource";
import { ADMIN_KEY } from "../testing/fakeAdmin";
import { FakePlatform } from "../testing/fakePlatform";
import { Lifecycle } from "../testing/operation";
import { NamespaceHandler } from "./namespace";

let platform: FakePlatform;
let namespace: Lifecycle;
beforeEach(async () => {
  platform = await FakePlatform.start();
  namespace = new Lifecycle(new NamespaceHandler(connection()), "team");
});
afterEach(() => platform.stop());

function connection(adminKey: string = ADMIN_KEY): Connection {
  const made = new Connection();
  made.configure({ apiHost: platform.apiHost, adminKey });
  return made;
}

const stored = () => platform.admin.namespaces.get("team")!;
const secretsOf = () => stored().keys.map(({ secret, expiresIn }) => [secret, expiresIn]);
const secret = (auth: unknown) => String(auth).split(":")[1];

test("a namespace is made, changed, read and deleted", async () => {
  const state = await namespace.create({ limits: { invocationsPerMinute: 60, maxParameterSize: "512 KB" } });
  expect(state.id).toBe("team");
  expect(state.outputs).toEqual({
    name: "team",
    overlap: 3600,
    limits: { invocationsPerMinute: 60, maxParameterSize: 524_288 },
    uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    auth: expect.stringMatching(/^[0-9a-f-]{36}:[A-Za-z0-9]{64}$/) as string,
  });
  expect(stored()).toMatchObject({ uuid: state.outputs.uuid, subject: "team", blocked: false, limits: { invocationsPerMinute: 60, maxParameterSize: 524_288 } });
  expect(await namespace.read(state)).toEqual(state);
  const next = await namespace.update(state, { blocked: true });
  expect(stored()).toMatchObject({ blocked: true, limits: {} });
  expect(next.outputs).toMatchObject({ blocked: true, auth: state.outputs.auth });
  await namespace.delete(next);
  expect(await namespace.read(next)).toBeUndefined();
  await namespace.delete(next);
});

test("another rotation makes a new key, and the one before ends after the overlap", async () => {
  const state = await namespace.create({ rotation: "1", overlap: "1 day" });
  const inputs = { rotation: "2", overlap: "1 day" };
  expect(await namespace.changes(state, inputs)).toEqual({ rotation: "update" });
  expect(namespace.handler.plan({ ...state.inputs, ...inputs }, state)).toMatchObject({ uuid: state.outputs.uuid, auth: UNKNOWN });
  const next = await namespace.update(state, inputs);
  expect(next.outputs.auth).not.toBe(state.outputs.auth);
  expect(secretsOf()).toEqual([
    [secret(next.outputs.auth), undefined],
    [secret(state.outputs.auth), 86_400],
  ]);
});

test("what others changed is found by a refresh", async () => {
  const state = await namespace.create({ limits: { firesPerMinute: 1 } });
  Object.assign(stored(), { blocked: true, limits: { firesPerMinute: 2, allowedKinds: ["nodejs:24"] } });
  expect((await namespace.read(state))?.inputs).toMatchObject({ blocked: true, limits: { firesPerMinute: 2, allowedKinds: ["nodejs:24"] } });
});

test("a key that somebody removed is made anew", async () => {
  const state = await namespace.create({});
  stored().keys = [];
  const refreshed = (await namespace.read(state))!;
  expect(refreshed.outputs.auth).toBeUndefined();
  expect(await namespace.changes(refreshed, {})).toEqual({ auth: "update" });
  const next = await namespace.update(refreshed, {});
  expect(secretsOf()).toEqual([[secret(next.outputs.auth), undefined]]);
});

test("an imported namespace has the inputs that a program would have, and gets a key with the next update", async () => {
  const state = await namespace.create({ subject: "us", limits: { firesPerMinute: 1 } });
  const imported = (await namespace.import("team"))!;
  expect(imported).toMatchObject({ id: "team", inputs: { name: "team", subject: "us", limits: { firesPerMinute: 1 }, overlap: 3600 } });
  const next = await namespace.update(imported, { subject: "us", limits: { firesPerMinute: 1 } });
  expect(secretsOf()).toEqual([
    [secret(state.outputs.auth), undefined],
    [secret(next.outputs.auth), undefined],
  ]);
});

test("one that is there already is not taken over", async () => {
  await namespace.create({});
  await expect(namespace.create({})).rejects.toThrow('namespace "team" exists already and is not of this stack: take it over with `pulumi import stackwhisk:index:Namespace team team`, delete it, or use another name');
});

test("one with something in it is deleted only if that is meant", async () => {
  const state = await namespace.create({});
  platform.admin.filled.add("team");
  await expect(namespace.delete(state)).rejects.toThrow("The namespace 'team' is not empty (1 action)");
  await namespace.delete(await namespace.update(state, { deleteContents: true }));
  expect(platform.admin.namespaces.size).toBe(0);
});

test("another name is another namespace; the same again replaces nothing", async () => {
  const state = await namespace.create({});
  expect(await namespace.changes(state, {})).toEqual({});
  expect(await namespace.changes(state, { name: "other" })).toEqual({ name: "update-replace" });
});

test.each([
  [{ name: "_" }, 'name: "_" cannot be a namespace\'s name'],
  [{ name: "a b" }, 'name: "a b" cannot be a namespace\'s name'],
  [{ overlap: "soon" }, "overlap: expected a length of time"],
  [{ limits: { invocationsPerMinute: -1 } }, "limits.invocationsPerMinute: must be 0 or more, not -1"],
  [{ limits: { maxPayloadSize: "much" } }, 'limits.maxPayloadSize: must be a number of bytes or a size such as "512 KB", not "much"'],
])("%j is refused by name", async (inputs, message) => {
  const [failure, ...others] = await namespace.failures(inputs);
  expect(failure).toContain(message);
  expect(others).toEqual([]);
});

test("what is not known yet passes the check", async () => {
  expect((await namespace.check({ name: UNKNOWN, limits: UNKNOWN, overlap: UNKNOWN })).failures).toEqual([]);
});

test("a wrong admin key, and none, are told with what to do", async () => {
  const wrong = new Lifecycle(new NamespaceHandler(connection(`${ADMIN_KEY}-another`)), "team");
  await expect(wrong.create({})).rejects.toThrow("does not accept the admin key (401: The admin key is not valid.): check adminKey of the stackwhisk provider");
  const none = new Connection();
  none.configure({ apiHost: platform.apiHost, auth: "u:k" });
  await expect(new Lifecycle(new NamespaceHandler(none), "team").create({})).rejects.toThrow("the stackwhisk provider has no adminKey");
});
