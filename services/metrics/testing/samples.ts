/** Values of a scrape, by name and labels as they are written there: `name{a="b"}`. */
export function samplesOf(text: string): Record<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

/** Those whose names begin so, without their buckets. */
export function valuesOf(text: string, prefix: string): Record<string, number> {
  return Object.fromEntries(Object.entries(samplesOf(text)).filter(([name]) => name.startsWith(prefix) && !name.includes("_bucket{")));
}
