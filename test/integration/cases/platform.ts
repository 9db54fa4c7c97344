import type { Client } from "../../support/client";
import type { PlatformOptions } from "../../support/platform";

/** What tests use of a platform that may be made of one process or of several. */
export interface TestedPlatform {
  readonly apiHost: string;
  readonly auth: string;
  client(auth?: string): Client;
  /** Pids of its containers. */
  containers(): number[];
  dispose(): Promise<void>;
}

export type StartPlatform = (options?: PlatformOptions) => Promise<TestedPlatform>;
