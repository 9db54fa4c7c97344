/** What makes a platform, or a service of one, not start; its message is for people. */
export class StartError extends Error {
  constructor(
    message: string,
    /** 2: the configuration is wrong; 1: the machine does not let it. */
    readonly exitCode: 1 | 2,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "StartError";
  }
}
