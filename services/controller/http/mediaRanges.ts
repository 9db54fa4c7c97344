interface Range {
  type: string;
  quality: number;
}

/**
 * Whether a client takes an answer of a type: the most specific of its ranges that fits decides.
 *
 * @param accept its header; one that is missing, empty or cannot be read accepts everything
 * @param type `main/sub`, in lower case
 */
export function accepts(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept === "*/*") return true;
  const ranges = rangesOf(accept);
  if (ranges.length === 0) return true;
  for (const candidate of [type, `${type.split("/")[0]!}/*`, "*/*"]) {
    const fitting = ranges.filter((range) => range.type === candidate);
    if (fitting.length > 0) return fitting.some(({ quality }) => quality > 0);
  }
  return false;
}

/** Some old clients mean everything by a single star. */
const RANGE = /^(\*|[^\s;/]+\/[^\s;/]+)\s*(?:;(.*))?$/;

function rangesOf(accept: string): Range[] {
  const ranges: Range[] = [];
  for (const part of accept.split(",")) {
    const match = RANGE.exec(part.trim());
    if (!match) return [];
    const quality = Number(/(?:^|;)\s*q=([\d.]+)/i.exec(match[2] ?? "")?.[1] ?? 1);
    ranges.push({ type: match[1] === "*" ? "*/*" : match[1]!.toLowerCase(), quality });
  }
  return ranges;
}
