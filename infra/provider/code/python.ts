import { execFile } from "node:child_process";
import { CodeError } from "./errors";

/** An older Python than the platform's would call new syntax an error. */
const PROGRAM = `
import ast, sys
if sys.version_info >= (3, 10):
    try:
        ast.parse(sys.stdin.buffer.read(), sys.argv[1])
    except (SyntaxError, ValueError) as e:
        print("%s:%s:%s: %s (Python %s)" % (sys.argv[1], getattr(e, "lineno", 1), getattr(e, "offset", 1), getattr(e, "msg", e), sys.version.split()[0]))
`;

/** Whether the source parses; on a machine without Python 3 it is taken as it is. */
export async function checkPython(source: string, name: string): Promise<void> {
  const said = await new Promise<string>((resolve) => {
    const child = execFile("python3", ["-I", "-c", PROGRAM, name], { timeout: 10_000 }, (error, stdout) => resolve(error ? "" : stdout.trim()));
    child.stdin?.on("error", () => undefined).end(source);
  });
  if (said !== "") throw new CodeError(said);
}
