import type { Container, LogListener } from "../core/ports/containers";
import { isMarker, type LogCollector } from "./logs";

/** What begins a line whose run is named: the byte, the activation's id, a blank. See runtimes/README.md. */
const TAG = "\x1f";

/** The output of a container that works on several runs at a time, shared out to their logs. */
export class SharedOutput {
  /** Those under way, by activation. */
  private readonly runs = new Map<string, LogCollector>();

  /** @param tagged the runtime names the run of each line, and ends the log of each; otherwise all of them get everything */
  constructor(
    container: Pick<Container, "onLog">,
    readonly tagged: boolean,
  ) {
    container.onLog(this.listener);
  }

  begin(activationId: string, log: LogCollector): void {
    this.runs.set(activationId, log);
  }

  /** What it may print from now on is dropped. */
  end(activationId: string): void {
    this.runs.delete(activationId);
  }

  private readonly listener: LogListener = (stream, line, time) => {
    if (this.tagged && line.startsWith(TAG)) {
      const end = line.indexOf(" ");
      this.runs.get(line.slice(TAG.length, end))?.listener(stream, line.slice(end + 1), time);
      return;
    }
    // Whose end a marker without a name tells, nobody knows.
    if (isMarker(line)) return;
    for (const log of this.runs.values()) log.listener(stream, line, time);
  };
}
