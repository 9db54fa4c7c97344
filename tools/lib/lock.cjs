// A lock that processes of this machine share through a file. CommonJS and without dependencies,
// because the bootstrap needs it before anything is installed or bundled.
const { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } = require("node:fs");
const path = require("node:path");

const POLL_MS = 250;
/** The holder touches its lock this often … */
const HEARTBEAT_MS = 5_000;
/** … so one that was not touched for this long is nobody's, even if its process id is in use again. */
const ABANDONED_MS = 60_000;

/** Whether a process with this id exists, whoever's it is. */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function read(file) {
  try {
    return { pid: Number.parseInt(readFileSync(file, "utf8"), 10), age: Date.now() - statSync(file).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

const isAbandoned = ({ pid, age }) => !isAlive(pid) || age > ABANDONED_MS;

/** Takes the lock if it is free. The link makes it appear with its content, in one step. */
function take(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${process.pid}\n`);
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Puts an abandoned lock aside. If someone else was quicker and holds a new one, that is put back. */
function breakLock(file) {
  const aside = `${file}.abandoned.${process.pid}`;
  try {
    renameSync(file, aside);
    const found = read(aside);
    if (found && !isAbandoned(found)) linkSync(aside, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

async function withLock(file, work, { onWait = () => {} } = {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; !take(file); ) {
    const holder = read(file);
    if (!holder) continue;
    if (isAbandoned(holder)) {
      breakLock(file);
      continue;
    }
    if (!told) onWait(holder.pid);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // Someone removed it: nothing to keep alive.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (read(file)?.pid === process.pid) rmSync(file, { force: true });
  }
}

module.exports = { withLock, isAlive };
