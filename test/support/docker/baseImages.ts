import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../tools/lib/lock.cjs";
import { TestDocker } from "../docker";
import { cacheFolder } from "./cache";
import { docker } from "./cli";
import { debianRoot } from "./debian";
import { type BaseImage, type ImageRecipe, RECIPES } from "./recipes";

const CONTENT_LABEL = "stackwhisk.content";

/**
 * Name of an image of that content on the engine: the official one if it is there or can be pulled, else one that is built from
 * Debian's packages and from npm's, as `stackwhisk-test/<name>`. What is there already is not built again.
 *
 * @param host the engine, in the form of `DOCKER_HOST`; by default the tests'
 * @throws Error that says what could not be built
 */
export async function baseImage(name: BaseImage, host?: string): Promise<string> {
  const engine = host ?? (await TestDocker.host());
  const recipe = RECIPES[name];
  if (await isThere(engine, recipe.official)) return recipe.official;
  const own = `stackwhisk-test/${name}`;
  return withLock(join(cacheFolder(), `${createHash("sha256").update(engine).digest("hex").slice(0, 12)}-${name.replace(/\W/g, "-")}.lock`), async () => {
    // An image of ours says that there was nothing to be pulled.
    if (!(await isThere(engine, own)) && (await isPulled(engine, recipe.official))) return recipe.official;
    if (name === "debian:trixie") await importDebian(engine, own);
    else await build(engine, own, recipe, await baseImage(recipe.from ?? "debian:trixie", engine));
    return own;
  });
}

const isThere = (host: string, image: string): Promise<boolean> => docker(host, "image", "inspect", image).then(() => true, () => false);

const isPulled = (host: string, image: string): Promise<boolean> => docker(host, "pull", "--quiet", image).then(() => true, () => false);

async function importDebian(host: string, image: string): Promise<void> {
  if (!(await isThere(host, image))) await docker(host, "import", "--change", 'CMD ["bash"]', await debianRoot(), image);
}

async function build(host: string, image: string, recipe: ImageRecipe, base: string): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), "stackwhisk-image-"));
  try {
    const files = recipe.files ? await recipe.files(context) : "";
    const text = `FROM ${base}\n${recipe.lines.join("\n")}\n`;
    const below = await docker(host, "image", "inspect", "--format", "{{.Id}}", base);
    const content = createHash("sha256").update(`${below}\n${files}\n${text}`).digest("hex").slice(0, 16);
    if ((await labelOf(host, image)) === content) return;
    writeFileSync(join(context, "Dockerfile"), text);
    await docker(host, "build", "--quiet", "--label", `${CONTENT_LABEL}=${content}`, "--tag", image, context);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

const labelOf = (host: string, image: string): Promise<string | undefined> =>
  docker(host, "image", "inspect", "--format", `{{index .Config.Labels "${CONTENT_LABEL}"}}`, image).catch(() => undefined);
