import { execFileSync } from "node:child_process";
import { runtimeImage } from "../../../../runtimes/testing/images";
import { TestDocker } from "../../../support/docker";

/** An action whose first calls are measured. */
export interface Sample {
  /** As the table names it. */
  name: string;
  /** Of images.json, if it is not among those that every platform of the tests has. */
  image?: string;
  onlyOn?: "docker";
  /** Its kind has runtimes that stand ready. */
  prewarmed?: boolean;
  /** Rounds, and how many of them do not count: programs and images are read from the disk then. @default 20, 4 */
  rounds?: number;
  uncounted?: number;
  /** What makes it ready. @returns `exec` of the n-th action; no two of them are alike where that would help the second */
  make(): Promise<(n: number) => object>;
}

const PROGRAM = '#!/bin/sh\nprintf \'{"greeting": "Hello"}\\n\'\n';
const SWIFT = 'func main(args: [String: Any]) -> [String: Any] { ["greeting": "Hello, \\(args["name"] ?? "")"] }\n';
const SWIFT_IMAGE = "stackwhisk/runtime-swift:6";

const ofKind = (kind: string, code: string) => () => Promise.resolve(() => ({ kind, code }));

export const SAMPLES: readonly Sample[] = [
  { name: "nodejs:24", prewarmed: true, make: ofKind("nodejs:24", "function main(params) { return { greeting: 'Hello, ' + params.name } }") },
  { name: "python:3", prewarmed: true, make: ofKind("python:3", "def main(params):\n    return {'greeting': 'Hello, ' + params.get('name', '')}\n") },
  { name: "program", make: () => Promise.resolve(() => ({ kind: "blackbox", image: "stackwhisk/dockerskeleton", code: PROGRAM })) },
  { name: "swift:6, compiled before", image: SWIFT_IMAGE, onlyOn: "docker", make: compiledBefore },
  {
    name: "swift:6, to be compiled",
    image: SWIFT_IMAGE,
    onlyOn: "docker",
    rounds: 8,
    uncounted: 2,
    // Compiled code is kept by its content.
    make: () => Promise.resolve((n) => ({ kind: "swift:6", code: `${SWIFT}// ${process.pid} ${n}\n` })),
  },
];

/** As docs/runtimes.md says it is done. */
async function compiledBefore(): Promise<() => object> {
  const [host, image] = [await TestDocker.host(), await runtimeImage(SWIFT_IMAGE)];
  const command = ["run", "--rm", "-i", "--network", "none", "--entrypoint", "node", image, "/runtime/swift/compile.cjs", "main"];
  const code = execFileSync("docker", command, { input: SWIFT, env: { ...process.env, DOCKER_HOST: host }, maxBuffer: 64 * 1024 * 1024 }).toString("base64");
  return () => ({ kind: "swift:6", code, binary: true });
}
