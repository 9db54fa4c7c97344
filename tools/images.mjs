// Puts together the build contexts of the platform's images: exactly the files that go into each, so that an image is another
// one only when one of these is.
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Services: what goes into the image, and where it comes from. */
const services = {
  controller: { Dockerfile: "services/controller/Dockerfile", "controller.js": "dist/services/controller.js", "runtimes/manifest.json": "runtimes/manifest.json" },
  invoker: { Dockerfile: "services/invoker/Dockerfile", "invoker.js": "dist/services/invoker.js", "runtimes/manifest.json": "runtimes/manifest.json" },
};

/** What there is of kinds and of their images: for who builds and names these. */
const lists = { "manifest.json": "runtimes/manifest.json", "images.json": "runtimes/images.json" };

/** @returns the files that were written or were there already, as absolute paths */
export function stageImages(root) {
  const images = path.join(root, "dist", "images");
  const contexts = { ...services, runtimes: lists, ...runtimes(root) };
  for (const name of existsSync(images) ? readdirSync(images) : []) if (!(name in contexts)) rmSync(path.join(images, name), { recursive: true, force: true });
  return Object.entries(contexts).flatMap(([name, files]) => stage(root, path.join(images, name), files));
}

/** Runtimes: what their .dockerignore lets through of the folder `runtimes`. */
function runtimes(root) {
  const folder = path.join(root, "runtimes");
  const languages = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, "Dockerfile")));
  return Object.fromEntries(
    languages.map((language) => {
      const lines = readFileSync(path.join(folder, language, "Dockerfile.dockerignore"), "utf8").split("\n");
      const patterns = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1).trim());
      const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: folder })).filter((file) => statSync(path.join(folder, file)).isFile());
      return [`runtime-${language}`, { Dockerfile: `runtimes/${language}/Dockerfile`, ...Object.fromEntries(files.map((file) => [file, `runtimes/${file}`])) }];
    }),
  );
}

function stage(root, folder, files) {
  const wanted = new Map(Object.entries(files).map(([name, source]) => [path.join(folder, name), path.join(root, source)]));
  for (const [file, source] of wanted) put(file, readFileSync(source));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !wanted.has(file)) rmSync(file, { force: true });
  }
  return [...wanted.keys()];
}

/** In one step: whoever reads it sees the old or the new one. */
function put(file, content) {
  if (existsSync(file) && readFileSync(file).equals(content)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}
