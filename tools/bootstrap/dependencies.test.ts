import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), "dependencies-"))));
afterEach(() => rmSync(root, { recursive: true }));

const a = { version: "1.0.0", integrity: "sha512-a" };
const write = (file: string, packages: object): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), JSON.stringify({ packages }));
};

/** The bootstrap is plain JavaScript for any Node: it is asked in a process of its own. */
function whyStale(): string | undefined {
  const module = pathToFileURL(path.join(__dirname, "dependencies.mjs")).href;
  const program = `const { whyStale } = await import(${JSON.stringify(module)}); console.log(JSON.stringify(whyStale(${JSON.stringify(root)}) ?? null));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout) ?? undefined;
}

test("without node_modules the dependencies are to be installed", () => {
  write("package-lock.json", { "node_modules/a": a });
  expect(whyStale()).toBe("there are none yet");
});

test("what is as the lock file says is left alone, packages for other systems and workspaces included", () => {
  write("package-lock.json", { "": {}, infra: {}, "node_modules/a": a, "node_modules/a-for-windows": { ...a, optional: true }, "node_modules/ours": { link: true } });
  write("node_modules/.package-lock.json", { "node_modules/a": a });
  expect(whyStale()).toBeUndefined();
});

test("a missing package, and one of another version, is named", () => {
  write("node_modules/.package-lock.json", { "node_modules/a": a });
  write("package-lock.json", { "node_modules/a": a, "node_modules/@x/b": a });
  expect(whyStale()).toBe("@x/b is missing");
  write("package-lock.json", { "node_modules/a": { version: "1.1.0", integrity: "sha512-b" } });
  expect(whyStale()).toBe("a is to be 1.1.0");
});
