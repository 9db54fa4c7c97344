import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync, zipSync } from "fflate";

/** A zip archive in base64, as an action's code is sent. */
export function archive(files: Record<string, string>): string {
  const bytes = Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(bytes))).toString("base64");
}

/** The same files as a tar.gz archive, made by the machine's tar. @param zip in base64 */
export function asTarGz(zip: string): string {
  const folder = mkdtempSync(join(tmpdir(), "stackwhisk-tar-"));
  try {
    for (const [name, data] of Object.entries(unzipSync(Buffer.from(zip, "base64")))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), data);
    }
    return execFileSync("tar", ["--create", "--gzip", "--directory", folder, "."]).toString("base64");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
