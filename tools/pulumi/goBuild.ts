import path from "node:path";
import { buildGoProgram, type GoProgram } from "../lib/goBuild";
import { LANGUAGE_HOST, LANGUAGE_HOST_VERSION, PULUMI, PULUMI_VERSION } from "./versions";

/** Each with the folder of its module below tools/pulumi: the two cannot share one, they need different versions of the SDK. */
const PROGRAMS: [module: string, program: GoProgram][] = [
  [
    ".",
    {
      name: PULUMI,
      version: PULUMI_VERSION,
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`,
      packages: 1_800,
    },
  ],
  [
    "language-nodejs",
    {
      name: LANGUAGE_HOST,
      version: LANGUAGE_HOST_VERSION,
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      ldflags: "-s -w",
      packages: 600,
    },
  ],
];

/**
 * Builds Pulumi's CLI and its Node language host from the Go modules that tools/pulumi/go.sum pins.
 *
 * @param modules folder of go.mod, tools/pulumi
 * @param into existing folder for the programs
 * @throws Error with the end of Go's output
 */
export async function buildWithGo(modules: string, into: string, env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  for (const [module, program] of PROGRAMS) await buildGoProgram(program, path.join(modules, module), into, env, tell);
}
