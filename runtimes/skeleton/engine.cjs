// @ts-check
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { spawn } = require("node:child_process");
const { contextExporter, initEnvironment } = require("../proxy/environment.cjs");
const { errorJson, TEXT } = require("../proxy/lifecycle.cjs");
const { stderr, stdout } = require("../proxy/output.cjs");
const { LastLine } = require("./lastLine.cjs");

/** Bytes that Linux takes as one argument of a program, without the one that ends it (MAX_ARG_STRLEN). */
const LONGEST_ARGUMENT = 131_071;
/** What a program has left behind may hold its output open: so long is waited for more of it. Milliseconds. */
const OUTPUT_GRACE = 200;
/** The program `setpriv`, by which the kernel ends an action's program together with this process. The action sees no such variable. */
const TIE = "STACKWHISK_SETPRIV";
const NOT_FOUND = "The action failed to generate or locate a binary. See logs for details.";

/**
 * Runs any program: the file `exec` of a folder, started anew for each run, in that folder. It gets the parameters as JSON, as its
 * argument (up to 128 KiB) and on standard input, and answers with the last line of its standard output; what comes before is its log.
 * @param {string} [folder] where an image has its program; by default one is made, with the stub
 * @returns {import("../proxy/lifecycle.cjs").Engine}
 */
function createEngine(folder) {
  const exportContext = contextExporter();
  const tie = process.env[TIE] ? [process.env[TIE], "--pdeathsig", "KILL"] : [];
  delete process.env[TIE];
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let running;
  const home = () => folder ?? require("../proxy/workdir.cjs").makeWorkdir();
  const program = () => path.join(home(), "exec");
  if (folder === undefined) fs.copyFileSync(path.join(__dirname, "stub.sh"), program());

  return {
    reentrant: false,
    hasStub: true,

    async init(value) {
      Object.assign(process.env, initEnvironment(value.env));
      try {
        if (typeof value.code === "string") place(value, home(), program());
        // One that the image brought may be another user's.
        if (!isExecutable(program())) fs.chmodSync(program(), 0o755);
      } catch (error) {
        stderr.write(`${/** @type {Error} */ (error).message}\n`);
        throw Object.assign(new Error(NOT_FOUND), { final: true, logged: true });
      }
    },

    run(message, _body, done) {
      exportContext(message);
      const input = JSON.stringify(message.value);
      // Too long for an argument: then only standard input has it.
      const args = Buffer.byteLength(input) <= LONGEST_ARGUMENT ? [input] : [];
      const fail = (/** @type {string} */ why) => {
        stdout.write(`${why}\n`);
        done(502, errorJson(TEXT.notObject));
      };
      const unstarted = (/** @type {Error} */ error) => fail(`The program of the action cannot be started: ${error.message}`);
      let child;
      try {
        const [command, ...before] = [...tie, program()];
        child = running = spawn(command, [...before, ...args], { cwd: home(), stdio: "pipe" });
      } catch (error) {
        return unstarted(/** @type {Error} */ (error));
      }
      child.once("error", unstarted);
      // Where no descriptor is free there are no streams, and the error is all that comes.
      if (!child.stdout) return;
      const { stdin, stdout: output, stderr: errors } = child;
      const last = new LastLine((log) => stdout.write(log));
      output.on("data", (chunk) => last.take(chunk));
      errors.on("data", (chunk) => stderr.write(chunk));
      // A program need not read its input.
      stdin.on("error", () => {});
      stdin.end(input);
      child.once("exit", () => {
        setTimeout(() => {
          output.destroy();
          errors.destroy();
        }, OUTPUT_GRACE).unref();
      });
      child.once("close", (code, signal) => {
        // It was not started: the error tells.
        if (code !== null && code < 0) return;
        const line = last.end();
        if (isResult(line)) done(200, line);
        else fail(line === "" ? `The program of the action printed no result and ended with ${signal ?? code}.` : line);
      });
    },

    kill: () => void running?.kill("SIGKILL"),
  };
}

/**
 * Puts the code of /init where it is started from: a program, as text or in base64, or an archive that has one.
 * @param {import("../proxy/lifecycle.cjs").InitValue} value
 * @param {string} folder
 * @param {string} program
 */
function place({ code, binary }, folder, program) {
  const bytes = Buffer.from(code, binary ? "base64" : "utf8");
  // The stub is not overwritten in place: it might be a link, or be running.
  fs.rmSync(program, { force: true });
  const unpack = binary && require("../proxy/workdir.cjs").unpackerOf(bytes);
  if (!unpack) return fs.writeFileSync(program, bytes);
  unpack(bytes, fs.realpathSync(folder));
  if (!fs.existsSync(program)) throw new Error("Zip file does not include exec");
}

/** @param {string} file */
function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} line */
function isResult(line) {
  if (line[0] !== "{" && line[0] !== "[") return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

module.exports = { createEngine };
