import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const CONFIG_FILE = /^Pulumi\.(.+)\.yaml$/;
const SECRET = /\bsecure:/;
const SALT = /^encryptionsalt:.*\n?/m;

/** Names of the stacks that a project's folder has a configuration for. */
export function configuredStacks(project: string): string[] {
  if (!existsSync(project)) return [];
  return readdirSync(project).flatMap((file) => CONFIG_FILE.exec(file)?.[1] ?? []).sort();
}

/** Whether the configuration of any stack of a project has secrets in it, which only the passphrase opens. */
export function hasSecrets(project: string): boolean {
  return configuredStacks(project).some((stack) => SECRET.test(readFileSync(path.join(project, `Pulumi.${stack}.yaml`), "utf8")));
}

/**
 * A stack's configuration without the salt of this checkout's passphrase, which Pulumi writes into it at each
 * turn and needs only for secrets in the configuration itself. The file is the project's and under version
 * control; the salt would be wrong in every other checkout.
 */
export function withoutSalt(text: string): string {
  return SECRET.test(text) ? text : text.replace(SALT, "");
}

/** Does that for the project's stacks that the checkout keeps itself. A file that was made only to hold the salt goes. */
export function removeSalts(project: string, isOurs: (stack: string) => boolean): void {
  for (const stack of configuredStacks(project).filter(isOurs)) {
    const file = path.join(project, `Pulumi.${stack}.yaml`);
    const text = readFileSync(file, "utf8");
    const clean = withoutSalt(text);
    if (clean === text) continue;
    if (clean.trim() === "") {
      rmSync(file);
      continue;
    }
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, clean);
    renameSync(temporary, file);
  }
}
