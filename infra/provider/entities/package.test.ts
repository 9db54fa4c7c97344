import { FakePlatform } from "../testing/fakePlatform";
import { connectionTo, Lifecycle } from "../testing/operation";
import { PackageHandler } from "./package";

let platform: FakePlatform;
let bundle: Lifecycle;
beforeEach(async () => {
  platform = await FakePlatform.start();
  bundle = new Lifecycle(new PackageHandler(connectionTo(platform)), "images");
});
afterEach(() => platform.stop());

const common = { namespace: "guest", version: "0.0.1", updated: "2023-11-14T22:13:20.000Z" };
test("a package is made with its parameters and read as it is", async () => {
  const state = await bundle.create({ parameters: { bucket: "photos" }, publish: true });
  expect(state.outputs).toEqual({ ...common, name: "images", parameters: { bucket: "photos" }, publish: true, qualifiedName: "/guest/images" });
  expect(await bundle.read(state)).toEqual(state);
});

test("a package may be a binding, and binding something else is a replacement", async () => {
  const state = await bundle.create({ binding: "/whisk.system/slack" });
  expect(platform.requests[0]!.body).toMatchObject({ binding: { namespace: "whisk.system", name: "slack" } });
  expect(await bundle.read(state)).toEqual(state);
  expect(await bundle.changes(state, { binding: "/whisk.system/github" })).toEqual({ binding: "update-replace" });
  expect(await bundle.failures({ binding: "slack" })).toEqual(['binding: must be a package\'s full name such as /whisk.system/utils, not "slack"']);
});

test("a package that still has actions is not deleted, and the error says so", async () => {
  const state = await bundle.create({});
  platform.entities.set("actions/images/resize", {});
  await expect(bundle.delete(state)).rejects.toThrow('package "images": Package not empty (contains 1 entity)');
});
