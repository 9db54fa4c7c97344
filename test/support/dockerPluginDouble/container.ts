import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Properties, State } from "../../../infra/provider/resource";
import { docker, DoubleHandler, inspect, optional } from "./handler";

/** The inputs that are understood, in the real plugin's words. */
interface Inputs {
  name: string;
  image: string;
  command?: string[];
  hostname?: string;
  restart?: string;
  init?: boolean;
  stopTimeout?: number;
  stopSignal?: string;
  destroyGraceSeconds?: number;
  labels?: { label: string; value: string }[];
  logDriver?: string;
  logOpts?: Record<string, string>;
  envs?: string[];
  networkMode?: string;
  networksAdvanced?: { name: string; ipv4Address?: string }[];
  hosts?: { host: string; ip: string }[];
  ports?: { internal: number; external: number; ip?: string }[];
  volumes?: { volumeName?: string; hostPath?: string; containerPath: string }[];
  groupAdds?: string[];
  uploads?: { file: string; content: string; permissions?: string }[];
  healthcheck?: { tests: string[]; interval: string; timeout: string; startPeriod: string; retries: number };
}

const NAMES = [
  "name",
  "image",
  "command",
  "hostname",
  "restart",
  "init",
  "stopTimeout",
  "stopSignal",
  "destroyGraceSeconds",
  "labels",
  "logDriver",
  "logOpts",
  "envs",
  "networkMode",
  "networksAdvanced",
  "hosts",
  "ports",
  "volumes",
  "groupAdds",
  "uploads",
  "healthcheck",
] as const satisfies readonly (keyof Inputs)[];

export class ContainerHandler extends DoubleHandler {
  readonly token = "docker:index/container:Container";
  readonly description = { description: "", properties: Object.fromEntries(NAMES.map((name) => [name, optional("json")])) };
  protected readonly computed = [];

  async create(properties: Properties): Promise<Omit<State, "inputs">> {
    const inputs = properties as unknown as Inputs;
    const id = await docker(["create", ...flags(inputs), inputs.image, ...(inputs.command ?? [])]);
    try {
      if (inputs.networksAdvanced && inputs.networkMode === undefined) await docker(["network", "disconnect", "bridge", id]);
      for (const { name, ipv4Address } of inputs.networksAdvanced ?? []) await docker(["network", "connect", ...(ipv4Address ? ["--ip", ipv4Address] : []), name, id]);
      if (inputs.uploads) await docker(["cp", "-", `${id}:/`], archiveOf(inputs.uploads));
      await docker(["start", id]);
    } catch (error) {
      await docker(["rm", "--force", "--volumes", id]);
      throw error;
    }
    return { id, outputs: properties };
  }

  async delete({ id, inputs }: State): Promise<void> {
    if (!(await this.exists(id))) return;
    await docker(["stop", "--time", String(inputs.destroyGraceSeconds ?? 0), id]);
    await docker(["rm", "--force", "--volumes", id]);
  }

  protected async exists(id: string): Promise<boolean> {
    return (await inspect("container", id)) !== undefined;
  }
}

function flags(inputs: Inputs): string[] {
  const given = (flag: string, value: string | number | undefined) => (value === undefined ? [] : [flag, String(value)]);
  const each = <T>(list: readonly T[] | undefined, make: (one: T) => string[]) => (list ?? []).flatMap(make);
  return [
    ...given("--name", inputs.name),
    ...given("--hostname", inputs.hostname),
    ...given("--restart", inputs.restart),
    ...(inputs.init ? ["--init"] : []),
    ...given("--stop-timeout", inputs.stopTimeout),
    ...given("--stop-signal", inputs.stopSignal),
    ...given("--log-driver", inputs.logDriver),
    ...given("--network", inputs.networkMode),
    ...each(Object.entries(inputs.logOpts ?? {}), ([name, value]) => ["--log-opt", `${name}=${value}`]),
    ...each(inputs.labels, ({ label, value }) => ["--label", `${label}=${value}`]),
    ...each(inputs.envs, (env) => ["--env", env]),
    ...each(inputs.groupAdds, (group) => ["--group-add", group]),
    ...each(inputs.hosts, ({ host, ip }) => ["--add-host", `${host}:${ip}`]),
    ...each(inputs.ports, ({ internal, external, ip = "0.0.0.0" }) => ["--publish", `${ip}:${external}:${internal}`]),
    ...each(inputs.volumes, ({ volumeName, hostPath, containerPath }) => ["--volume", `${volumeName ?? hostPath}:${containerPath}`]),
    ...healthFlags(inputs.healthcheck),
  ];
}

/** The client knows health checks as shell commands only. */
function healthFlags(healthcheck: Inputs["healthcheck"]): string[] {
  if (!healthcheck) return [];
  const { tests, interval, timeout, startPeriod, retries } = healthcheck;
  const command = tests.slice(1).map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return ["--health-cmd", command, "--health-interval", interval, "--health-timeout", timeout, "--health-start-period", startPeriod, "--health-retries", String(retries)];
}

function archiveOf(uploads: NonNullable<Inputs["uploads"]>): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-upload-"));
  try {
    const files = uploads.map(({ file, content, permissions = "0644" }) => {
      const local = path.join(folder, file);
      mkdirSync(path.dirname(local), { recursive: true });
      writeFileSync(local, content);
      chmodSync(local, parseInt(permissions, 8));
      return path.relative(folder, local);
    });
    return execFileSync("tar", ["--create", "--owner=0", "--group=0", "--directory", folder, ...files], { maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
