/** First in, first out for each namespace; round robin over the namespaces, so that none waits for another's backlog. */
export class FairQueue<T> {
  /** In the order of their turns; a namespace without entries has no place. */
  private readonly lines = new Map<string, Line<T>>();

  push(namespace: string, entry: T): void {
    const line = this.lines.get(namespace);
    if (line) line.entries.push(entry);
    else this.lines.set(namespace, { entries: [entry], first: 0 });
  }

  /** The oldest entry of the namespace whose turn it is. @param may tells who has to let others go first */
  shift(may: (namespace: string) => boolean = () => true): T | undefined {
    for (const [namespace, line] of this.lines) {
      if (!may(namespace)) continue;
      const entry = line.entries[line.first++];
      this.lines.delete(namespace);
      if (line.first < line.entries.length) this.lines.set(namespace, compacted(line));
      return entry;
    }
    return undefined;
  }
}

interface Line<T> {
  entries: T[];
  /** Index of the oldest: moving it is cheaper than moving all entries. */
  first: number;
}

const COMPACT_AT = 1_000;

function compacted<T>(line: Line<T>): Line<T> {
  if (line.first < COMPACT_AT || line.first * 2 < line.entries.length) return line;
  return { entries: line.entries.slice(line.first), first: 0 };
}
