"use strict";
/**
 * A small runtime that follows the container contract, for tests of drivers and of the invoker: JavaScript whose `main`
 * is a function of the code's text; a result with `unmarked` gets no end markers; what stands behind `//artifact:` is its artifact. `MODE=mute` never listens, `MODE=crash` ends before it does.
 * Runs overlap; `MODE=concurrent` names the run of each line and marker, `MODE=stopping` does so and stops after its first run, `MODE=single` refuses to work on several runs at a time.
 */
const fs = require("node:fs");
const http = require("node:http");

const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n";
const { STACKWHISK_SOCKET: socket, STACKWHISK_READY_FD: ready, MODE: mode } = process.env;
const write = (fd, text) => fs.writeSync(fd, text);
const mark = (tag = "") => [1, 2].forEach((fd) => write(fd, `${tag}${MARKER}`));
/** Without the queue of Node's own streams: what was written before an exit arrives. */
const print = { log: (...texts) => write(1, `${texts.join(" ")}\n`), error: (...texts) => write(2, `${texts.join(" ")}\n`) };

let main;
let concurrent;
let stopped = false;
/** What writes of a run begin its lines with. */
const tagOf = (id) => (concurrent ? `\x1f${id} ` : "");
const routes = {
  "/init": ({ value }) => {
    try {
      Object.assign(process.env, value.env);
      main = new Function("require", "console", "write", `${value.code};return ${value.main || "main"}`)(require, print, write);
      if (value.concurrency > 1 && (mode === "concurrent" || mode === "stopping")) concurrent = true;
      if (mode === "single" && value.concurrency > 1) concurrent = false;
      const [, artifact] = /\/\/artifact:(.*)/.exec(value.code) ?? [];
      return [200, { ok: true, concurrent, artifact: value.artifact ? artifact : undefined }];
    } catch (error) {
      mark();
      return [502, { error: `Initialization has failed due to: ${error}` }];
    }
  },
  "/run": async (message) => {
    if (mode === "stopping" && stopped) return [503, { error: "System not ready, status is stopped." }];
    stopped = true;
    const tag = tagOf(message.activation_id);
    const own = { log: (...texts) => write(1, `${tag}${texts.join(" ")}\n`), error: (...texts) => write(2, `${tag}${texts.join(" ")}\n`) };
    const [status, answer] = await Promise.resolve()
      .then(() => main(message.value, message, own))
      .then(
        (result) => [200, result],
        (error) => [502, { error: `An error has occurred: ${error}` }],
      );
    if (!answer?.unmarked) mark(tag);
    return [status, answer];
  },
};

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {
    const [status, answer] = await routes[request.url](JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
});
server.keepAliveTimeout = 0;

if (mode === "crash") {
  write(2, "no such module\n");
  process.exit(7);
}
if (mode !== "mute") server.listen(socket, () => write(Number(ready), '{"ready":true}\n'));
process.stdin.on("close", () => process.exit(0)).resume();
