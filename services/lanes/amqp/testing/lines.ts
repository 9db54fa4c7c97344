import type { Logger } from "../../../core/owner/context";

/** What was logged, for a test to look at. */
export class Lines {
  readonly all: { level: keyof Logger; message: string; fields: Record<string, unknown> }[] = [];

  readonly logger: Logger = {
    info: (fields, message) => this.note("info", fields, message),
    warn: (fields, message) => this.note("warn", fields, message),
    error: (fields, message) => this.note("error", fields, message),
  };

  /** Fields of the lines with that message. */
  of(message: string): Record<string, unknown>[] {
    return this.all.filter((line) => line.message === message).map(({ fields }) => fields);
  }

  private note(level: keyof Logger, fields: object, message: string): void {
    this.all.push({ level, message, fields: { ...fields } });
  }
}
