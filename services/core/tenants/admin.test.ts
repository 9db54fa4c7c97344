import { hashSecret } from "../keys";
import { aPackage, aRule, aTrigger, anAction } from "../testing/fixtures";
import { seed } from "../testing/memoryStore";
import { World } from "../testing/world";
import { TenantAdmin, type TenantAdminOptions } from "./admin";
import { keyOf } from "./keys";

const SECRET = "s".repeat(64);

let world: World;
let admin: TenantAdmin;
beforeEach(() => {
  world = World.inMemory();
  admin = make();
});

function make(change: Partial<TenantAdminOptions> = {}): TenantAdmin {
  const { tenants, store, entities } = world;
  return new TenantAdmin({ tenants, store, entities, permanent: new Set(["whisk.system"]), now: () => world.time, ...change });
}

test("a namespace is made with a key of its own, which is kept as its hash", async () => {
  const { namespace, created, secret } = await admin.put("team", { limits: { firesPerMinute: 1 } });
  expect(created).toBe(true);
  expect(secret).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(namespace).toEqual({
    name: "team",
    uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    subject: "team",
    keys: [{ id: hashSecret(secret!).slice(0, 12), hash: hashSecret(secret!), created: world.time }],
    blocked: false,
    limits: { firesPerMinute: 1 },
    rev: 1,
    created: world.time,
  });
  expect(JSON.stringify(await world.tenants.stored("team"))).not.toContain(secret);
});

test("what is asked for twice is done once", async () => {
  const wish = { uuid: "0f5b2d8e-5a0f-4a9c-8b8e-0d6c7f1f2a3b", key: SECRET, subject: "s", blocked: false, limits: {} };
  const first = await admin.put("team", wish);
  world.time += 5;
  const second = await admin.put("team", wish);
  expect(second).toEqual({ ...first, created: false });
});

test("a change keeps what it does not name, and replaces limits as a whole", async () => {
  const { namespace } = await admin.put("team", { limits: { firesPerMinute: 1, invocationsPerMinute: 2 }, subject: "s" });
  const changed = await admin.put("team", { limits: { firesPerMinute: 3 } });
  expect(changed).toEqual({ namespace: { ...namespace, limits: { firesPerMinute: 3 }, rev: 2 }, created: false, secret: undefined });
  expect((await admin.put("team", { blocked: true })).namespace).toEqual({ ...changed.namespace, blocked: true, rev: 3 });
});

test("one that is there is left alone if it is to be new, and its uuid stays", async () => {
  await admin.put("team", {});
  await expect(admin.put("team", {}, { overwrite: false })).rejects.toMatchObject({ status: 409, message: "The namespace 'team' exists already." });
  await expect(admin.put("team", { uuid: "0f5b2d8e-5a0f-4a9c-8b8e-0d6c7f1f2a3b" })).rejects.toMatchObject({ status: 400 });
});

test("a further namespace is refused where there may be none, and one that is there can be changed", async () => {
  await admin.put("team", {});
  const strict = make({ refuseAnother: (present) => `no room beside ${present.join(", ")}` });
  await expect(strict.put("other", {})).rejects.toMatchObject({ status: 409, message: "no room beside team" });
  expect((await strict.put("team", { blocked: true })).namespace.blocked).toBe(true);
});

test("a key is rotated: the new one is good at once, the one before until its time is over", async () => {
  await admin.put("team", { key: SECRET });
  const { key } = await admin.addKey("team", "n".repeat(64), { othersExpire: world.time + 100 });
  expect(key).toEqual(keyOf("n".repeat(64), world.time));
  expect((await admin.get("team")).keys).toEqual([{ ...keyOf(SECRET, world.time), expires: world.time + 100 }, key]);
  expect((await admin.removeKey("team", key.id)).keys).toHaveLength(1);
  await expect(admin.removeKey("team", key.id)).rejects.toMatchObject({ status: 404, message: `The namespace 'team' has no key '${key.id}'.` });
});

