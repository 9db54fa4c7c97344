import { zipSync } from "fflate";

/** A zip archive in base64, as an action's code is sent. */
export function archive(files: Record<string, string>): string {
  const bytes = Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)] as const);
  return Buffer.from(zipSync(Object.fromEntries(bytes))).toString("base64");
}
