import type { ResourceDescription } from "../description";
import { inputProperties, outputProperties } from "../background/description";
import { BackgroundPlatformHandler, type BackgroundPlatformOptions, type PlatformKind } from "../background/handler";

const KIND: PlatformKind = { programs: ["standalone.js"], drainLimit: 65_000, rules: {}, port: 3233 };

/** The platform as one background process on this machine, with all of its data in one folder. */
export class LocalPlatformHandler extends BackgroundPlatformHandler {
  readonly token = "stackwhisk:index:LocalPlatform";
  readonly description: ResourceDescription = {
    description: "A platform as one background process on this machine, which outlives Pulumi; all of its data is in one folder.",
    properties: { ...inputProperties({ port: KIND.port, memory: "all running actions" }), ...outputProperties },
  };

  constructor(options: BackgroundPlatformOptions = {}) {
    super(KIND, options);
  }
}
