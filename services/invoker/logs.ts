import type { Container, LogStream } from "../core/ports/containers";

/** The line with which a runtime ends the output of a run, on both streams. */
const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";
const MB = 1024 * 1024;

/** Collects the output of one run, from its start to the markers. */
export class LogCollector {
  private readonly lines: string[] = [];
  private bytes = 0;
  private truncated = false;
  private markers = 0;
  private whole?: () => void;

  /** @param limit MB of logs that are kept */
  constructor(
    private readonly container: Container,
    private readonly limit: number,
  ) {
    container.onLog((stream, line, time) => this.take(stream, line, time));
  }

  /** All output is there. */
  get complete(): boolean {
    return this.markers >= 2;
  }

  /** Resolves when all output is there, or after `wait` milliseconds: then to false. */
  completed(wait: number): Promise<boolean> {
    if (this.complete) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), wait);
      this.whole = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  /** Ends the collection. @param note a line of the platform's own to end with */
  finish(note?: string): string[] {
    this.container.onLog(undefined);
    const now = Date.now();
    if (this.truncated) this.lines.push(format("stderr", `Logs were truncated because the total bytes size exceeds the limit of ${this.limit * MB} bytes.`, now));
    if (note !== undefined) this.lines.push(format("stderr", note, now));
    return this.lines;
  }

  private take(stream: LogStream, line: string, time: number): void {
    if (line === MARKER) {
      if (++this.markers === 2) this.whole?.();
      return;
    }
    if (this.truncated) return;
    // An action's last output may lack a line break: then the marker stands behind it.
    if (line.endsWith(MARKER)) {
      this.take(stream, line.slice(0, -MARKER.length), time);
      this.take(stream, MARKER, time);
      return;
    }
    this.bytes += Buffer.byteLength(line) + 1;
    if (this.bytes > this.limit * MB) this.truncated = true;
    else this.lines.push(format(stream, line, time));
  }
}

/** OpenWhisk's form of a line: time with nanoseconds, padded to 30 characters. */
const format = (stream: LogStream, line: string, time: number) => `${new Date(time).toISOString().slice(0, -1)}000000Z ${stream}: ${line}`;
