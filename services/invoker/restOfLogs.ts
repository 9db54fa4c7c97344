import type { RunMessage } from "../core/messages";
import { within } from "../core/within";
import type { LogCollector } from "./logs";
import { TEXT } from "./outcome";
import type { Lease, Pooled } from "./pool/pooled";
import type { SharedOutput } from "./sharedOutput";

/** After the end of a run its output may pause so long, milliseconds. Foreign images need not write the end markers. */
const PAUSE = { ours: 500, foreign: 50 };
/** How long the output of a container that was ended is waited for. Milliseconds. */
const GONE_LIMIT = 1_000;

/**
 * What comes of a run's output after its answer.
 *
 * @param failed the run ended as it should not
 * @param reusable the container is fit for further runs, as far as its answer tells
 * @param release gives it back, as soon as the next run's lines cannot be taken for this one's
 * @returns the lines of the record
 */
export async function restOfLogs(
  { pooled }: Lease,
  { activationId, action }: RunMessage,
  logs: LogCollector,
  { failed, reusable }: { failed: boolean; reusable: boolean },
  release: (reuse: boolean) => void,
): Promise<string[]> {
  if (pooled.output) {
    release(reusable);
    const lines = await amongOthers(pooled, pooled.output, logs, { failed, reusable });
    pooled.output.end(activationId, logs);
    return lines;
  }
  if (!reusable) {
    // What ends without an answer need not write markers: it is ended, and with it its output.
    release(false);
    await within(pooled.container.gone, GONE_LIMIT);
    return logs.finish(TEXT.logsOfFailure);
  }
  const foreign = action.image !== undefined;
  const complete = (await logs.completed(foreign ? PAUSE.foreign : PAUSE.ours)) || foreign;
  const lines = logs.finish(complete ? undefined : TEXT.logsIncomplete);
  release(complete);
  return lines;
}

async function amongOthers({ container }: Pooled, { tagged }: SharedOutput, logs: LogCollector, { failed, reusable }: { failed: boolean; reusable: boolean }): Promise<string[]> {
  // Where runs are not told apart there is no silence to wait for: others may print at any time.
  const completed = tagged ? logs.completed(PAUSE.ours) : logs.completed(PAUSE.foreign, PAUSE.foreign).then(() => true);
  if (reusable) {
    const complete = await completed;
    return logs.finish(failed ? TEXT.logsOfFailure : complete ? undefined : TEXT.logsIncomplete);
  }
  // What takes too long may go on printing for ever.
  await within(Promise.race([completed, container.gone]), GONE_LIMIT);
  return logs.finish(TEXT.logsOfFailure);
}
