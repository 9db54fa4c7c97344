import { loadManifest } from "../../../runtimes/runtimes";
import { runtimesFolder } from "../../../services/process/kinds";
import { withImages } from "./runtimeImages";

const manifest = loadManifest(runtimesFolder());

it("the list of kinds has those of the languages that have an image, with that image, and everything else as it is brought", () => {
  const { runtimes } = withImages(manifest, { python: "dev/runtime-python:abc" });
  const image = { prefix: "dev", name: "runtime-python", tag: "abc" };
  expect(runtimes).toEqual({ python: manifest.runtimes.python!.map((kind) => ({ ...kind, image })) });
});

it("whatever blackbox the platform brings is the skeleton that was built", () => {
  const { blackboxes } = withImages(manifest, { skeleton: "dev/runtime-skeleton:abc" });
  expect(blackboxes).toEqual(manifest.blackboxes.map((named) => ({ ...named, image: { prefix: "dev", name: "runtime-skeleton", tag: "abc" } })));
  expect(withImages(manifest, {}).blackboxes).toEqual(manifest.blackboxes);
});
