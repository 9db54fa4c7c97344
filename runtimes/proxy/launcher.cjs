// @ts-check
"use strict";
const { spawn } = require("node:child_process");
const { SETTINGS, initEnvironment } = require("./environment.cjs");

/** @param {string} message an error whose details the launcher has written to the log, or that has none */
const finalError = (message) => Object.assign(new Error(message), { final: true, logged: true });

/**
 * Drives the launcher of another language: a program that reads one line of JSON from its standard input and answers
 * with one line of JSON on descriptor 3. Its standard output and error are this process's own, so what the action
 * prints does not pass through here.
 *
 * - first line: `{main, code | dir, env}`, answered with `{"ok":true}` or `{"error": text}`; `dir` is the unpacked
 *   archive of a binary action
 * - each further line: the body of one /run, answered with the result, after everything printed has been flushed
 *
 * It is started right away, before there is any code: in a prewarmed runtime the interpreter is up when /init comes.
 * @param {string[]} command
 */
function startLauncher(command) {
  const [file, ...args] = /** @type {[string, ...string[]]} */ (command);
  const env = { ...process.env };
  for (const name of SETTINGS) delete env[name];
  const child = spawn(file, args, { stdio: ["pipe", "inherit", "inherit", "pipe"], env });
  const input = /** @type {import("node:stream").Writable} */ (child.stdin);
  const answers = /** @type {import("node:stream").Readable} */ (child.stdio[3]);

  /** Who waits for the next line. @type {((line: Buffer) => void) | undefined} */
  let waiting;
  let dead = false;
  let initialized = false;
  /** @type {string | undefined} */
  let cannotStart;
  /** @type {(() => void) | undefined} */
  let failInit;
  let onDeath = () => {};

  /** @type {Buffer[]} */
  let chunks = [];
  answers.on("data", (/** @type {Buffer} */ chunk) => {
    chunks.push(chunk);
    // One request, one line: the line end can only be the last byte.
    if (chunk[chunk.length - 1] !== 10) return;
    const whole = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    chunks = [];
    const receive = waiting;
    waiting = undefined;
    receive?.(whole.subarray(0, -1));
  });
  // A launcher that is gone is noticed by its exit.
  answers.on("error", () => {});
  input.on("error", () => {});

  const died = () => {
    dead = true;
    if (failInit) failInit();
    else if (initialized) onDeath();
  };
  child.on("error", (error) => {
    cannotStart = `The launcher "${file}" cannot be started: ${error.message}`;
    died();
  });
  // Its last answer may still lie in the pipe when the exit is reported: one turn of the event loop reads it.
  child.on("exit", () => setImmediate(() => setImmediate(died)));

  return {
    reentrant: false,

    /** @param {import("./lifecycle.cjs").InitValue} value @returns {Promise<void>} */
    init(value) {
      return new Promise((resolve, reject) => {
        const { TEXT } = require("./lifecycle.cjs");
        failInit = () => reject(finalError(cannotStart ?? TEXT.diedInInit));
        if (dead) return failInit();
        waiting = (line) => {
          failInit = undefined;
          const { ok, error } = JSON.parse(line.toString());
          if (!ok) return reject(finalError(`Initialization has failed due to: ${error}`));
          initialized = true;
          resolve();
        };
        const { main, env: variables } = value;
        const code = value.binary ? { dir: require("./workdir.cjs").unpackAction(value.code) } : { code: value.code };
        input.write(`${JSON.stringify({ main, ...code, env: initEnvironment(variables) })}\n`);
      });
    },

    /** @param {object} _message @param {Buffer} body @param {import("./lifecycle.cjs").Done} done */
    run(_message, body, done) {
      waiting = (line) => {
        // 123 and 91 are the braces { and [: anything else is no result.
        if (line[0] === 123 || line[0] === 91) return done(200, line);
        const { TEXT, errorJson } = require("./lifecycle.cjs");
        done(502, errorJson(TEXT.notObject));
      };
      // In JSON a line end can only stand between tokens, so it may become a space.
      for (let at = body.indexOf(10); at !== -1; at = body.indexOf(10, at + 1)) body[at] = 32;
      input.cork();
      input.write(body.length === 0 ? "{}" : body);
      input.write("\n");
      input.uncork();
    },

    /** @param {() => void} listener called when the launcher ends after a successful init */
    onDeath(listener) {
      onDeath = () => listener();
    },

    kill() {
      child.kill("SIGKILL");
    },
  };
}

module.exports = { startLauncher };
