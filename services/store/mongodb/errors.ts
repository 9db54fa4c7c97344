import {
  MongoAPIError,
  MongoClientClosedError,
  MongoError,
  MongoErrorLabel,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
} from "mongodb";
import { WhiskError } from "../../core/errors";

/** The server's codes, https://www.mongodb.com/docs/manual/reference/error-codes/ */
export const DUPLICATE_KEY = 11000;
export const NOT_IMPLEMENTED = 238;
export const INDEX_NOT_FOUND = 27;
export const INDEX_OPTIONS_CONFLICT = 85;
/** MaxTimeMSExpired, WriteConcernTimeout, ShutdownInProgress, PrimarySteppedDown, NotWritablePrimary, Interrupted…, NotPrimary… */
const UNAVAILABLE: ReadonlySet<unknown> = new Set([50, 64, 91, 189, 10107, 11600, 11602, 13435, 13436]);

const UNREACHABLE = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
  MongoClientClosedError,
  MongoOperationTimeoutError,
  MongoWriteConcernError,
];

/** No more than the code and the message of what the driver threw: its own objects are large, and hold options of the connection. */
const causeOf = (error: Error): Error => new Error(`${error.name}: ${error.message}`);

/** The error that a caller gets for what the driver threw: everything that passes by itself is one 503. */
export const translated = (error: unknown): unknown => ((error instanceof MongoError && isUnreachable(error)) || isOfSocket(error) ? unanswered(error) : error);

/** The error for what may have been done or not. */
export const unanswered = (error: Error): WhiskError =>
  new WhiskError(503, "The database does not answer; try again later.", { cause: causeOf(error) });

export const closedError = (): WhiskError => new WhiskError(503, "The store is closed: the process is shutting down.");

/** Runs one exchange with the database. @throws WhiskError 503 when the database could not be reached or did not answer in time */
export async function asking<T>(exchange: () => Promise<T>): Promise<T> {
  try {
    return await exchange();
  } catch (error) {
    throw translated(error);
  }
}

/** Some document of that key is there already. */
export const isDuplicate = (error: unknown): boolean => error instanceof MongoServerError && error.code === DUPLICATE_KEY;

function isUnreachable(error: MongoError): boolean {
  if (UNREACHABLE.some((kind) => error instanceof kind)) return true;
  // No connection of the pool became free in time.
  if (error instanceof MongoAPIError) return false;
  if (error.name === "MongoWaitQueueTimeoutError" || error.hasErrorLabel(MongoErrorLabel.RetryableWriteError)) return true;
  return UNAVAILABLE.has(error.code);
}

/** The driver passes on as it is what a socket says that breaks while a command is being written. */
const isOfSocket = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";

/** A database that cannot be used as it was asked for. The message names it, never its credentials, and the way out. */
export class DatabaseUnusableError extends Error {
  constructor(
    /** Its URL without credentials. */
    readonly database: string,
    reason: string,
  ) {
    super(`The database ${database} cannot be used: ${reason}.`);
    this.name = "DatabaseUnusableError";
  }
}
