import type { Request, Response } from "express";
import request from "supertest";
import { hashSecret } from "../../../core/keys";
import { ADMIN_KEY, CODE, expectRefusal, Harness } from "../../testing/harness";
import { requireAdmin } from "./access";

const SECRET = "k".repeat(64);
const UUID = "0f5b2d8e-5a0f-4a9c-8b8e-0d6c7f1f2a3b";

let api: Harness;
beforeEach(async () => (api = await Harness.start()));
afterEach(() => api.close());

const admin = (method: "get" | "put" | "post" | "delete" | "patch", path: string, body?: unknown) =>
  api.send(method, `/admin/v1/${path}`, body, { as: null, headers: { authorization: `Bearer ${ADMIN_KEY}` } });

/** What a call with a namespace's key is answered. */
const statusOf = async (auth: string) => (await request(api.server).get("/api/v1/namespaces").set("authorization", `Basic ${Buffer.from(auth).toString("base64")}`)).status;

describe("the admin key", () => {
  test.each([undefined, "Bearer", "Bearer wrong", `Bearer ${ADMIN_KEY}x`, `Basic ${Buffer.from(`admin:${ADMIN_KEY}`).toString("base64")}`])("is not %j", async (authorization) => {
    const response = await api.get("/admin/v1/namespaces", { as: null, headers: authorization === undefined ? {} : { authorization } });
    expectRefusal(response, 401);
    expect(response.headers["www-authenticate"]).toBe('Bearer realm="admin"');
  });

  test("is not the key of a namespace, and opens no namespace", async () => {
    expectRefusal(await api.get("/admin/v1/namespaces"), 401);
    expectRefusal(await api.get("/api/v1/namespaces", { as: null, headers: { authorization: `Bearer ${ADMIN_KEY}` } }), 401);
  });

  test("is asked for before anything is told, and lets no browser in", async () => {
    for (const path of ["namespaces/none", "nothing"]) expectRefusal(await api.get(`/admin/v1/${path}`), 401);
    expectRefusal(await admin("get", "nothing"), 404);
    expect((await admin("get", "namespaces")).headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("a namespace", () => {
  test("is made with a key that opens it at once, and is told only then", async () => {
    const made = await admin("put", "namespaces/team", {});
    expect([made.status, made.body]).toEqual([
      201,
      { name: "team", uuid: expect.any(String) as string, subject: "team", blocked: false, limits: {}, keys: [{ id: expect.any(String) as string, created: expect.any(String) as string }], auth: expect.stringMatching(/^[0-9a-f-]{36}:[A-Za-z0-9]{64}$/) as string },
    ]);
    const { auth, ...rest } = made.body as { auth: string };
    expect(await statusOf(auth)).toBe(200);
    const got = await admin("get", "namespaces/team");
    expect(got.body).toEqual({ ...rest, effectiveLimits: expect.objectContaining({ maxActionMemory: 512 }) as object });
    expect(got.text).not.toContain(hashSecret(auth.split(":")[1]!));
  });

  test("is made with a key and a uuid of one's choice; the same again changes nothing", async () => {
    const wish = { key: SECRET, uuid: UUID, subject: "us", limits: { invocationsPerMinute: 5, maxParameterSize: "1 KB" } };
    const made = await admin("put", "namespaces/team", wish);
    expect([made.status, made.body]).toMatchObject([201, { subject: "us", limits: { invocationsPerMinute: 5, maxParameterSize: 1024 }, auth: `${UUID}:${SECRET}` }]);
    const again = await admin("put", "namespaces/team", wish);
    expect([again.status, again.body]).toEqual([200, made.body]);
    expectRefusal(await admin("put", "namespaces/team?overwrite=false", wish), 409, "The namespace 'team' exists already.");
    expectRefusal(await admin("put", "namespaces/other2", { uuid: UUID }), 409, /belongs to namespace 'team'/);
  });

  test("can be blocked and let in again: its keys and web actions with it", async () => {
    await api.have(["actions/w", { ...CODE, annotations: [{ key: "web-export", value: true }] }]);
    const web = async () => (await api.get("/api/v1/web/guest/default/w.json", { as: null })).status;
    expect([await statusOf(api.key("guest")), await web()]).toEqual([200, 200]);
    expect((await admin("put", "namespaces/guest", { blocked: true })).body).toMatchObject({ blocked: true });
    expectRefusal(await api.get("actions"), 401, "The supplied authentication is invalid");
    expect(await web()).toBe(404);
    await admin("put", "namespaces/guest", { blocked: false });
    expect([await statusOf(api.key("guest")), await web()]).toEqual([200, 200]);
  });

  test("gets limits that are in effect at once", async () => {
    await admin("put", "namespaces/guest", { limits: { invocationsPerMinute: 0 } });
    expectRefusal(await api.post("actions/a", {}), 429);
    await admin("put", "namespaces/guest", { limits: {} });
    expectRefusal(await api.post("actions/a", {}), 404);
  });

  test("is deleted when it is empty, or with all that is in it; its key opens nothing then", async () => {
    await api.have(["actions/a", CODE, { as: "other" }]);
    expectRefusal(await admin("delete", "namespaces/other"), 409, "The namespace 'other' is not empty (1 action): delete what is in it first, or all of it with 'force=true'.");
    expect((await admin("delete", "namespaces/other?force=true")).status).toBe(200);
    expect(await statusOf(api.key("other"))).toBe(401);
    expectRefusal(await admin("get", "namespaces/other"), 404, "There is no namespace 'other'.");
    expectRefusal(await admin("delete", "namespaces/guest?force=true"), 409, /one that the platform makes at each start/);
  });

  test("is listed by name, in pages, without any secret", async () => {
    await admin("put", "namespaces/team", { key: SECRET });
    const all = await admin("get", "namespaces");
    expect((all.body as { name: string; keys: number }[]).map(({ name, keys }) => [name, keys])).toEqual([["guest", 1], ["other", 1], ["team", 1]]);
    expect(all.text).not.toMatch(/hash|kkkk/);
    expect(((await admin("get", "namespaces?limit=1&skip=1")).body as { name: string }[]).map(({ name }) => name)).toEqual(["other"]);
    expect((await admin("get", "namespaces?count=true&skip=1")).body).toEqual({ namespaces: 2 });
  });
});

describe("keys", () => {
  beforeEach(() => admin("put", "namespaces/team", { key: SECRET, uuid: UUID }));

  test("are rotated without an outage: both open until the time of the first is over", async () => {
    expect(await statusOf(`${UUID}:${SECRET}`)).toBe(200);
    const added = await admin("post", "namespaces/team/keys", { othersExpireIn: 60 });
    expect(added.status).toBe(201);
    const { auth } = added.body as { auth: string };
    expect([await statusOf(auth), await statusOf(`${UUID}:${SECRET}`)]).toEqual([200, 200]);
    api.world.time += 61_000;
    expect([await statusOf(auth), await statusOf(`${UUID}:${SECRET}`)]).toEqual([200, 401]);
  });

  test("are added and removed one by one, also the last", async () => {
    const { auth, id } = (await admin("post", "namespaces/team/keys", {})).body as { auth: string; id: string };
    const ids = ((await admin("get", "namespaces/team/keys")).body as { id: string }[]).map((key) => key.id);
    expect(ids).toEqual([hashSecret(SECRET).slice(0, 12), id]);
    for (const key of ids) expect((await admin("delete", `namespaces/team/keys/${key}`)).status).toBe(200);
    expect([await statusOf(auth), await statusOf(`${UUID}:${SECRET}`)]).toEqual([401, 401]);
    expectRefusal(await admin("delete", `namespaces/team/keys/${id}`), 404);
  });

  test("of one's choice end when they are to", async () => {
    const key = "n".repeat(64);
    expect((await admin("post", "namespaces/team/keys", { key, expiresIn: 10 })).body).toMatchObject({ auth: `${UUID}:${key}`, expires: expect.any(String) as string });
    expect(await statusOf(`${UUID}:${key}`)).toBe(200);
    api.world.time += 10_000;
    expect(await statusOf(`${UUID}:${key}`)).toBe(401);
  });
});

describe("what is wrong is a 400 that names it", () => {
  test.each([
    [{ limits: { invocationsPerMinute: -1 } }, /limits\.invocationsPerMinute/],
    [{ limits: { invocationsPerMinute: 1.5 } }, /limits\.invocationsPerMinute/],
    [{ limits: { invocations: 1 } }, /limits.*invocations/],
    [{ limits: { maxParameterSize: "much" } }, /limits\.maxParameterSize/],
    [{ limits: { minActionMemory: 300, maxActionMemory: 200 } }, /limits: has a minimum that is more than its maximum/],
    [{ limits: [] }, /limits/],
    [{ key: "short" }, /key: must be 64 to 256/],
    [{ uuid: "no uuid" }, /uuid/],
    [{ blocked: "yes" }, /blocked/],
    [{ unknown: 1 }, /unknown/],
    [[], /object/i],
  ])("%j", async (body, message) => {
    expectRefusal(await admin("put", "namespaces/team", body), 400, message);
    expectRefusal(await admin("get", "namespaces/team"), 404);
  });

  test.each(["_", "a%20b", "a%2Fb", "%2E%2E%2Fa", ".a", "x".repeat(129), "caf%C3%A9"])("a namespace cannot be called %s", async (name) => {
    expectRefusal(await admin("put", `namespaces/${name}`, {}), 400, /The name of a namespace must be/);
  });

  test("so are keys that never began or take too long, and bodies that are none", async () => {
    for (const body of [{ expiresIn: -1 }, { expiresIn: 1e12 }, { othersExpireIn: "soon" }, { key: "ä".repeat(64) }]) expectRefusal(await admin("post", "namespaces/guest/keys", body), 400);
    expectRefusal(await admin("patch", "namespaces/guest", {}), 405);
  });
});

test("without a configured admin key there is no admin API", () => {
  const nobody = requireAdmin(undefined);
  for (const authorization of [undefined, "Bearer undefined", "Bearer "]) {
    expect(() => nobody({ headers: { authorization } } as Request, {} as Response, () => undefined)).toThrow(expect.objectContaining({ status: 404 }) as Error);
  }
});
