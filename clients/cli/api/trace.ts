import { redactBody, redactHeaders, redactKey } from "./redact";
import { parseExact } from "./exact-json";
import type { HttpRequest, HttpResponse } from "./transport";

/** How much of each exchange is shown: nothing, bodies of at most 1,000 characters (`-v`), all (`-d`). */
export type TraceLevel = "off" | "verbose" | "debug";

const verboseLimit = 1_000;

/** Shows requests and answers (on stderr, so that stdout stays what the command prints), never a secret. */
export class Trace {
  constructor(
    private readonly level: TraceLevel,
    private readonly write: (text: string) => void,
    private readonly auth: string | undefined,
  ) {}

  request({ method, url, headers, body }: HttpRequest): void {
    this.show(`REQUEST:\n[${method}]\t${url}\nReq Headers\n${pretty(redactHeaders(headers))}`);
    if (body !== undefined) this.show(`Req Body\n${this.body(body)}`);
  }

  response({ status, headers, text }: HttpResponse): void {
    this.show(`RESPONSE:Got response with code ${status}\nResp Headers\n${pretty(redactHeaders(headers))}`);
    this.show(`Response body size is ${Buffer.byteLength(text)} bytes\nResponse body received:\n${this.body(text)}`);
  }

  note(text: string): void {
    if (this.level === "debug") this.show(text);
  }

  private show(text: string): void {
    if (this.level !== "off") this.write(`${redactKey(text, this.auth)}\n`);
  }

  private body(text: string): string {
    const safe = redactKey(shown(text), this.auth);
    if (this.level === "debug" || safe.length <= verboseLimit) return safe;
    return `Body exceeds ${verboseLimit} bytes and will be truncated\n${safe.slice(0, verboseLimit)}...`;
  }
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

function shown(text: string): string {
  try {
    return JSON.stringify(redactBody(parseExact(text)));
  } catch {
    return text;
  }
}
