import { createHash } from "node:crypto";
import { z } from "zod";
import { platformFields } from "../process/config";

export const embeddedConfig = z.strictObject({
  ...platformFields,
  /** Where the process serves its health, readiness and metrics, on the same host; 0: any free port. @default nowhere */
  adminPort: z.int().min(0).max(65535).optional(),
});

/** How an embedded platform is run: the contents of its configuration file. */
export type PlatformConfig = z.output<typeof embeddedConfig>;

/** By which its containers are known; the data directory is one platform's alone. */
export const platformName = (dataDir: string): string => `stackwhisk-${createHash("sha256").update(dataDir).digest("hex").slice(0, 8)}`;
