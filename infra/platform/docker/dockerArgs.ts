import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { toSeconds } from "../duration";
import { toMegabytes } from "../size";
import type { DockerPlatformArgs } from "./dockerTarget";
import { RUNTIMES } from "./kinds";
import { ownManifest } from "./ownManifest";

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const LONGEST = 40;
const HASH = 8;

type Given = Partial<Record<keyof DockerPlatformArgs, unknown>>;

/**
 * Checks the options of a platform on Docker before anything is made. What is known only later is checked by whoever gets it.
 *
 * @param complain makes the error that names the platform
 */
export function checkDockerArgs(args: Given, complain: (reason: string) => Error): void {
  const plain = (property: keyof DockerPlatformArgs) => {
    if (isLate(args[property])) throw complain(`\`${property}\` cannot be an output: it must be known when the program runs`);
    return args[property];
  };
  const must = (property: string, value: unknown, right: boolean, expected: string) => {
    if (value !== undefined && !right) throw complain(`\`${property}\`: expected ${expected}, got ${JSON.stringify(value)}`);
  };
  const whole = (property: keyof DockerPlatformArgs, value: unknown, what: string, least: number, most: number) =>
    must(property, value, Number.isInteger(value) && Number(value) >= least && Number(value) <= most, `${what} from ${least} to ${most}`);

  const name = plain("name");
  must("name", name, typeof name === "string" && NAME.test(name), "up to 40 lower case letters, digits and -, beginning with a letter");
  for (const role of ["controllers", "invokers"] as const) whole(role, plain(role), "a number of containers", 1, 64);
  if (!isLate(args.port)) whole("port", args.port, "a port", 1, 65535);
  if (plain("dockerGroup") !== undefined) whole("dockerGroup", args.dockerGroup, "the id of a group", 0, 2 ** 31);
  for (const property of ["dockerHost", "dockerSocket"] as const) must(property, plain(property), typeof args[property] === "string", "a text");
  for (const [role, network] of Object.entries((plain("networks") ?? {}) as Record<string, unknown>)) {
    if (!["platform", "actions"].includes(role)) throw complain(`\`networks.${role}\`: there is no such option; there are platform, actions`);
    must(`networks.${role}`, network, typeof network === "string" && /^(\d{1,3}\.){3}0\/24$/.test(network), "a network of /24 such as 10.80.2.0/24");
  }
  const runtimes = plain("runtimes");
  const known: readonly unknown[] = RUNTIMES;
  const manifest = plain("manifest");
  const enough = (list: unknown[]) => list.length > 0 || manifest !== undefined;
  must("runtimes", runtimes, Array.isArray(runtimes) && enough(runtimes) && runtimes.every((one) => known.includes(one)), `a list of ${RUNTIMES.join(", ")}`);
  checkBases(plain("images"), complain);
  checkManifest(manifest, complain);
  checkAmounts(args, complain);
  checkServers(args, plain, complain);
}

function checkBases(images: unknown, complain: (reason: string) => Error): void {
  const known: readonly string[] = RUNTIMES;
  const unknown = Object.keys(((images ?? {}) as { runtimes?: object }).runtimes ?? {}).find((runtime) => !known.includes(runtime));
  if (unknown !== undefined) throw complain(`\`images.runtimes["${unknown}"]\`: there is no such runtime; there are ${RUNTIMES.join(", ")}`);
}

function checkManifest(manifest: unknown, complain: (reason: string) => Error): void {
  if (manifest === undefined) return;
  try {
    ownManifest(manifest);
  } catch (error) {
    throw complain(`\`manifest\`: ${(error as Error).message}`);
  }
}

function checkAmounts(args: Given, complain: (reason: string) => Error): void {
  const amounts = [["memory", toMegabytes], ["idleTimeout", toSeconds], ["retention", toSeconds]] as const;
  for (const [property, convert] of amounts) {
    if (args[property] === undefined || isLate(args[property])) continue;
    try {
      convert(args[property]);
    } catch (error) {
      throw complain(`\`${property}\`: ${(error as Error).message}`);
    }
  }
}

const SERVERS = {
  rabbitmq: { options: ["url", "image"], schemes: ["amqp:", "amqps:"], example: "amqp://user:password@host:5672" },
  mongodb: { options: ["url", "database", "image"], schemes: ["mongodb:", "mongodb+srv:"], example: "mongodb://user:password@host:27017" },
} as const;

function checkServers(args: Given, plain: (property: keyof DockerPlatformArgs) => unknown, complain: (reason: string) => Error): void {
  for (const [server, { options, schemes, example }] of Object.entries(SERVERS) as [keyof typeof SERVERS, (typeof SERVERS)[keyof typeof SERVERS]][]) {
    const given = (plain(server) ?? {}) as Record<string, unknown>;
    const unknown = Object.keys(given).find((option) => !(options as readonly string[]).includes(option));
    if (unknown !== undefined) throw complain(`\`${server}.${unknown}\`: there is no such option; there are ${options.join(", ")}`);
    if (given.url !== undefined && given.image !== undefined) throw complain(`only one of \`${server}.url\` and \`${server}.image\` can be given: either one runs already, or it is brought up`);
    const { url } = given;
    if (typeof url !== "string") continue;
    // A URL may hold a password, so no message repeats it.
    if (!URL.canParse(url) || !(schemes as readonly string[]).includes(new URL(url).protocol)) throw complain(`\`${server}.url\`: expected a URL such as ${example}`);
    if (["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname)) {
      throw complain(`\`${server}.url\`: in a container, ${new URL(url).hostname} is the container itself; expected the address of the server as containers reach it`);
    }
  }
}

const isLate = (value: unknown): boolean => pulumi.Output.isInstance(value) || value instanceof Promise;

/** Name of a platform that was given none: `<project>-<stack>`, as far as Docker allows it. */
export function defaultPlatformName(project = pulumi.getProject(), stack = pulumi.getStack()): string {
  const whole = `${project}-${stack}`;
  const allowed = whole.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "");
  if (allowed === whole && whole.length <= LONGEST) return whole;
  // What was cut off or replaced tells it from others.
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, HASH);
  return `${(allowed || "platform").slice(0, LONGEST - HASH - 1)}-${hash}`;
}
