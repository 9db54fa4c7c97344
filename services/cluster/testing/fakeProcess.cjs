// Stands for a controller or an invoker: it reports like one, and notes what happens to it in the file of its configuration.
// That says how each role misbehaves: "crash" before it serves, "stubborn" does not end when it is asked to.
const { appendFileSync, readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const path = require("node:path");

const config = JSON.parse(readFileSync(process.argv[process.argv.indexOf("--config") + 1], "utf8"));
const role = path.basename(process.argv[1]).replace(/\.\w+$/, "");
const behaviour = config[role];
const note = (what) => appendFileSync(config.notes, `${role} ${what}\n`);

process.on("disconnect", () => process.exit(1));
process.on("SIGTERM", () => {
  note("was asked to end");
  if (behaviour === "stubborn") return;
  // Whoever ends after another shows it in the order of the notes.
  setTimeout(() => {
    note("ended");
    process.exit(0);
  }, 50);
});

function serve() {
  note(`serves for ${process.env.STACKWHISK_PLATFORM_PID ?? process.env.STACKWHISK_API_HOST}`);
  process.send({ kind: "serving" });
}

if (behaviour === "crash") {
  process.send({ kind: "failed", message: `'${role}' must be something else` }, () => process.exit(2));
} else if (role === "controller") {
  createServer((_request, response) => response.end(String(process.pid))).listen(config.port, config.host, serve);
} else {
  serve();
  setInterval(() => {}, 1000);
}
