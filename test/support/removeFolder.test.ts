import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "./removeFolder";

const mayMount = process.platform === "linux" && process.getuid?.() === 0;

(mayMount ? test : test.skip)("a folder is removed although something is mounted in it, and what was mounted stays", () => {
  const [folder, other] = [mkdtempSync(join(tmpdir(), "mounted-")), mkdtempSync(join(tmpdir(), "other-"))];
  writeFileSync(join(other, "file"), "");
  const point = join(folder, "a", "point");
  mkdirSync(point, { recursive: true });
  expect(spawnSync("mount", ["--bind", other, point]).status).toBe(0);
  removeFolder(folder);
  expect([existsSync(folder), existsSync(join(other, "file"))]).toEqual([false, true]);
  removeFolder(other);
});
