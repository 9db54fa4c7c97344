import { readFileSync } from "node:fs";
import path from "node:path";
import { loadManifest } from "../../../runtimes/runtimes";
import { runtimesFolder } from "../../../services/process/kinds";
import { broughtImages, type ImageList, kindsOf, neededImages, RUNTIMES, withBuilt } from "./kinds";

const manifest = loadManifest(runtimesFolder());
const images = broughtImages(JSON.parse(readFileSync(path.join(runtimesFolder(), "images.json"), "utf8")) as ImageList);
const needed = (...args: Parameters<typeof kindsOf> extends [unknown, unknown, ...infer Rest] ? Rest : never) => neededImages(kindsOf(manifest, images, ...args), images).map(({ name }) => name);
const own = (family: string, name: string) => ({ [family]: [{ kind: `${family}:1`, default: true, deprecated: false, image: { prefix: "stackwhisk", name, tag: "22" } }] });

test("what can be chosen are the languages of the images, and each image of a language that has several", () => {
  const languages = [...new Set(images.map(({ language }) => language))];
  const several = images.filter(({ language }) => images.filter((other) => other.language === language).length > 1);
  expect([...RUNTIMES].sort()).toEqual([...languages, ...several.map(({ language, version }) => `${language}:${version}`)].sort());
});

test("the kinds of a language are all there, with an image for each version that they name", () => {
  expect(kindsOf(manifest, images, ["nodejs"]).runtimes).toEqual({ nodejs: manifest.runtimes.nodejs });
  expect(needed(["nodejs"])).toEqual(["stackwhisk/runtime-nodejs:24", "stackwhisk/runtime-nodejs:22"]);
  expect(needed(["python", "skeleton"])).toEqual(["stackwhisk/runtime-python:3", "stackwhisk/dockerskeleton:latest"]);
});

test("of one runtime there are its own kinds, and the newest of them is the default if the usual one is not there", () => {
  const { nodejs } = kindsOf(manifest, images, ["nodejs:22"]).runtimes;
  expect(nodejs!.map(({ kind, default: usual }) => [kind, usual])).toEqual([["nodejs:14", false], ["nodejs:16", false], ["nodejs:18", false], ["nodejs:20", false], ["nodejs:22", true]]);
  expect(kindsOf(manifest, images, ["nodejs:24", "python"]).runtimes).toEqual({ nodejs: [manifest.runtimes.nodejs!.at(-1)], python: manifest.runtimes.python });
  expect(needed(["nodejs:24"])).toEqual(["stackwhisk/runtime-nodejs:24"]);
});

test("the skeleton is what its blackboxes run; where it was not chosen they are somebody else's images", () => {
  expect(kindsOf(manifest, images, ["skeleton"])).toMatchObject({ runtimes: {}, blackboxes: manifest.blackboxes });
  expect(kindsOf(manifest, images, ["swift"]).blackboxes).toEqual([]);
});

test("kinds of an operator's own come beside those that are brought, or in their place, and need what they name", () => {
  const ruby = own("ruby", "action-ruby");
  expect(kindsOf(manifest, images, ["python"], { runtimes: ruby, blackboxes: [{ name: "worker" }] })).toMatchObject({ runtimes: { python: manifest.runtimes.python, ...ruby }, blackboxes: [{ name: "worker" }] });
  expect(needed(["python"], { runtimes: ruby, blackboxes: [] })).toEqual(["stackwhisk/runtime-python:3"]);
  // A family in the place of a brought one, which was the only one to need Node 24; and one on what nothing else needs.
  expect(needed(["nodejs"], { runtimes: own("nodejs", "runtime-nodejs"), blackboxes: [] })).toEqual(["stackwhisk/runtime-nodejs:22"]);
  expect(needed([], { runtimes: own("js", "runtime-nodejs"), blackboxes: [{ prefix: "stackwhisk", name: "dockerskeleton" }] })).toEqual(["stackwhisk/runtime-nodejs:22", "stackwhisk/dockerskeleton:latest"]);
});

test("what was built takes the place of what the manifest names; other images stay", () => {
  const kinds = kindsOf(manifest, images, ["nodejs", "skeleton"], { runtimes: own("ruby", "action-ruby"), blackboxes: [{ name: "worker" }] });
  const { runtimes, blackboxes } = withBuilt(kinds, { "stackwhisk/runtime-nodejs:22": "dev/runtime-nodejs-22:abc", "stackwhisk/runtime-nodejs:24": "dev/runtime-nodejs-24:def", "stackwhisk/dockerskeleton:latest": "dev/runtime-skeleton-latest:012" });
  const image = (name: string, tag: string) => ({ prefix: "dev", name, tag });
  expect(runtimes.nodejs).toEqual(manifest.runtimes.nodejs!.map((kind) => ({ ...kind, image: kind.default ? image("runtime-nodejs-24", "def") : image("runtime-nodejs-22", "abc") })));
  expect(runtimes.ruby).toEqual(kinds.runtimes.ruby);
  expect(blackboxes).toEqual([{ name: "worker" }, ...manifest.blackboxes.map((named) => ({ ...named, image: image("runtime-skeleton-latest", "012") }))]);
});

test.each([
  ["node", { name: "node" }],
  ["acme/node:22", { prefix: "acme", name: "node", tag: "22" }],
  ["registry.example:5000/acme/node", { prefix: "registry.example:5000/acme", name: "node" }],
])("what was built may have any name: %s", (name, image) => {
  const kinds = kindsOf(manifest, images, ["nodejs:24"]);
  expect(withBuilt(kinds, { "stackwhisk/runtime-nodejs:24": name }).runtimes.nodejs).toEqual([{ ...kinds.runtimes.nodejs![0], image }]);
});
