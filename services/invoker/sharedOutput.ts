import type { Container, LogListener, LogStream } from "../core/ports/containers";
import { formatLine, type LogCollector, withoutMarker } from "./logs";

/** What names the run of a line: the byte, the activation's id, a blank. See runtimes/README.md. */
const TAG = /\x1f([0-9a-f]{32}) /;

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

  /** What it may print from now on is dropped. The same activation may be there a second time, with a log of its own. */
  end(activationId: string, log: LogCollector): void {
    if (this.runs.get(activationId) === log) this.runs.delete(activationId);
  }

  private readonly listener: LogListener = (stream, line, time) => {
    const tag = this.tagged ? TAG.exec(line) : null;
    if (!tag) return this.tellAll(stream, withoutMarker(line), time);
    // What a child process has printed without a line end stands before it.
    if (tag.index > 0) this.tellAll(stream, line.slice(0, tag.index), time);
    this.runs.get(tag[1]!)?.listener(stream, line.slice(tag.index + tag[0].length), time);
  };

  /** Whose end a marker without a name tells, nobody knows: what has no tag ends no log. */
  private tellAll(stream: LogStream, line: string | undefined, time: number): void {
    if (line === undefined || this.runs.size === 0) return;
    const text = formatLine(stream, line, time);
    const bytes = Buffer.byteLength(text);
    for (const log of this.runs.values()) log.keep(text, bytes);
  }
}
