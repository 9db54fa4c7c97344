/** A failure that a person can do something about: its message is all that is shown of it. */
export class ToolError extends Error {
  override readonly name = "ToolError";

  /** @param exitCode of the command: 1 a failure, 2 wrong usage, 130 stopped by the user */
  constructor(
    message: string,
    readonly exitCode: number = 1,
  ) {
    super(message);
  }
}

/** The command line is wrong. */
export class UsageError extends ToolError {
  constructor(message: string) {
    super(message, 2);
  }
}

/** The user ended the command, usually with Ctrl-C. */
export class Interrupted extends ToolError {
  constructor(message: string) {
    super(message, 130);
  }
}
