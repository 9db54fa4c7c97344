import { anAction, aPackage, aSequence, aTrigger } from "../testing/fixtures";
import { MemoryStore, seed } from "../testing/memoryStore";
import { EntityRepository } from "./repository";
import { resolveAction, resolvePackage, resolveRef } from "./resolve";

let store: MemoryStore;
let entities: EntityRepository;
beforeEach(async () => {
  store = new MemoryStore();
  entities = new EntityRepository(store.entities);
  await seed(
    store,
    aPackage("/owner/tools", { publish: true, parameters: [{ key: "a", value: "package" }, { key: "b", value: "package" }, { key: "c", value: "package" }] }),
    anAction("/owner/tools/hammer", { parameters: [{ key: "c", value: "action" }] }),
    aPackage("mine", { binding: { namespace: "owner", name: "tools" }, parameters: [{ key: "b", value: "binding" }, { key: "c", value: "binding" }] }),
    anAction("plain", { parameters: [{ key: "a", value: 1 }] }),
  );
});

describe("an action", () => {
  test("without a package has its own parameters", async () => {
    expect(await resolveAction(entities, { namespace: "guest", name: "plain" })).toMatchObject({
      ref: { action: { key: "guest/plain", rev: 1 }, packages: [] },
      parameters: [{ key: "a", value: 1 }],
      binding: undefined,
      packages: [],
    });
  });

  test("of a package inherits the package's parameters and overrides them", async () => {
    expect(await resolveAction(entities, { namespace: "owner", package: "tools", name: "hammer" })).toMatchObject({
      ref: { action: { key: "owner/tools/hammer", rev: 1 }, packages: [{ key: "owner/tools", rev: 1 }] },
      parameters: [{ key: "a", value: "package" }, { key: "b", value: "package" }, { key: "c", value: "action" }],
      binding: undefined,
    });
  });

  test("through a binding gets the binding's parameters in between, and stays the provider's", async () => {
    const resolved = await resolveAction(entities, { namespace: "guest", package: "mine", name: "hammer" });
    expect(resolved).toMatchObject({
      ref: { action: { key: "owner/tools/hammer", rev: 1 }, packages: [{ key: "owner/tools", rev: 1 }, { key: "guest/mine", rev: 1 }] },
      action: { namespace: "owner", package: "tools", name: "hammer" },
      parameters: [{ key: "a", value: "package" }, { key: "b", value: "binding" }, { key: "c", value: "action" }],
      binding: "guest/mine",
    });
  });

  test.each([
    [{ namespace: "guest", name: "absent" }, 404],
    [{ namespace: "guest", package: "absent", name: "plain" }, 404],
    [{ namespace: "owner", package: "tools", name: "absent" }, 404],
    [{ namespace: "guest", name: "mine" }, 409],
    [{ namespace: "guest", package: "plain", name: "x" }, 409],
  ])("%j is refused with %j", async (path, status) => {
    await expect(resolveAction(entities, path)).rejects.toMatchObject({ status });
  });

  test("with the annotation final closes every parameter that has a value, false and empty ones too", async () => {
    const parameters = [{ key: "zero", value: 0 }, { key: "no", value: false }, { key: "empty", value: "" }, { key: "open", value: null }, { key: "set", value: {} }];
    await seed(store, anAction("closed", { annotations: [{ key: "final", value: true }], parameters }));
    expect((await resolveAction(entities, { namespace: "guest", name: "closed" })).immutable).toEqual(new Set(["zero", "no", "empty", "set"]));
  });

  test("whose annotation final is not true closes none", async () => {
    await seed(store, anAction("open", { annotations: [{ key: "final", value: "yes" }], parameters: [{ key: "a", value: 1 }] }));
    expect((await resolveAction(entities, { namespace: "guest", name: "open" })).immutable).toEqual(new Set());
  });

  test("that is a sequence hands none of its own parameters on", async () => {
    await seed(store, aSequence("both", ["plain", "plain"], { parameters: [{ key: "_actions", value: ["/guest/plain"] }] }));
    expect((await resolveAction(entities, { namespace: "guest", name: "both" })).parameters).toEqual([]);
  });
});

describe("a binding", () => {
  test("is resolved to its package, then itself", async () => {
    expect((await resolvePackage(entities, { namespace: "guest", name: "mine" })).map(({ key }) => key)).toEqual(["owner/tools", "guest/mine"]);
  });

  test("to what is gone is answered 404, to what is no package 409, to itself 422", async () => {
    await seed(
      store,
      aPackage("loose", { binding: { namespace: "owner", name: "nothing" } }),
      aPackage("odd", { binding: { namespace: "guest", name: "plain" } }),
      aPackage("self", { binding: { namespace: "guest", name: "self" } }),
    );
    for (const [name, status] of [["loose", 404], ["odd", 409], ["self", 422]] as const) {
      await expect(resolvePackage(entities, { namespace: "guest", name })).rejects.toMatchObject({ status });
    }
  });
});

describe("an action at a fixed revision", () => {
  test("survives updates and deletions of itself, its package and its binding", async () => {
    const path = { namespace: "guest", package: "mine", name: "hammer" };
    const before = await resolveAction(entities, path);
    await entities.put("actions", { namespace: "owner", package: "tools", name: "hammer" }, true, (old) => ({ ...old!, version: "0.0.2", parameters: [] }));
    await entities.put("packages", { namespace: "owner", name: "tools" }, true, (old) => ({ ...old!, parameters: [] }));
    expect(await resolveRef(entities, before.ref)).toEqual(before);
    await entities.delete("actions", { namespace: "owner", package: "tools", name: "hammer" }, 1);
    await entities.delete("packages", { namespace: "guest", name: "mine" }, 1);
    await entities.delete("packages", { namespace: "owner", name: "tools" }, 1);
    expect(await resolveRef(entities, before.ref)).toEqual(before);
    await expect(resolveAction(entities, path)).rejects.toMatchObject({ status: 404 });
  });

  test("that never was is answered 404; one of another kind 409", async () => {
    await seed(store, aTrigger("bell"));
    await expect(resolveRef(entities, { action: { key: "guest/plain", rev: 9 }, packages: [] })).rejects.toMatchObject({ status: 404 });
    await expect(resolveRef(entities, { action: { key: "guest/bell", rev: 1 }, packages: [] })).rejects.toMatchObject({ status: 409 });
  });
});
