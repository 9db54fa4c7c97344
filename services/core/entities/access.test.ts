import { anAction, aPackage, aSequence, aTrigger, GUEST, identityOf } from "../testing/fixtures";
import { MemoryStore, seed } from "../testing/memoryStore";
import { accessAction, accessComponents, accessPackage, accessReferences } from "./access";
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
    aPackage("loose", { binding: { namespace: "guest", name: "gone" } }),
    aPackage("adrift", { binding: { namespace: "owner", name: "gone" } }),
    aPackage("round", { binding: { namespace: "guest", name: "about" } }),
    aPackage("about", { binding: { namespace: "guest", name: "round" } }),
    aPackage("again", { binding: { namespace: "guest", name: "mine" } }),
    aTrigger("bell"),
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

test.each([
  ["owner/plain", "owner/plain"],
  ["owner/absent", "owner/absent"],
  ["owner/private/tool", "owner/private"],
  ["owner/private/absent", "owner/private"],
  ["owner/absent/tool", "owner/absent"],
  ["owner/plain/tool", "owner/plain"],
  ["owner/window/tool", "owner/window"],
  ["guest/hopeful/tool", "guest/hopeful"],
  ["guest/adrift/tool", "guest/adrift"],
])("a namespace may not use %s: %s is out of reach, and it is not told whether that exists", async (path, named) => {
  await expect(accessAction(entities, GUEST, at(path))).rejects.toMatchObject({ status: 403, message: `The supplied authentication is not authorized to access '${named}'.` });
});

test.each([
  ["guest/absent", 404],
  ["guest/absent/tool", 404],
  ["guest/mine/absent", 404],
  ["guest/loose/tool", 404],
  ["owner/shared/absent", 404],
  ["guest/own/tool", 409],
  ["guest/bell", 409],
  ["guest/round/tool", 422],
])("of what it may look at a namespace is told what is wrong: %s is answered %s", async (path, status) => {
  await expect(accessAction(entities, GUEST, at(path))).rejects.toMatchObject({ status });
});

test("a binding whose package has become a binding leads on to that one's package", async () => {
  expect((await accessPackage(entities, GUEST, at("guest/again"))).map(({ key }) => key)).toEqual(["owner/shared", "guest/mine", "guest/again"]);
  expect((await accessAction(entities, GUEST, at("guest/again/tool"))).binding).toBe("guest/again");
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

test("a sequence may be invoked by whoever may read the packages of its actions and owns the others; whether they exist does not count", async () => {
  const check = (...components: string[]) => accessComponents(entities, GUEST, aSequence("s", components).exec as never);
  await check("own", "/owner/shared/tool", "/owner/shared/absent", "mine/tool", "absent");
  await expect(check("own", "/owner/plain")).rejects.toMatchObject({ status: 403 });
  await expect(check("/owner/private/tool")).rejects.toMatchObject({ status: 403 });
  await expect(check("absent/tool")).rejects.toMatchObject({ status: 404 });
  await expect(check("own/tool")).rejects.toMatchObject({ status: 409 });
});

test("a refusal names all that may not be used", async () => {
  const references = { triggers: [at("owner/horn")], actions: [at("owner/plain"), at("guest/own"), at("owner/absent"), at("owner/plain")] };
  await expect(accessReferences(entities, GUEST, references)).rejects.toMatchObject({
    status: 403,
    message: "The supplied authentication is not authorized to access 'owner/absent, owner/horn, owner/plain'.",
  });
});
