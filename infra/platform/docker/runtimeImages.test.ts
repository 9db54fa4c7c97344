import { IMAGE, Program } from "./testing/program";

const program = Program.ofEachTest();

const manifestOf = (name: string) => JSON.parse(program.uploadsOf(name)["/opt/stackwhisk/runtimes/manifest.json"]!) as { runtimes: Record<string, { kind: string; default: boolean; image: unknown }[]>; blackboxes: unknown[] };
const imagesOf = (name: string, family = "nodejs") => Object.fromEntries(manifestOf(name).runtimes[family]!.map(({ kind, image }) => [kind, image]));
const tagOf = (image: string) => String(program.inputsOf(IMAGE, image).name).split(":")[1];

test("invokers know the images of the runtimes by name, controllers only their kinds", async () => {
  await program.make({ name: "shop", runtimes: ["nodejs"] });
  expect(Object.keys(manifestOf("main-invoker-0").runtimes)).toEqual(["nodejs"]);
  expect(imagesOf("main-invoker-0")).toMatchObject({
    "nodejs:24": { prefix: "shop", name: "runtime-nodejs-24", tag: tagOf("main-runtime-nodejs-24") },
    "nodejs:22": { prefix: "shop", name: "runtime-nodejs-22", tag: tagOf("main-runtime-nodejs-22") },
    "nodejs:18": { prefix: "shop", name: "runtime-nodejs-22", tag: tagOf("main-runtime-nodejs-22") },
  });
  expect(imagesOf("main-controller-0")).toMatchObject({ "nodejs:24": { prefix: "stackwhisk", name: "runtime-nodejs", tag: "24" }, "nodejs:22": { prefix: "stackwhisk", name: "runtime-nodejs", tag: "22" } });
});

test("only the runtimes are built that were chosen", async () => {
  await program.make({ name: "shop", runtimes: ["nodejs:22"] });
  expect(program.names(IMAGE).filter((name) => name.includes("runtime"))).toEqual(["main-runtime-nodejs-22"]);
  expect(Object.keys(imagesOf("main-invoker-0"))).toEqual(["nodejs:14", "nodejs:16", "nodejs:18", "nodejs:20", "nodejs:22"]);
});

test("kinds of the operator's own are known to controllers and invokers, by images that nobody builds", async () => {
  const image = { prefix: "openwhisk", name: "action-ruby-v2.5", tag: "nightly" };
  await program.make({ name: "shop", runtimes: ["python"], manifest: { runtimes: { ruby: [{ kind: "ruby:2.5", image }] } } });
  for (const part of ["main-controller-0", "main-invoker-0"]) {
    expect(manifestOf(part).runtimes.ruby).toEqual([{ kind: "ruby:2.5", image, default: true, deprecated: false }]);
    expect(manifestOf(part).runtimes).toHaveProperty("python");
  }
  expect(program.names(IMAGE).filter((name) => name.includes("runtime"))).toEqual(["main-runtime-python-3"]);
});

test("bases are arguments of the build, and part of what an image is made of", async () => {
  const build = (name: string) => (program.inputsOf(IMAGE, name).build as { buildArgs: unknown }).buildArgs;
  const builds = () => ["controller", "invoker", "runtime-nodejs-24", "runtime-nodejs-22", "runtime-python-3"].map((name) => build(`main-${name}`));
  await program.make({ name: "shop", images: { node: "mine/node", runtimes: { python: "mine/python" } } });
  expect(builds()).toEqual([{ BASE: "mine/node" }, { BASE: "mine/node" }, { BASE: "mine/node" }, { BASE: "node:22-slim" }, { BASE: "mine/python", NODE: "mine/node" }]);
  const tag = program.inputsOf(IMAGE, "main-controller").name;
  await program.again({ name: "shop", images: { runtimes: { nodejs: "mine/node:24", "nodejs:22": "mine/node:22" } } });
  expect(builds()).toEqual([{}, {}, { BASE: "mine/node:24" }, { BASE: "mine/node:22" }, { BASE: "python:3.13-slim", NODE: "node:24-slim" }]);
  expect(program.inputsOf(IMAGE, "main-controller").name).not.toBe(tag);
});
