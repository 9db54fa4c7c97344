import { z } from "zod";
import { platformFields } from "../process/config";

export const embeddedConfig = z.strictObject(platformFields);

/** How an embedded platform is run: the contents of its configuration file. */
export type PlatformConfig = z.output<typeof embeddedConfig>;
