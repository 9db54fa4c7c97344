/**
 * The one error that a caller may see. Its message names the thing, the limit and the way out;
 * anything else that is thrown is a defect and becomes a plain 500.
 */
export class WhiskError extends Error {
  constructor(
    /** HTTP status with which it is answered. */
    readonly status: number,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "WhiskError";
  }
}

/** The run lane could not bring a run to its end; whether the action's code ran is not known. */
export class RunLostError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "RunLostError";
  }
}

/** The run was taken back before its code began: another invoker may run it. */
export class RunWithdrawnError extends Error {
  constructor() {
    super("the run was taken back by its lane");
    this.name = "RunWithdrawnError";
  }
}

/**
 * It says something of what was asked for, and would say it again; not that there is no room now, or that a store does not
 * answer.
 */
export const isFinal = (error: unknown): error is WhiskError => error instanceof WhiskError && error.status < 500 && error.status !== 429;

export const badRequest = (message: string) => new WhiskError(400, message);
export const notFound = (message = "The requested resource does not exist.") => new WhiskError(404, message);
export const conflict = (message: string) => new WhiskError(409, message);

/** What to show of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
