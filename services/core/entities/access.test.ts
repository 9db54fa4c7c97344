import { anAction, aPackage, aSequence, GUEST, identityOf } from "../testing/fixtures";
import { MemoryStore, seed } from "../testing/memoryStore";
import { accessAction, accessComponents, accessPackage } from "./access";
import { EntityRepository } from "./repository";

const OWNER = identityOf("owner");

let entities: EntityRepository;
beforeEach(async () => {
  const store = new MemoryStore();
  entities = new EntityRepository(store.entities);
  await seed(
    store,
    anAction("/owner/plain"),
    aPackage("/owner/shared", { publish: true }),
    anAction("/owner/shared/tool"),
    aPackage("/owner/private"),
    anAction("/owner/private/tool"),
    aPackage("/owner/window", { publish: true, binding: { namespace: "owner", name: "shared" } }),
    aPackage("mine", { binding: { namespace: "owner", name: "shared" } }),
    aPackage("hopeful", { binding: { namespace: "owner", name: "private" } }),
    anAction("own"),
  );
});

const at = (text: string) => {
  const [namespace, ...rest] = text.split("/");
  return rest.length === 2 ? { namespace: namespace!, package: rest[0]!, name: rest[1]! } : { namespace: namespace!, name: rest[0]! };
};

test.each(["guest/own", "owner/shared/tool", "guest/mine/tool"])("a namespace may use %s", async (path) => {
  expect((await accessAction(entities, GUEST, at(path))).action.name).toBe(at(path).name);
});

test.each(["owner/plain", "owner/absent", "owner/private/tool", "owner/private/absent", "owner/absent/tool", "owner/plain/tool", "owner/shared/absent", "owner/window/tool", "guest/hopeful/tool"])(
  "a namespace may not use %s, and is not told whether it exists",
  async (path) => {
    const error = await accessAction(entities, GUEST, at(path)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 403, message: `The supplied authentication is not authorized to access '${path}'.` });
  },
);

test.each(["guest/absent", "guest/absent/tool", "guest/mine/absent"])("of its own %s a namespace is told that it does not exist", async (path) => {
  await expect(accessAction(entities, GUEST, at(path))).rejects.toMatchObject({ status: 404 });
});

test("the owner uses what others may not", async () => {
  for (const path of ["owner/plain", "owner/private/tool", "owner/window/tool"]) expect(await accessAction(entities, OWNER, at(path))).toBeDefined();
});

test("a package may be read by its owner, and by all if it is public; a binding by its owner only", async () => {
  expect((await accessPackage(entities, GUEST, at("owner/shared"))).map(({ key }) => key)).toEqual(["owner/shared"]);
  expect((await accessPackage(entities, GUEST, at("guest/mine"))).map(({ key }) => key)).toEqual(["owner/shared", "guest/mine"]);
  for (const path of ["owner/private", "owner/window", "owner/absent", "owner/plain", "guest/hopeful"]) {
    await expect(accessPackage(entities, GUEST, at(path))).rejects.toMatchObject({ status: 403 });
  }
  expect(await accessPackage(entities, OWNER, at("owner/window"))).toHaveLength(2);
});

test("a sequence may be invoked by whoever may invoke each of its actions; missing ones do not count", async () => {
  const check = (...components: string[]) => accessComponents(entities, GUEST, aSequence("s", components).exec as never);
  await check("own", "/owner/shared/tool", "mine/tool", "absent");
  await expect(check("own", "/owner/plain")).rejects.toMatchObject({ status: 403 });
  await expect(check("/owner/private/tool")).rejects.toMatchObject({ status: 403 });
});
