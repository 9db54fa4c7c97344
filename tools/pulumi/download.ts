import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { capture, lastLines } from "../lib/exec";
import { PULUMI_VERSION } from "./versions";

const RELEASES = "https://get.pulumi.com/releases/sdk";
/** Of a release of about 150 MB. */
const DOWNLOAD_MS = 15 * 60_000;
const CHECKSUMS_MS = 30_000;

/**
 * Name of the official release for a machine, as in the published checksums.
 *
 * @returns undefined if there is no release for it
 */
export function archiveName(platform: NodeJS.Platform, arch: string, version = PULUMI_VERSION): string | undefined {
  const supported = (platform === "linux" || platform === "darwin") && (arch === "x64" || arch === "arm64");
  return supported ? `pulumi-v${version}-${platform}-${arch}.tar.gz` : undefined;
}

/** Finds a file's SHA-256 (lowercase hex) in a list of `<sha256>  <file>` lines. */
export function checksumOf(file: string, list: string): string | undefined {
  const line = list.split("\n").map((text) => text.trim().split(/\s+\*?/)).find(([, name]) => name === file);
  return line && /^[0-9a-f]{64}$/i.test(line[0]!) ? line[0]!.toLowerCase() : undefined;
}

/**
 * Gets the official release and puts its programs into a folder.
 *
 * @throws Error that says what was fetched from where and what went wrong
 */
export async function downloadRelease(into: string, tell: (line: string) => void): Promise<void> {
  const archive = archiveName(process.platform, process.arch);
  if (!archive) throw new Error(`there is no release of Pulumi for ${process.platform} on ${process.arch}`);
  tell(`  downloading ${RELEASES}/${archive} …`);
  const list = (await fetchAll(`${RELEASES}/pulumi-${PULUMI_VERSION}-checksums.txt`, CHECKSUMS_MS)).toString("utf8");
  const expected = checksumOf(archive, list);
  if (!expected) throw new Error(`the published checksums do not name ${archive}`);
  const content = await fetchAll(`${RELEASES}/${archive}`, DOWNLOAD_MS);
  const actual = createHash("sha256").update(content).digest("hex");
  if (actual !== expected) throw new Error(`${archive} is damaged: its SHA-256 is ${actual}, the published one ${expected}`);
  await unpack(content, into);
}

async function fetchAll(url: string, timeout: number): Promise<Buffer> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
    if (response.ok) return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new Error(`${url} could not be fetched: ${cause?.message || message}`);
  }
  throw new Error(`${url} could not be fetched: HTTP ${response.status}`);
}

/** The archive holds one folder, `pulumi`, with all programs in it. */
async function unpack(content: Buffer, into: string): Promise<void> {
  const temporary = mkdtempSync(path.join(os.tmpdir(), "pulumi-release-"));
  try {
    const archive = path.join(temporary, "archive.tar.gz");
    writeFileSync(archive, content);
    const { code, stderr } = await capture("tar", ["-xzf", archive, "-C", temporary]);
    if (code !== 0) throw new Error(`unpacking Pulumi's release failed: ${lastLines(stderr, 3)}`);
    cpSync(path.join(temporary, "pulumi"), into, { recursive: true });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
