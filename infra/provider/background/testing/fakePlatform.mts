// Stands for the platform's program in tests: the same configuration, health, log and exit codes, and nothing behind it.
// `FAKE` in `globalThis` says how it misbehaves: "silent" never serves, "stubborn" ignores SIGTERM, "crash" ends at once,
// "homeless" has a broker that is away.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";

const behaviour = (globalThis as { FAKE?: string }).FAKE;
const OPTIONS = ["host", "port", "dataDir", "namespaces", "memory", "idleTimeout", "retention", "prewarm", "logLevel", "adminKey", "limits", "allowSharedProcesses"];
const CLUSTER_OPTIONS = ["name", "rabbitmq", "mongodb", "secret", "controllers", "invokers"];
const isCluster = process.argv[1]!.includes("cluster");

function say(level: number, msg: string): void {
  process.stdout.write(`${JSON.stringify({ level, time: Date.now(), pid: process.pid, hostname: "here", msg })}\n`);
}

function fail(code: number, msg: string): never {
  say(60, msg);
  process.exit(code);
}

const config = JSON.parse(readFileSync(process.argv[process.argv.indexOf("--config") + 1]!, "utf8"));
const unknown = Object.keys(config).find((key) => ![...OPTIONS, ...(isCluster ? CLUSTER_OPTIONS : [])].includes(key));
if (unknown) fail(2, `${unknown} is no option of the platform`);
if (behaviour === "homeless") fail(1, "rabbitmq.url: The message broker at broker:5672 cannot be used");

if (process.argv.includes("--remove")) {
  writeFileSync(`${path.dirname(process.argv[1]!)}/removed.json`, JSON.stringify(config));
  process.exit(0);
}

say(30, "starting");
if (behaviour === "crash") {
  process.stderr.write("Error: the store is broken\n");
  fail(1, "the store cannot be opened");
}

const pidFile = `${config.dataDir}/platform.pid`;
if (existsSync(pidFile)) {
  try {
    process.kill(Number(readFileSync(pidFile, "utf8")), 0);
    fail(1, `${config.dataDir} is in use`);
  } catch {
    rmSync(pidFile);
  }
}
writeFileSync(pidFile, `${process.pid}\n`);
writeFileSync(`${config.dataDir}/environment.json`, JSON.stringify(process.env));

const server = createServer((request, response) => {
  const found = request.url === "/health" && behaviour !== "silent";
  response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(found ? { status: "ok", pid: process.pid, version: "0.0.0", config } : {}));
});
server.on("error", (error) => fail(1, `${config.host}:${config.port} cannot be opened: ${error.message}`));
server.listen(config.port, config.host, () => say(30, "serving"));

process.on("SIGTERM", () => {
  if (behaviour === "stubborn") return say(40, "not yet");
  rmSync(pidFile, { force: true });
  process.exit(0);
});
