/** Where the embedded accepted log keeps its entries; the SQLite store has one in the same file as the records. */
export interface AcceptedTable {
  /** Durable when it resolves, to the entry's place in the order: each later one has a higher number. */
  add(namespace: string, message: string): Promise<number>;
  remove(seq: number): Promise<void>;
  message(seq: number): string | undefined;
  /** What is there, oldest first. */
  index(): { seq: number; namespace: string }[];
}
