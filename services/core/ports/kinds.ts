/** The kinds of code that the platform runs: from the runtimes' manifest and what the drivers can do. */
export interface Kinds {
  /** `nodejs:default` and `nodejs` become the kind that stands behind them; undefined: not known. */
  resolve(kind: string): string | undefined;
  /** Actions of this kind can be read and deleted, not created, changed or invoked. */
  isDeprecated(kind: string): boolean;
  /** Code of this kind has no entry point that goes without saying. */
  needsMain(kind: string): boolean;
  /** All kinds, as they are named in messages. */
  readonly names: readonly string[];
  /** Why code of this kind cannot run here, with the way out; undefined: it can. */
  unavailable(exec: { kind: string; image?: string }): string | undefined;
  /** What `GET /` tells of the runtimes, by family. */
  readonly description: Record<string, unknown[]>;
}
