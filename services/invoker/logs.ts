import type { LogListener, LogStream } from "../core/ports/containers";
import { TEXT } from "./outcome";

/** The line with which a runtime ends the output of a run, on both streams. */
const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";
const MB = 1024 * 1024;

/** What an action has started may go on writing for ever: after so long the rest is given up. Milliseconds. */
const LONGEST = 30_000;

/** A line without the marker that may stand at its end; undefined: it was nothing else. */
export function withoutMarker(line: string): string | undefined {
  if (!line.endsWith(MARKER)) return line;
  return line.length > MARKER.length ? line.slice(0, -MARKER.length) : undefined;
}

/** Collects the output of one run, from its start to the markers. */
export class LogCollector {
  private readonly lines: string[] = [];
  private bytes = 0;
  private truncated = false;
  private open = 2;
  /** Lines that came since the last look, kept or not. */
  private arrived = 0;
  private waiting: ((complete: boolean) => void) | undefined;

  /** @param limit MB of logs that are kept; 0: none are, and nothing is said of it */
  constructor(private readonly limit: number) {}

  /** Hears the container's output. */
  readonly listener: LogListener = (stream, line, time) => {
    // An action's last output may lack a line break: then the marker stands behind it.
    const text = withoutMarker(line);
    if (text !== undefined) this.add(stream, text, time);
    if (text !== line && --this.open === 0) this.waiting?.(true);
  };

  /** Takes a line in its form, of so many bytes. */
  keep(text: string, bytes: number): void {
    this.arrived++;
    if (this.truncated || this.limit === 0) return;
    this.bytes += bytes + 1;
    if (this.bytes > this.limit * MB) this.truncated = true;
    else this.lines.push(text);
  }

  /** All output is there. */
  get complete(): boolean {
    return this.open <= 0;
  }

  /**
   * Resolves to true when all output is there, to false when nothing came for `pause` milliseconds, or no end for `limit`.
   * Much output may need longer than the pause, so it is the silence that counts.
   */
  completed(pause: number, limit = LONGEST): Promise<boolean> {
    if (this.complete) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        if (this.arrived === 0) this.waiting?.(false);
        this.arrived = 0;
      }, pause);
      const end = setTimeout(() => this.waiting?.(false), limit);
      this.arrived = 0;
      this.waiting = (complete) => {
        clearInterval(timer);
        clearTimeout(end);
        resolve(complete);
      };
    });
  }

  /** The lines of the record. @param note of the platform's own, to end with */
  finish(note?: string): string[] {
    if (this.limit === 0) return [];
    const now = Date.now();
    if (this.truncated) this.lines.push(formatLine("stderr", TEXT.logsTruncated(this.limit * MB), now));
    if (note !== undefined) this.lines.push(formatLine("stderr", note, now));
    return this.lines;
  }

  private add(stream: LogStream, line: string, time: number): void {
    if (this.truncated || this.limit === 0) return void this.arrived++;
    const text = formatLine(stream, line, time);
    this.keep(text, Buffer.byteLength(text));
  }
}

let lastTime = 0;
let lastText = "";

/** OpenWhisk's form of a line: time with nanoseconds in 30 characters, stream, text. */
export function formatLine(stream: LogStream, line: string, time: number): string {
  if (time !== lastTime) {
    lastTime = time;
    lastText = `${new Date(time).toISOString().slice(0, -1)}000000Z`;
  }
  return `${lastText} ${stream}: ${line}`;
}
