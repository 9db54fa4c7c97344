// Makes node_modules what package-lock.json says, if it is not. Nothing is installed yet: Node alone.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import locks from "../lib/lock.cjs";
import { fail, say } from "./say.mjs";

const INSTALL_FLAGS = ["--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
const NONE = "there are none yet";
const REPORT_MS = 5_000;

/** Installs the dependencies if they are missing or not those of package-lock.json. */
export async function ensureDependencies(root) {
  if (!whyStale(root)) return;
  await locks.withLock(
    path.join(root, ".stackwhisk", "install.lock"),
    async () => {
      const reason = whyStale(root);
      if (!reason) return;
      say(`Installing dependencies (${reason}) …`);
      // `npm ci` is exact, but begins by removing everything, also from under programs that run.
      if (reason === NONE && (await npm(root, ["ci", ...INSTALL_FLAGS])) === 0) return;
      if ((await npm(root, ["install", ...INSTALL_FLAGS])) === 0) return;
      fail("The dependencies could not be installed: npm's own message stands above. Once its cause is gone (often the network), run the same command again.");
    },
    { onWait: (pid) => say(`Waiting for process ${pid}, which is installing the dependencies …`) },
  );
}

/**
 * Why node_modules is not what package-lock.json says, or undefined if it is. npm notes down what it
 * installed in a lock file of the same form; packages for other systems are not in that one.
 */
export function whyStale(root) {
  const wanted = packagesIn(path.join(root, "package-lock.json"));
  const installed = packagesIn(path.join(root, "node_modules", ".package-lock.json"));
  if (!installed) return NONE;
  for (const [name, { version, integrity, optional, link }] of Object.entries(wanted ?? {})) {
    if (name === "" || link || !name.includes("node_modules/")) continue;
    const found = installed[name];
    if (!found && optional) continue;
    if (!found) return `${short(name)} is missing`;
    if (found.version !== version || found.integrity !== integrity) return `${short(name)} is to be ${version}`;
  }
  return undefined;
}

const short = (name) => name.slice(name.lastIndexOf("node_modules/") + "node_modules/".length);

function packagesIn(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Runs npm with all of its output on stderr: stdout belongs to the command that the user gave. Of npm's own output
 * errors are shown, and that it is still at work: the rest is warnings that nobody here can do anything about.
 */
function npm(root, args) {
  const ours = process.env.npm_execpath;
  const [command, first] = ours && /npm-cli\.[cm]?js$/.test(ours) ? [process.execPath, [ours]] : ["npm", []];
  // `npm run -s` hands its silence down, which would hide the errors too.
  const env = { ...process.env, npm_config_loglevel: "error" };
  return new Promise((resolve) => {
    const started = Date.now();
    const report = setInterval(() => say(`  npm ${args[0]}: ${Math.round((Date.now() - started) / 1_000)}s …`), REPORT_MS);
    const child = spawn(command, [...first, ...args], { cwd: root, env, stdio: ["ignore", 2, 2] });
    child.on("error", () => fail("npm was not found. Install Node 24 with npm (https://nodejs.org), then run the same command again."));
    child.on("close", (code) => {
      clearInterval(report);
      resolve(code ?? 1);
    });
  });
}
