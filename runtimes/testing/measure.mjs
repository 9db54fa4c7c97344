/**
 * Measures what the figures in README.md say: `node runtimes/testing/measure.mjs`. Prints one line for each language:
 * milliseconds at p50 from spawn to ready, of /init on a runtime that has been up for a while and on one just started,
 * and of a warm /run.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "undici";

const root = join(import.meta.dirname, "..");
const proxy = join(root, "proxy", "main.cjs");
const python = execFileSync("python3", ["-c", "import sys; sys.stdout.write(sys.executable)"], { encoding: "utf8" });
const kinds = {
  nodejs: { args: [proxy], code: "function main(args) { return args; }" },
  python: { args: [proxy, python, "-X", "utf8", join(root, "python", "launcher.py")], code: "def main(args):\n    return args\n" },
};
const p50 = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)].toFixed(2);
const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

async function start(args) {
  const folder = mkdtempSync(join(tmpdir(), "stackwhisk-measure-"));
  const socketPath = join(folder, "s");
  const env = { ...process.env, STACKWHISK_SOCKET: socketPath, STACKWHISK_READY_FD: "3", STACKWHISK_PARENT: "stdin" };
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "pipe", "pipe"] });
  child.stdout.resume();
  child.stderr.resume();
  const ready = await timed(() => new Promise((resolve) => child.stdio[3].once("data", resolve)));
  const client = new Client("http://runtime", { socketPath });
  const post = async (path, value) => {
    const answer = await client.request({ path, method: "POST", body: JSON.stringify(value) });
    return answer.body.text();
  };
  const stop = async () => {
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.stdin.end();
    await exit;
    await client.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ready, post, stop };
}

for (const [name, { args, code }] of Object.entries(kinds)) {
  const figures = { ready: [], "init, just started": [], "init, prewarmed": [], "first run": [], "run": [] };
  for (let round = 0; round < 20; round++) {
    const runtime = await start(args);
    figures.ready.push(runtime.ready);
    const prewarmed = round % 2 === 1;
    if (prewarmed) await new Promise((resolve) => setTimeout(resolve, 300));
    figures[prewarmed ? "init, prewarmed" : "init, just started"].push(await timed(() => runtime.post("/init", { value: { code, main: "main" } })));
    const context = { activation_id: "0123456789abcdef", deadline: "1700000000000", namespace: "guest", value: { name: "world" } };
    figures["first run"].push(await timed(() => runtime.post("/run", context)));
    for (let count = 0; count < 1000; count++) {
      context.activation_id = String(count);
      figures.run.push(await timed(() => runtime.post("/run", context)));
    }
    await runtime.stop();
  }
  console.log(name, Object.entries(figures).map(([what, list]) => `${what} ${p50(list)}`).join(", "));
}
