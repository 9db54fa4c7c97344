/** What an interrupted run has to end: platforms and servers, the last begun first. */
const open = new Set<() => Promise<void>>();

/**
 * Notes down what is to be disposed of, should the run be interrupted before.
 *
 * @returns the same, which disposes once, whoever calls it
 */
export function disposedOf<T extends { dispose(): Promise<void> }>(made: T): T {
  const dispose = made.dispose.bind(made);
  let disposed: Promise<void> | undefined;
  const once = () => {
    open.delete(once);
    return (disposed ??= dispose());
  };
  open.add(once);
  return Object.assign(made, { dispose: once });
}

/** On SIGINT, SIGTERM and SIGHUP ends everything that is open, then the process. */
export function cleanUpWhenInterrupted(): void {
  let interrupted = false;
  const end = async () => {
    // Asked anew each time: something may just have been begun.
    for (let last = [...open].at(-1); last; last = [...open].at(-1)) await last().catch((error: unknown) => console.error(error));
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interrupted) return;
      interrupted = true;
      void end();
    });
  }
}
