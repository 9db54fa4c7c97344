// Stands for the platform's program in tests: the same configuration, health, log and exit codes, and nothing behind it.
// `FAKE` in `globalThis` says how it misbehaves: "silent" never serves, "stubborn" ignores SIGTERM, "crash" ends at once.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const behaviour = (globalThis as { FAKE?: string }).FAKE;
const OPTIONS = ["host", "port", "dataDir", "namespaces", "memory", "idleTimeout", "retention", "prewarm", "logLevel"];

function say(level: number, msg: string): void {
  process.stdout.write(`${JSON.stringify({ level, time: Date.now(), pid: process.pid, hostname: "here", msg })}\n`);
}

function fail(code: number, msg: string): never {
  say(60, msg);
  process.exit(code);
}

const config = JSON.parse(readFileSync(process.argv[process.argv.indexOf("--config") + 1]!, "utf8"));
const unknown = Object.keys(config).find((key) => !OPTIONS.includes(key));
if (unknown) fail(2, `${unknown} is no option of the platform`);

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
