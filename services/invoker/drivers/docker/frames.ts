import type { LogStream } from "../../../core/ports/containers";

/** Of each frame: one byte for the stream, three without meaning, four for the length. */
const HEADER = 8;
const STREAMS: readonly LogStream[] = ["stdout", "stdout", "stderr"];

/** Takes the two streams of a container apart, which the engine sends as frames on one connection. */
export class FrameReader {
  private readonly header = Buffer.alloc(HEADER);
  private headerBytes = 0;
  private left = 0;
  private stream: LogStream = "stdout";

  constructor(private readonly emit: (stream: LogStream, bytes: Buffer) => void) {}

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.left === 0) {
        const part = Math.min(HEADER - this.headerBytes, chunk.length - at);
        chunk.copy(this.header, this.headerBytes, at, at + part);
        this.headerBytes += part;
        at += part;
        if (this.headerBytes < HEADER) return;
        this.headerBytes = 0;
        this.stream = STREAMS[this.header[0]!] ?? "stdout";
        this.left = this.header.readUInt32BE(4);
        continue;
      }
      const end = Math.min(chunk.length, at + this.left);
      this.emit(this.stream, chunk.subarray(at, end));
      this.left -= end - at;
      at = end;
    }
  }
}
