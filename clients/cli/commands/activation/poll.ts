import type { Command, Options } from "../../command";
import type { Context } from "../../context";
import { apiErrorBehind, CliError, EXIT, explain } from "../../errors";
import type { Activation } from "../../output/activations";
import { jsonText } from "../../output/json";
import { listActivations } from "./read";

/** Between two looks at the list, in milliseconds. */
const interval = 2_000;
/** How far back each look goes, in milliseconds: a record appears when its run ends, so a long run appears behind a short one. */
const overlap = 60_000;
/** The most that the platform gives at once. */
const page = 200;

const since = (unit: string): { flags: string; text: string; number: true } => ({
  flags: `--since-${unit.toLowerCase()} <${unit}>`,
  text: `start polling for activations ${unit} ${unit.toLowerCase()} ago`,
  number: true,
});

/** Prints the logs of activations as they appear: as text, or with `--json` one activation on a line. */
export const activationPoll: Command = {
  name: "poll",
  args: "[NAMESPACE | ACTION_NAME]",
  summary: "poll continuously for log messages from currently running actions",
  example: "activation poll hello --since-minutes 5",
  arity: [0, 1, "An optional namespace is the only valid argument."],
  options: [
    { flags: "-e, --exit <SECONDS>", text: "stop polling after SECONDS seconds", number: true },
    ...["SECONDS", "MINUTES", "HOURS", "DAYS"].map(since),
  ],
  async run(context, [written], flags) {
    const name = written === undefined ? undefined : context.name(written).entityName || undefined;
    const interrupted = context.io.onInterrupt?.() ?? new AbortController().signal;
    const say = (text: string): void => void (context.json || context.io.stdout.write(text));
    const end = flags.exit ? context.now() + Number(flags.exit) * 1_000 : Infinity;

    try {
      say("Enter Ctrl-c to exit.\n");
      const from = await startOf(context, flags, interrupted);
      say("Polling for activation logs\n");
      await follow(context, name, from, end, interrupted);
    } catch (failure) {
      if (!interrupted.aborted) throw explain("Unable to poll for activations", failure);
    }
    return interrupted.aborted ? { text: "Poll terminated\n", json: undefined, exitCode: EXIT.general } : { text: "", json: undefined };
  },
};

async function follow(context: Context, name: string | undefined, from: number, end: number, interrupted: AbortSignal): Promise<void> {
  const reported = new Set<string>();
  let latest = from;
  for (let first = true; !interrupted.aborted; first = false) {
    // A platform that is away for a moment does not end the polling, one that never was there does.
    const found = await look(context, name, Math.max(from, latest - overlap), interrupted).catch((failure: unknown) => {
      if (first || !isPassing(failure)) throw failure;
      return [];
    });
    for (const activation of found) {
      if (reported.has(activation.activationId)) continue;
      reported.add(activation.activationId);
      latest = Math.max(latest, activation.start);
      context.io.stdout.write(
        context.json
          ? `${JSON.stringify(activation)}\n`
          : `\nActivation: '${activation.name}' (${activation.activationId})\n${jsonText(activation.logs ?? [])}`,
      );
    }
    const left = end - context.now();
    if (left <= 0) return;
    await pause(context, Math.min(interval, left), interrupted);
  }
}

/** The activations since a time, the earliest first. */
async function look(context: Context, name: string | undefined, since: number, interrupted: AbortSignal): Promise<Activation[]> {
  const found: Activation[] = [];
  for (let more = true; more;) {
    const some = await listActivations(context, { name, since, docs: true, limit: page, skip: found.length }, interrupted);
    found.push(...some);
    more = some.length === page;
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Where polling begins, in milliseconds since 1970: so long ago as the flags say, else behind the latest activation. */
async function startOf(context: Context, flags: Options, interrupted: AbortSignal): Promise<number> {
  const { sinceSeconds = 0, sinceMinutes = 0, sinceHours = 0, sinceDays = 0 } = flags;
  const ago = ((Number(sinceDays) * 24 + Number(sinceHours)) * 60 + Number(sinceMinutes)) * 60 + Number(sinceSeconds);
  if (ago !== 0) return context.now() - ago * 1_000;
  const [latest] = await listActivations(context, { limit: 1, skip: 0 }, interrupted);
  return latest ? latest.start + 1 : 0;
}

function isPassing(failure: unknown): boolean {
  const status = apiErrorBehind(failure)?.status ?? 0;
  return status === 429 || status >= 500 || (failure instanceof CliError && failure.exitCode === EXIT.network);
}

const pause = (context: Context, ms: number, interrupted: AbortSignal): Promise<void> =>
  context.io.sleep ? context.io.sleep(ms, interrupted) : new Promise((wake) => setTimeout(wake, ms));
