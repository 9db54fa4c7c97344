import { hostname } from "node:os";
import { processIdentity } from "../process/identity";

const PLATFORM = "stackwhisk.platform";
const MACHINE = "stackwhisk.invoker";
/** Label with the process that a container belongs to. */
export const PROCESS = "stackwhisk.process";

/** Whose a container is: labels by which a later process of the same invoker finds what an earlier one has left. */
export class Owner {
  readonly labels: Record<string, string>;

  /** @param platform name of the platform */
  constructor(
    readonly platform: string,
    /** Processes of the same machine, or container, can tell whether others of it live. */
    machine = hostname(),
    pid = process.pid,
  ) {
    this.labels = { [PLATFORM]: platform, [MACHINE]: machine, [PROCESS]: `${pid} ${processIdentity(pid) ?? ""}` };
  }

  /** The engine's filter for containers of this platform's invokers on this machine. */
  get filter(): string {
    return JSON.stringify({ label: [`${PLATFORM}=${this.platform}`, `${MACHINE}=${this.labels[MACHINE]}`] });
  }

  isOwn(labels: Record<string, string>): boolean {
    return labels[PROCESS] === this.labels[PROCESS];
  }

  /** Its process is no more. */
  isOrphan(labels: Record<string, string>): boolean {
    const owner = labels[PROCESS];
    if (owner === undefined || owner === this.labels[PROCESS]) return false;
    const [pid, identity] = owner.split(" ");
    return processIdentity(Number(pid)) !== identity;
  }
}
