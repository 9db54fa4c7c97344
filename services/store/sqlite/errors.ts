/** The state of the platform cannot be used as it is. The message names the file and the way out. */
export class UnreadableStateError extends Error {
  constructor(
    readonly file: string,
    reason: string,
    wayOut = "restore it from a backup, or move it away to begin with an empty platform",
    options?: { cause?: unknown },
  ) {
    super(`The platform's state in '${file}' cannot be read: ${reason}. Way out: ${wayOut}.`, options);
    this.name = "UnreadableStateError";
  }
}

/** Another process has this data directory open. */
export class DirectoryInUseError extends Error {
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(`The data directory '${directory}' is in use by process ${pid}: stop that platform first, or give this one another directory.`);
    this.name = "DirectoryInUseError";
  }
}
