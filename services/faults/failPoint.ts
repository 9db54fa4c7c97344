import { StartError } from "../process/startError";

/** Where a process of the platform can be made to die, on the way of accepted work from its promise to its end. */
export const FAIL_POINTS = {
  /** Accepted work is durable, the client has no answer yet. Controller. */
  append: "controller",
  /** A run is on its way to the invokers. Controller. */
  send: "controller",
  /** The start of a run is claimed, its code has not begun. Invoker. */
  start: "invoker",
  /** The code has run, its outcome is not stored. Invoker. */
  run: "invoker",
  /** The outcome is stored, its owner does not know. Invoker. */
  record: "invoker",
  /** Everything is done, the log has no acknowledgement. Controller. */
  ack: "controller",
} as const;

export type FailPointName = keyof typeof FAIL_POINTS;

/** `<point>:<n>`; for tests only. */
export const FAIL_AT = "STACKWHISK_FAIL_AT";

/** Kills the process when it comes to a point for the n-th time. */
export class FailPoint {
  private left: number;

  constructor(
    private readonly point: FailPointName,
    time: number,
    private readonly die: () => void = () => process.kill(process.pid, "SIGKILL"),
  ) {
    this.left = time;
  }

  /** @returns undefined when the environment asks for none. @throws StartError when it cannot be understood */
  static of(env: NodeJS.ProcessEnv): FailPoint | undefined {
    const text = env[FAIL_AT];
    if (!text) return undefined;
    const [, point = "", time] = /^([a-z]+):([1-9]\d*)$/.exec(text) ?? [];
    if (!Object.hasOwn(FAIL_POINTS, point)) {
      throw new StartError(`${FAIL_AT} is wrong: '${text}' is not <point>:<n>, with n from 1 and one of the points ${Object.keys(FAIL_POINTS).join(", ")}`, 2);
    }
    return new FailPoint(point as FailPointName, Number(time));
  }

  /** The process has come to this point. */
  reached(point: FailPointName): void {
    if (point === this.point && --this.left === 0) this.die();
  }
}
