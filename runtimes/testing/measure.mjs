/**
 * Measures what the figures in README.md and docs/runtimes.md say: milliseconds at p50 from the start to readiness, of /init on a
 * runtime that has been up for a while and on one just started, and of the first and of a warm /run.
 *
 *     node runtimes/testing/measure.mjs                       runtimes that are processes of this machine
 *     node runtimes/testing/measure.mjs nodejs=<image> …      containers of these images; swift also with what was compiled before
 */
import { execFile, execFileSync, spawn } from "node:child_process";
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
  program: { args: [proxy, "--executable"], code: "#!/bin/sh\ncat\n" },
  swift: { code: "func main(args: [String: Any]) -> [String: Any] { args }\n" },
};
const images = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split(/=(.*)/).slice(0, 2)));
const p50 = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)].toFixed(2);
const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

async function startProcess(args) {
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

async function startContainer(image) {
  const name = `stackwhisk-measure-${process.pid}-${(Math.random() * 1e9) | 0}`;
  const docker = (...args) => new Promise((resolve, reject) => execFile("docker", args, (error, stdout) => (error ? reject(error) : resolve(stdout.trim()))));
  let client;
  const ready = await timed(async () => {
    await docker("run", "--detach", "--name", name, image);
    const address = await docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name);
    client = new Client(`http://${address}:8080`, { headersTimeout: 0 });
    for (;;) {
      try {
        await (await client.request({ path: "/", method: "GET" })).body.text();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  });
  const post = async (path, value) => (await client.request({ path, method: "POST", body: JSON.stringify(value) })).body.text();
  const stop = async () => {
    await docker("rm", "--force", name);
    await client.destroy();
  };
  return { ready, post, stop };
}

async function measure(name, start, init, rounds, runs) {
  const figures = { ready: [], "init, just started": [], "init, prewarmed": [], "first run": [], run: [] };
  for (let round = 0; round < rounds; round++) {
    const runtime = await start();
    figures.ready.push(runtime.ready);
    const prewarmed = round % 2 === 1;
    if (prewarmed) await new Promise((resolve) => setTimeout(resolve, 300));
    figures[prewarmed ? "init, prewarmed" : "init, just started"].push(await timed(() => runtime.post("/init", { value: { main: "main", ...init } })));
    const context = { activation_id: "0123456789abcdef", deadline: "1700000000000", namespace: "guest", value: { name: "world" } };
    figures["first run"].push(await timed(() => runtime.post("/run", context)));
    for (let count = 0; count < runs; count++) {
      context.activation_id = String(count);
      figures.run.push(await timed(() => runtime.post("/run", context)));
    }
    await runtime.stop();
  }
  console.log(name, Object.entries(figures).map(([what, list]) => `${what} ${p50(list)}`).join(", "));
}

async function artifactOf(image, code) {
  const runtime = await startContainer(image);
  const { artifact } = JSON.parse(await runtime.post("/init", { value: { main: "main", code, artifact: true } }));
  await runtime.stop();
  return artifact;
}

if (Object.keys(images).length === 0) {
  for (const [name, { args, code }] of Object.entries(kinds)) if (args) await measure(name, () => startProcess(args), { code }, 20, name === "program" ? 50 : 1000);
}
for (const [name, image] of Object.entries(images)) {
  const { code } = kinds[name];
  await measure(`${name} in a container`, () => startContainer(image), { code }, 10, 50);
  if (name === "swift") await measure("swift in a container, compiled before", () => startContainer(image), { code: await artifactOf(image, code), binary: true }, 10, 50);
}
