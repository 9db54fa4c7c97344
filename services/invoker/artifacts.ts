import type { RunMessage } from "../core/messages";
import type { GuardedReply } from "./memoryGuard";

/** Code as /init takes it. */
export interface InitCode {
  code?: string;
  binary: boolean;
  /** The runtime is asked for what it makes of the code. */
  artifact?: true;
}

/**
 * What runtimes have made of code that has to be compiled: further containers of the same namespace get that, and need
 * not compile. Never what came from another namespace's container, though the code is the same: its action might have
 * made it up.
 */
export class Artifacts {
  private readonly entries = new Map<string, string>();
  private size = 0;

  /** @param capacity characters */
  constructor(private readonly capacity: number) {}

  /** @param code of the action, as it is stored */
  initCode(message: RunMessage, code: string | undefined): InitCode {
    const { binary, image } = message.action;
    // Images that somebody chose get what their contract says.
    if (code === undefined || image !== undefined) return { code, binary };
    const key = keyOf(message);
    const artifact = this.entries.get(key);
    if (artifact === undefined) return { code, binary, artifact: true };
    this.entries.delete(key);
    this.entries.set(key, artifact);
    return { code: artifact, binary: true };
  }

  /** Takes note of what came of an /init. One that failed with an artifact is tried with the code the next time. */
  initialized(message: RunMessage, reply: GuardedReply): void {
    if (reply.kind !== "answered" || reply.status !== 200) return this.remove(keyOf(message));
    if (!reply.body.includes('"artifact"') || message.action.image !== undefined) return;
    const artifact = artifactIn(reply.body);
    if (artifact !== undefined) this.keep(keyOf(message), artifact);
  }

  private keep(key: string, artifact: string): void {
    this.remove(key);
    this.entries.set(key, artifact);
    this.size += artifact.length;
    for (const oldest of this.entries.keys()) {
      if (this.size <= this.capacity) return;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    this.size -= this.entries.get(key)?.length ?? 0;
    this.entries.delete(key);
  }
}

/** The environment is no part of it: it is set after the code has been compiled. */
const keyOf = ({ invoker, action }: RunMessage): string => JSON.stringify([invoker.uuid, action.codeSha, action.kind, action.main]);

function artifactIn(body: string): string | undefined {
  try {
    const { artifact } = JSON.parse(body) as { artifact?: unknown };
    return typeof artifact === "string" && artifact !== "" ? artifact : undefined;
  } catch {
    return undefined;
  }
}
