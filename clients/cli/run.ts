import { takeKeyValues } from "./args/key-values";
import { checkArity, type Reply } from "./command";
import { groups, single } from "./commands";
import { Context, type Io } from "./context";
import { apiErrorBehind, CliError, EXIT } from "./errors";
import { jsonText } from "./output/json";
import { styleFor } from "./output/style";
import { parseCommandLine } from "./program";
import { version } from "./package.json";

/**
 * Runs one command line.
 *
 * @param argv the arguments after the name of the program
 * @returns the exit code; nothing is thrown, whatever happens is told on stderr
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const wantsJson = argv.includes("--json");
  try {
    const { rest, flags } = takeKeyValues(argv, io.cwd);
    const parsed = parseCommandLine(rest, groups, single, version);
    if ("help" in parsed) return (void io.stdout.write(parsed.help), EXIT.ok);
    const context = new Context(io, parsed.globals, flags);
    checkArity(parsed.args, parsed.command.arity);
    if (!parsed.command.offline) context.connect();
    const reply = await parsed.command.run(context, parsed.args, parsed.options);
    const code = show(reply, context);
    return reply.failure === undefined ? code : tell(reply.failure, io);
  } catch (failure) {
    return fail(failure, io, wantsJson);
  }
}

function show(reply: Reply, { io, json }: Context): number {
  if (json) io.stdout.write(reply.json === undefined ? "" : jsonText(reply.json));
  else (reply.stream === "stderr" ? io.stderr : io.stdout).write(reply.text);
  return reply.exitCode ?? EXIT.ok;
}

function fail(failure: unknown, io: Io, json: boolean): number {
  const exitCode = tell(failure, io);
  const refusal = apiErrorBehind(failure);
  if (json)
    io.stdout.write(
      jsonText({ error: refusal?.error ?? asTold(failure).message, code: refusal?.code, status: refusal?.status, exitCode }),
    );
  return exitCode;
}

/** Tells a failure on stderr. @returns its exit code */
function tell(failure: unknown, io: Io): number {
  const { message, usage, exitCode } = asTold(failure);
  io.stderr.write(`${styleFor(io.stderr, io.env).error}${message}\n${usage ? "Run 'whisk --help' for usage.\n" : ""}`);
  return exitCode;
}

const asTold = (failure: unknown): CliError =>
  failure instanceof CliError
    ? failure
    : new CliError(`Unexpected failure: ${failure instanceof Error ? failure.message : String(failure)}`);
