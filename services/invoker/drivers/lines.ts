const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Bytes; a longer line is handed on in pieces, so that output without line breaks cannot take the memory. */
export const LINE_LIMIT = 256 * 1024;

/**
 * Cuts a byte stream into lines. It works on bytes and decodes whole lines only, so a character
 * that is split between two chunks arrives in one piece.
 */
export class LineSplitter {
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  constructor(
    private readonly emit: (line: string) => void,
    private readonly limit = LINE_LIMIT,
  ) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      this.line(chunk, from, at);
      from = at + 1;
    }
    if (from < chunk.length) this.keep(from === 0 ? chunk : chunk.subarray(from));
  }

  /** The stream has ended: what is left is a line of its own. */
  end(): void {
    if (this.pendingBytes > 0) this.line(Buffer.alloc(0), 0, 0);
  }

  private line(chunk: Buffer, from: number, to: number): void {
    if (this.pendingBytes > 0) {
      const whole = Buffer.concat([...this.pending, chunk.subarray(from, to)]);
      this.pending = [];
      this.pendingBytes = 0;
      this.line(whole, 0, whole.length);
      return;
    }
    while (to - from > this.limit) {
      const cut = characterBoundary(chunk, from + this.limit, from);
      this.emit(chunk.toString("utf8", from, cut));
      from = cut;
    }
    const end = to > from && chunk[to - 1] === CARRIAGE_RETURN ? to - 1 : to;
    this.emit(chunk.toString("utf8", from, end));
  }

  private keep(rest: Buffer): void {
    this.pending.push(rest);
    this.pendingBytes += rest.length;
    if (this.pendingBytes <= this.limit) return;
    const whole = Buffer.concat(this.pending);
    const cut = characterBoundary(whole, this.limit, 0);
    this.emit(whole.toString("utf8", 0, cut));
    this.pending = [];
    this.pendingBytes = 0;
    this.keep(whole.subarray(cut));
  }
}

/** The last start of a character at or before `at`; `at` itself if what is there is not UTF-8. */
function characterBoundary(bytes: Buffer, at: number, from: number): number {
  for (let cut = at; cut > from && cut > at - 4; cut--) {
    if ((bytes[cut]! & 0xc0) !== 0x80) return cut;
  }
  return at;
}
