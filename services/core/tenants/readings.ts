import { LruMap } from "../entities/lru";
import type { Namespace } from "../ports/store";

const PRESENT = 10_000;
const ABSENT = 1_000;

/** A namespace as it was read. */
export interface Reading {
  /** When it began. Milliseconds. */
  since: number;
  reading: Promise<Namespace | undefined>;
  /** Absent until it has been read. */
  read?: { namespace: Namespace | undefined };
  /** It is being read again, before it is too old. */
  renewing?: boolean;
}

/**
 * What was read, by key; at most so many. Namespaces that there are not are kept apart, as are those of which it is not known
 * yet: anybody can ask for any number of them, and must not push out those that there are.
 */
export class Readings {
  private readonly present = new LruMap<string, Reading>(PRESENT);
  private readonly absent = new LruMap<string, Reading>(ABSENT);

  get(key: string): Reading | undefined {
    return this.present.get(key) ?? this.absent.get(key);
  }

  /** To be done again when it has been read. */
  set(key: string, reading: Reading): void {
    this.delete(key);
    (reading.read?.namespace ? this.present : this.absent).set(key, reading);
  }

  delete(key: string): void {
    this.present.delete(key);
    this.absent.delete(key);
  }
}
