/** Commands that work on one stack. */
const ON_A_STACK = new Set(["up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "import", "config", "watch", "state", "logs", "cancel", "stack"]);
/** Of those, the ones for which an empty stack is as good as any: it is created if it is missing. */
const CREATES = new Set(["up", "update", "preview", "pre", "refresh", "import", "config", "watch"]);
/** Of those, the ones that lock the stack. */
const LOCKS = new Set(["up", "update", "refresh", "destroy", "down", "dn", "import", "watch"]);
/** `pulumi stack …` that name their stack themselves, or work on all. */
const STACK_SUBCOMMANDS_ON_NONE = new Set(["init", "new", "ls", "select", "rm", "rename", "unselect"]);
/** Flags of any command whose value is the next word, so that it is not taken for the command. */
const FLAGS_WITH_VALUE = new Set(["-C", "--cwd", "-s", "--stack", "--color", "-v", "--verbose", "--profiling", "--tracing", "--otel-traces", "--memprofilerate"]);

export interface Invocation {
  /** Everything but the folder. */
  args: string[];
  /** As given with -C or --cwd. */
  folder?: string;
  /** As given with -s or --stack. */
  stack?: string;
  /** Whether the command works on one stack … */
  needsStack: boolean;
  /** … creates it if it is missing … */
  creates: boolean;
  /** … and locks it. */
  locks: boolean;
}

/** Reads as much of a Pulumi command line as it takes to run it in the right place. */
export function readInvocation(commandLine: readonly string[]): Invocation {
  const args: string[] = [];
  const words: string[] = [];
  const found: { folder?: string; stack?: string } = {};
  for (let i = 0; i < commandLine.length; i++) {
    const word = commandLine[i]!;
    const [flag = "", attached] = word.startsWith("--") ? word.split(/=(.*)/s, 2) : [word];
    const takesNext = FLAGS_WITH_VALUE.has(flag) && attached === undefined;
    const value = takesNext ? commandLine[i + 1] : attached;
    if (takesNext) i += 1;
    if (flag === "-s" || flag === "--stack") found.stack = value;
    if (flag === "-C" || flag === "--cwd") {
      found.folder = value;
      continue;
    }
    args.push(word, ...(takesNext && value !== undefined ? [value] : []));
    if (!word.startsWith("-")) words.push(word);
  }
  const [command = "", subcommand = ""] = words;
  const asksForHelp = args.some((arg) => arg === "--help" || arg === "-h");
  const needsStack = !asksForHelp && ON_A_STACK.has(command) && !(command === "stack" && STACK_SUBCOMMANDS_ON_NONE.has(subcommand));
  return { args, ...found, needsStack, creates: needsStack && CREATES.has(command), locks: needsStack && LOCKS.has(command) };
}