test("what is not there is answered 404", async () => {
  for (const attempt of [admin.get("none"), admin.addKey("none", SECRET, {}), admin.removeKey("none", "k"), admin.remove("none", true)]) {
    await expect(attempt).rejects.toMatchObject({ status: 404, message: "There is no namespace 'none'." });
  }
});

describe("a namespace that is deleted", () => {
  const inside = [anAction("a"), aPackage("p"), anAction("p/b"), aTrigger("t"), aRule("r", "t", "a")];

  test("must be empty, unless all is to go", async () => {
    await admin.put("guest", {});
    await seed(world.store, ...inside);
    await expect(admin.remove("guest", false)).rejects.toMatchObject({
      status: 409,
      message: "The namespace 'guest' is not empty (1 rule, 1 trigger, 2 actions, 1 package): delete what is in it first, or all of it with 'force=true'.",
    });
    expect(await world.tenants.stored("guest")).toMatchObject({ blocked: false });
  });

  test("goes with its entities and activations, and nothing of it is seen by one of the same name", async () => {
    await admin.put("guest", {});
    await admin.put("other", {});
    await seed(world.store, ...inside, anAction("/other/a"));
    await world.owner.invoke(await world.request("a"), 1_000);
    expect(await world.store.activations.count({ namespace: "guest" })).toBe(1);
    await admin.remove("guest", true);
    expect(await world.tenants.byName("guest")).toBeUndefined();
    await admin.put("guest", {});
    for (const collection of ["rules", "triggers", "actions", "packages"] as const) expect(await world.store.entities.count({ namespace: "guest", collection })).toBe(0);
    expect(await world.store.activations.count({ namespace: "guest" })).toBe(0);
    expect(await world.store.entities.count({ namespace: "other", collection: "actions" })).toBe(1);
  });

  test("cannot be one that the platform makes itself", async () => {
    await admin.put("whisk.system", {});
    await expect(admin.remove("whisk.system", true)).rejects.toMatchObject({ status: 409 });
  });
});

