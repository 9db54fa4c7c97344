import { BACKGROUND_OPTIONS } from "../background";
import type { Transform } from "../transform";
import type { LocalPlatformArgs } from "./localPlatform";

/** A platform on one's own machine: see {@link LocalPlatformArgs} for the options. */
export interface LocalTargetArgs extends LocalPlatformArgs {
  target: "local";
  /** Changes to what the component passes to its children. */
  transform?: {
    localPlatform?: Transform<LocalPlatformArgs>;
  };
}

/** Every option of the target, for messages about one that is not. */
export const LOCAL_OPTIONS: readonly (keyof LocalTargetArgs)[] = [...BACKGROUND_OPTIONS, "transform"];
