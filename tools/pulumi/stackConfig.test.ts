import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { configuredStacks, hasSecrets, removeSalts, withoutSalt } from "./stackConfig";

const salt = "encryptionsalt: v1:abc=:v1:def:ghi==\n";
const config = "# ours\nconfig:\n  app:port: 3233\n";

test("the salt goes, wherever it stands, and the rest stays as it is", () => {
  expect(withoutSalt(config + salt)).toBe(config);
  expect(withoutSalt(salt + config)).toBe(config);
  expect(withoutSalt(config)).toBe(config);
});

test("the salt stays where the configuration has secrets, which need it", () => {
  const secret = `${salt}config:\n  app:token:\n    secure: v1:xyz\n`;
  expect(withoutSalt(secret)).toBe(secret);
});

test("of the files of our own stacks those that change are written, and one with nothing but a salt is removed", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "config-"));
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  try {
    write("Pulumi.yaml", "name: app\n");
    write("Pulumi.local.yaml", config + salt);
    write("Pulumi.made.yaml", salt);
    write("Pulumi.prod.yaml", config);
    write("Pulumi.theirs.yaml", salt);
    expect(configuredStacks(folder)).toEqual(["local", "made", "prod", "theirs"]);
    removeSalts(folder, (stack) => stack !== "theirs");
    expect(readdirSync(folder).sort()).toEqual(["Pulumi.local.yaml", "Pulumi.prod.yaml", "Pulumi.theirs.yaml", "Pulumi.yaml"]);
    expect(readFileSync(path.join(folder, "Pulumi.theirs.yaml"), "utf8")).toBe(salt);
    expect(readFileSync(path.join(folder, "Pulumi.local.yaml"), "utf8")).toBe(config);
    expect(hasSecrets(folder)).toBe(false);
    write("Pulumi.prod.yaml", "config:\n  app:token:\n    secure: v1:xyz\n");
    expect(hasSecrets(folder)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a project without a folder has no stacks", () => {
  expect(configuredStacks("/no/such/folder")).toEqual([]);
});