describe("while a namespace is being deleted", () => {
  const uuids = ["0f5b2d8e-5a0f-4a9c-8b8e-0d6c7f1f2a3b", "1f5b2d8e-5a0f-4a9c-8b8e-0d6c7f1f2a3b"];
  let another: TenantAdmin;
  beforeEach(async () => {
    another = make();
    await admin.put("guest", { uuid: uuids[0] });
    await seed(world.store, anAction("former"));
    await record("former");
    world.time += 1_000;
  });

  /** A run of something in the namespace. */
  async function record(action: string): Promise<void> {
    world.entities.invalidateAll();
    await world.owner.invoke(await world.request(action), 1_000);
  }

  /** Once, before the store does this. */
  function before(part: "namespaces" | "entities" | "activations", method: string, happens: () => Promise<unknown>): void {
    const methods = world.store[part] as unknown as Record<string, (...args: unknown[]) => unknown>;
    const original = methods[method]!.bind(methods);
    methods[method] = async (...args) => {
      methods[method] = original;
      await happens();
      return original(...args);
    };
  }

  /** Another administrator deletes it, and makes one of that name, with things in it. */
  async function madeAnew(uuid = uuids[1]): Promise<void> {
    await another.remove("guest", true);
    world.time += 1_000;
    await another.put("guest", { uuid, key: SECRET });
    await seed(world.store, anAction("new"));
    await record("new");
  }

  async function expectNewOneWhole(): Promise<void> {
    expect(await world.tenants.stored("guest")).toMatchObject({ blocked: false, keys: [{}], created: world.time });
    expect((await world.store.entities.list({ namespace: "guest", collection: "actions", limit: 0, skip: 0 })).map(({ entity }) => entity.name)).toEqual(["new"]);
    expect(await world.store.activations.count({ namespace: "guest" })).toBe(1);
  }

  const moments = [["before it is blocked", "namespaces", "put"], ["before an entity goes", "entities", "append"], ["before its records go", "activations", "purge"], ["before it goes itself", "namespaces", "remove"]] as const;

  test.each(moments.flatMap(([when, part, method]) => uuids.map((uuid) => ({ when, part, method, uuid }))))(
    "one that another administrator makes under its name keeps all that it has: $when, $uuid",
    async ({ part, method, uuid }) => {
      before(part, method, () => madeAnew(uuid));
      await expect(admin.remove("guest", true)).rejects.toMatchObject({ status: 409, message: "The namespace 'guest' is being changed by others; try again." });
      await expectNewOneWhole();
    },
  );

  test("another deletion is finished once", async () => {
    before("namespaces", "remove", () => another.remove("guest", true));
    await expect(admin.remove("guest", true)).rejects.toMatchObject({ status: 404 });
    expect(await world.tenants.stored("guest")).toBeUndefined();
  });

  test("a change of it does not keep it", async () => {
    before("namespaces", "remove", () => another.put("guest", { blocked: false, limits: { firesPerMinute: 1 } }));
    await admin.remove("guest", true);
    expect(await world.tenants.stored("guest")).toBeUndefined();
  });

  test("what is made in it before its keys are closed keeps it, as it was", async () => {
    await world.entities.delete("actions", anAction("former"), world.time);
    before("namespaces", "put", () => seed(world.store, anAction("late")));
    await expect(admin.remove("guest", false)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/not empty \(1 action\)/) as string });
    expect(await world.tenants.stored("guest")).toMatchObject({ blocked: false });
    expect(await world.store.entities.head("guest/late")).toMatchObject({ deleted: false });
    expect(await world.store.activations.count({ namespace: "guest" })).toBe(1);
  });

  test("what keeps it leaves it unblocked, also when others change it at the same time", async () => {
    await world.entities.delete("actions", anAction("former"), world.time);
    before("namespaces", "put", async () => {
      await seed(world.store, anAction("late"));
      before("namespaces", "put", () => another.put("guest", { limits: { firesPerMinute: 1 } }));
    });
    await expect(admin.remove("guest", false)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/not empty \(1 action\)/) as string });
    expect(await world.tenants.stored("guest")).toMatchObject({ blocked: false, limits: { firesPerMinute: 1 } });
  });

  test("what comes from elsewhere before the block is known there keeps it, unblocked, also when others have changed it first", async () => {
    await world.entities.delete("actions", anAction("former"), world.time);
    before("namespaces", "remove", async () => {
      await another.put("guest", { limits: { firesPerMinute: 1 } });
      await seed(world.store, anAction("late"));
    });
    await expect(admin.remove("guest", false)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/not empty \(1 action\)/) as string });
    expect(await world.tenants.stored("guest")).toMatchObject({ blocked: false, limits: { firesPerMinute: 1 } });
  });

  test("a block of others stays, when it is not deleted after all", async () => {
    before("entities", "count", () => another.put("guest", { blocked: true }));
    await expect(admin.remove("guest", false)).rejects.toMatchObject({ status: 409 });
    expect(await world.tenants.stored("guest")).toMatchObject({ blocked: true });
  });

  test("another one that has its name by then stays blocked, if it is", async () => {
    await world.entities.delete("actions", anAction("former"), world.time);
    before("namespaces", "put", async () => {
      await seed(world.store, anAction("late"));
      before("entities", "count", () => madeAnew().then(() => another.put("guest", { blocked: true })));
    });
    await expect(admin.remove("guest", false)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/not empty/) as string });
    expect(await world.tenants.stored("guest")).toMatchObject({ uuid: uuids[1], blocked: true });
  });

  test("a name that others make and delete meanwhile is made once", async () => {
    await admin.remove("guest", true);
    before("namespaces", "put", async () => {
      await another.put("guest", { uuid: uuids[1], key: SECRET });
      await seed(world.store, anAction("new"));
      await record("new");
    });
    expect(await admin.put("guest", {})).toMatchObject({ created: false });
    await expectNewOneWhole();
  });
});

test("changes at the same time are all made", async () => {
  await admin.put("team", { key: SECRET });
  await Promise.all([admin.put("team", { blocked: true }), admin.put("team", { limits: { firesPerMinute: 1 } }), admin.addKey("team", "n".repeat(64), {})]);
  expect(await admin.get("team")).toMatchObject({ blocked: true, limits: { firesPerMinute: 1 }, keys: [{}, {}], rev: 4 });
});
