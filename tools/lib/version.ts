/** The numbers of the first `major.minor.patch` in a text, or undefined if there is none. */
export function parseVersion(text: string): [number, number, number] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Whether the version that a program printed is at least this one. A text without a version is not. */
export function isAtLeast(text: string, minimum: string): boolean {
  const found = parseVersion(text);
  const wanted = parseVersion(minimum)!;
  if (!found) return false;
  for (let i = 0; i < 3; i++) if (found[i] !== wanted[i]) return found[i]! > wanted[i]!;
  return true;
}
