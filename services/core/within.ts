/** What comes of it, or undefined if that takes longer; the work goes on then. @param limit milliseconds */
export function within<T>(work: Promise<T>, limit: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), limit);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
