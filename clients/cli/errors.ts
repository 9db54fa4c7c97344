/** Exit codes of the official CLI; a refused request exits with its HTTP status modulo 256 (404 is 148, 502 is 246). */
export const EXIT = { ok: 0, general: 1, usage: 2, network: 3, notAllowed: 149, timedOut: 202 } as const;

/** What a person may see of a failure: printed as `error: <message>`, never with a stack. */
export class CliError extends Error {
  /**
   * @param exitCode exit code of the process, 0 to 255
   * @param usage whether the hint to `--help` follows the message
   */
  constructor(
    message: string,
    readonly exitCode: number = EXIT.general,
    readonly usage: boolean = false,
  ) {
    super(message);
    this.name = "CliError";
  }
}

/** A mistake in the command line. */
export const usageError = (message: string, exitCode: number = EXIT.general): CliError => new CliError(message, exitCode, true);

/** An answer of the platform that is not a success. Its body stays intact for `--json` and for callers that look inside. */
export class ApiError extends CliError {
  readonly error: string;
  readonly code: string | undefined;

  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    const { error, code } = refusalOf(body);
    super(describe(status, error, code), status % 256);
    this.name = "ApiError";
    this.error = error ?? this.message;
    this.code = code;
  }
}

/** The same failure, said in the words of the command that met it: `Unable to get action 'x': …`. */
export function explain(prefix: string, failure: unknown, usage = false): unknown {
  if (!(failure instanceof CliError)) return failure;
  const said = new CliError(`${prefix}: ${failure.message}`, failure.exitCode, usage || failure.usage);
  said.cause = failure;
  return said;
}

/** The same failure, as that of a command whose arguments cannot be used: `Invalid argument(s). …`. */
export function invalidArguments(failure: unknown): unknown {
  if (!(failure instanceof CliError)) return failure;
  const said = usageError(`Invalid argument(s). ${failure.message}`, failure.exitCode);
  said.cause = failure;
  return said;
}

/** The refusal of the platform behind a failure, if there is one. */
export function apiErrorBehind(failure: unknown): ApiError | undefined {
  for (let e = failure; e instanceof Error; e = e.cause) if (e instanceof ApiError) return e;
  return undefined;
}

function refusalOf(body: unknown): { error?: string; code?: string } {
  if (body === null || typeof body !== "object" || !("error" in body)) return {};
  const { error } = body;
  const code = "code" in body && body.code !== null && body.code !== undefined ? String(body.code) : undefined;
  return { error: typeof error === "string" ? error : JSON.stringify(error), code };
}

function describe(status: number, error: string | undefined, code: string | undefined): string {
  if (error !== undefined && code !== undefined) return `${error} (code ${code})`;
  if (error !== undefined) return `${error} (HTTP status code ${status})`;
  return `The connection failed, or timed out. (HTTP status code ${status})`;
}
