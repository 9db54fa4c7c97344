// @ts-check
"use strict";
/**
 * A runtime: the HTTP proxy of OpenWhisk's container contract around one action.
 *
 *     node main.cjs                          JavaScript, in this process
 *     node main.cjs <command> [<argument>…]  another language: the command is its launcher, driven over pipes
 *     node main.cjs --executable [<folder>]  any program: it is the file `exec` of the folder, by default of one made for it
 *     node main.cjs --swift                  Swift, which is compiled at /init
 *
 * Environment, all optional:
 *   PORT                      TCP port, 8080 by default
 *   STACKWHISK_SOCKET         path of a Unix socket to listen on instead (at most about 100 characters)
 *   STACKWHISK_READY_FD=3     one line `{"ready":true}` is written to descriptor 3, which is closed, once it listens
 *   STACKWHISK_PARENT=stdin   the runtime ends when its standard input closes, and leaves Ctrl-C to its parent
 *   __OW_ALLOW_CONCURRENT     "true": runs of JavaScript may overlap
 */
const [command, ...commandArguments] = process.argv.slice(2);
const builtIn = command === undefined || command.startsWith("--");
// First of all, so that an interpreter starts up while this process does.
const launcher = builtIn ? undefined : require("./launcher.cjs").startLauncher([command, ...commandArguments]);

const fs = require("node:fs");
const { Socket } = require("node:net");
const output = require("./output.cjs");
const { createLifecycle } = require("./lifecycle.cjs");
const { SETTINGS } = require("./environment.cjs");
const { createServer } = require("./server.cjs");

const { STACKWHISK_SOCKET: socketPath, STACKWHISK_READY_FD: readyFd, STACKWHISK_PARENT: parent } = process.env;
const concurrent = process.env.__OW_ALLOW_CONCURRENT?.toLowerCase() === "true";
for (const name of SETTINGS) delete process.env[name];

output.install();
/** @type {import("./lifecycle.cjs").Engine} */
const engine = launcher ?? createEngine();
const lifecycle = createLifecycle(engine, concurrent);
const server = createServer(lifecycle);

function createEngine() {
  if (command === "--executable") return require("../skeleton/engine.cjs").createEngine(commandArguments[0]);
  if (command === "--swift") return require("../swift/engine.cjs").createEngine();
  return require("../nodejs/engine.cjs").createEngine();
}

/** Answers what is owed, then ends. @param {string} [text] */
function fail(text) {
  // Once the server is closed each answer closes its connection, and the last of them ends the process.
  server.close(() => process.exit(1));
  server.closeIdleConnections();
  lifecycle.fail(text);
  // For a client that neither reads its answer nor goes away.
  setTimeout(() => process.exit(1), 1000).unref();
}

engine.onDeath?.(() => fail());
process.on("uncaughtException", (error) => {
  const text = error?.stack ?? String(error);
  output.stderr.write(`${text}\n`);
  fail(`An error has occurred: ${error}`);
});
process.on("exit", () => {
  lifecycle.abandon();
  engine.kill?.();
  require("./workdir.cjs").removeWorkdir();
  if (socketPath) fs.rmSync(socketPath, { force: true });
});
// Also as process 1 of a container, which has no default action for signals.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => {
  if (parent !== "stdin") process.exit(0);
});

server.on("error", (error) => {
  output.stderr.write(`The runtime cannot listen on ${socketPath ?? `port ${process.env.PORT ?? 8080}`}: ${error.message}\n`);
  process.exit(1);
});
server.listen(socketPath ? { path: socketPath } : { port: Number(process.env.PORT ?? 8080) }, () => {
  if (readyFd === "3") {
    try {
      fs.writeSync(3, '{"ready":true}\n');
      fs.closeSync(3);
    } catch {
      // Nobody opened it: then nobody waits for it.
    }
  }
  // After readiness, which it would delay.
  setImmediate(() => engine.warmUp?.());
});
if (parent === "stdin") {
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  stdin.on("close", () => process.exit(0)).on("error", () => process.exit(0));
  stdin.resume();
}
