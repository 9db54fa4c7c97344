import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder of its own for a test, with these files; `remove` when it is over. */
export function temporaryFolder(files: Record<string, string> = {}): { path: string; write(name: string, text: string): void; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-"));
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { path: folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
