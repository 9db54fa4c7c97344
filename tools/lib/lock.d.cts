/** Whether a process with this id exists, whoever's it is. */
export function isAlive(pid: number): boolean;

/**
 * Runs `work` while no other process of this machine holds the lock. The lock of a process that has ended,
 * however it ended, does not count.
 *
 * @param onWait told once, with the holder's process id, if the lock is not free
 */
export function withLock<T>(file: string, work: () => Promise<T> | T, options?: { onWait?: (pid: number) => void }): Promise<T>;
