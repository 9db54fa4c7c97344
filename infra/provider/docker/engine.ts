import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Pool } from "undici";

/** What is known of a container, as far as it is of use here. */
export interface ContainerState {
  name: string;
  /** created, running, paused, restarting, removing, exited or dead */
  status: string;
  exitCode: number;
  outOfMemory: boolean;
  restarts: number;
  /** What could not be started. */
  error: string;
  /** Command of its health check; undefined: it has none. */
  healthCheck?: string[];
  /** Output goes to a terminal: it is not in frames. */
  tty: boolean;
}

/** The wire form of `GET /containers/<id>/json`. */
interface Inspection {
  Name: string;
  RestartCount: number;
  State: { Status: string; ExitCode: number; OOMKilled: boolean; Error: string };
  Config: { Healthcheck?: { Test?: string[] }; Tty?: boolean };
}

const DEFAULT_HOST = "unix:///var/run/docker.sock";
/** The oldest version of the API that has all of this, so that every engine of the last years will do. */
const API = "/v1.40";
/** Milliseconds. */
const CALL_LIMIT = 30_000;

/** The few calls to a Docker engine that the provider makes itself. */
export class DockerEngine {
  private readonly pool: Pool;

  /**
   * @param host in the form of `DOCKER_HOST`: unix or tcp, the latter with TLS if `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` ask for it
   * @throws Error for a host of another kind
   */
  constructor(host = process.env.DOCKER_HOST || DEFAULT_HOST) {
    const { protocol, pathname, host: address } = new URL(host);
    const limits = { headersTimeout: CALL_LIMIT, bodyTimeout: CALL_LIMIT, connections: 16 };
    if (protocol === "unix:") this.pool = new Pool("http://docker", { ...limits, connect: { socketPath: pathname } });
    else if (protocol === "tcp:") this.pool = new Pool(`${withTls() ? "https" : "http"}://${address}`, { ...limits, connect: withTls() ? certificates() : {} });
    else throw new Error(`a Docker engine at ${host} cannot be watched: expected unix:///path or tcp://host:port`);
  }

  /** @returns undefined if there is no such container */
  async inspect(id: string): Promise<ContainerState | undefined> {
    const { status, body } = await this.call("GET", `/containers/${id}/json`, [200, 404]);
    if (status === 404) return undefined;
    const { Name, RestartCount, State, Config } = JSON.parse(body.toString()) as Inspection;
    const test = Config.Healthcheck?.Test ?? [];
    return {
      name: Name.replace(/^\//, ""),
      status: State.Status,
      exitCode: State.ExitCode,
      outOfMemory: State.OOMKilled,
      restarts: RestartCount,
      error: State.Error,
      healthCheck: test[0] === "CMD" ? test.slice(1) : test[0] === "CMD-SHELL" ? ["/bin/sh", "-c", test[1] ?? ""] : undefined,
      tty: Config.Tty === true,
    };
  }

  async start(id: string): Promise<void> {
    await this.call("POST", `/containers/${id}/start`, [204, 304]);
  }

  /** Runs a command in a container to its end. @returns its exit code, or undefined if it could not be run: the container may just have ended */
  async exec(id: string, command: readonly string[]): Promise<number | undefined> {
    const made = await this.call("POST", `/containers/${id}/exec`, [201, 404, 409, 500], { Cmd: command, AttachStdout: true, AttachStderr: true });
    if (made.status !== 201) return undefined;
    const { Id } = JSON.parse(made.body.toString()) as { Id: string };
    // Attached, so that the answer ends with the command.
    const { status } = await this.call("POST", `/exec/${Id}/start`, [200, 404, 409, 500], { Detach: false, Tty: false });
    if (status !== 200) return undefined;
    const looked = await this.call("GET", `/exec/${Id}/json`, [200, 404]);
    return looked.status === 200 ? ((JSON.parse(looked.body.toString()) as { ExitCode: number | null }).ExitCode ?? undefined) : undefined;
  }

  /** The last lines of what a container has written. */
  async lastLines(id: string, lines: number, tty = false): Promise<string[]> {
    const { status, body } = await this.call("GET", `/containers/${id}/logs?stdout=1&stderr=1&tail=${lines}`, [200, 404, 409, 500]);
    if (status !== 200) return [];
    const text = tty ? body.toString() : withoutFrames(body);
    return text.split("\n").filter((line) => line.trim() !== "").slice(-lines);
  }

  /** Ids of the containers that have all of these labels, those too that do not run. */
  async containersWith(labels: Readonly<Record<string, string>>): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) }));
    const { body } = await this.call("GET", `/containers/json?all=1&filters=${filters}`, [200]);
    return (JSON.parse(body.toString()) as { Id: string }[]).map(({ Id }) => Id);
  }

  /** Ends a container at once and removes it with its anonymous volumes; one that is gone is fine. */
  async remove(id: string): Promise<void> {
    await this.call("DELETE", `/containers/${id}?force=1&v=1`, [204, 404, 409]);
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async call(method: "GET" | "POST" | "DELETE", url: string, expected: readonly number[], payload?: unknown): Promise<{ status: number; body: Buffer }> {
    const response = await this.pool.request({
      method,
      path: `${API}${url}`,
      headers: payload === undefined ? {} : { "content-type": "application/json" },
      body: payload === undefined ? null : JSON.stringify(payload),
    });
    const body = Buffer.from(await response.body.arrayBuffer());
    if (expected.includes(response.statusCode)) return { status: response.statusCode, body };
    throw new Error(`Docker answered ${response.statusCode} to ${method} ${url}: ${messageOf(body)}`);
  }
}

function messageOf(body: Buffer): string {
  const text = body.toString().trim();
  try {
    return String((JSON.parse(text) as { message?: string }).message ?? text);
  } catch {
    return text;
  }
}

/** Without a terminal, output comes in frames of 8 bytes (stream, length) and content. */
export function withoutFrames(body: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= body.length; ) {
    const length = body.readUInt32BE(at + 4);
    parts.push(body.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString();
}

const withTls = (): boolean => Boolean(process.env.DOCKER_TLS_VERIFY);

function certificates(): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const folder = process.env.DOCKER_CERT_PATH ?? "";
  const read = (name: string) => (folder && existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name)) : undefined);
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
