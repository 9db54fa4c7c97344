import type { CodeStore } from "../core/ports/store";

/** Code by its hash, as much as fits; fetched once however many ask at the same time. */
export class CodeCache {
  private readonly entries = new Map<string, Promise<string | undefined>>();
  private readonly sizes = new Map<string, number>();
  private size = 0;

  /** @param capacity characters */
  constructor(
    private readonly store: CodeStore,
    private readonly capacity: number,
  ) {}

  get(sha: string): Promise<string | undefined> {
    let entry = this.entries.get(sha);
    if (entry) {
      this.entries.delete(sha);
    } else {
      entry = this.store.get(sha);
      entry.then(
        (code) => this.grow(sha, code?.length),
        () => this.entries.delete(sha),
      );
    }
    this.entries.set(sha, entry);
    return entry;
  }

  private grow(sha: string, size: number | undefined): void {
    if (size === undefined) {
      this.entries.delete(sha);
      return;
    }
    this.size += size;
    this.sizes.set(sha, size);
    for (const oldest of this.entries.keys()) {
      if (this.size <= this.capacity) return;
      if (!this.sizes.has(oldest)) continue;
      this.size -= this.sizes.get(oldest)!;
      this.sizes.delete(oldest);
      this.entries.delete(oldest);
    }
  }
}
