// @ts-check
"use strict";
const { initEnvironment } = require("./environment.cjs");
const { LineProcess } = require("./lineProcess.cjs");

/** @param {string} message an error whose details the launcher has written to the log, or that has none */
const finalError = (message) => Object.assign(new Error(message), { final: true, logged: true });

/**
 * What /run of a line process answers.
 * @param {LineProcess} program
 * @param {Buffer} body of /run; changed
 * @param {import("./lifecycle.cjs").Done} done
 */
function runIn(program, body, done) {
  // In JSON a line end can only stand between tokens, so it may become a space.
  for (let at = body.indexOf(10); at !== -1; at = body.indexOf(10, at + 1)) body[at] = 32;
  program.ask(body.length === 0 ? "{}" : body, (line) => {
    // 123 and 91 are the braces { and [: anything else is no result.
    if (line[0] === 123 || line[0] === 91) return done(200, line);
    const { TEXT, errorJson } = require("./lifecycle.cjs");
    done(502, errorJson(TEXT.notObject));
  });
}

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
 * @returns {import("./lifecycle.cjs").Engine}
 */
function startLauncher(command) {
  const program = new LineProcess(command);
  let initialized = false;
  /** @type {(() => void) | undefined} */
  let failInit;
  let onDeath = () => {};
  program.onEnd = () => {
    if (failInit) failInit();
    else if (initialized) onDeath();
  };

  return {
    reentrant: false,

    init(value) {
      return new Promise((resolve, reject) => {
        const { TEXT } = require("./lifecycle.cjs");
        failInit = () => reject(finalError(program.failure ?? TEXT.diedInInit));
        if (program.ended) return failInit();
        const { main, env: variables } = value;
        const code = value.binary ? { dir: require("./workdir.cjs").unpackAction(value.code) } : { code: value.code };
        program.ask(JSON.stringify({ main, ...code, env: initEnvironment(variables) }), (line) => {
          failInit = undefined;
          const { ok, error } = JSON.parse(line.toString());
          if (!ok) return reject(finalError(`Initialization has failed due to: ${error}`));
          initialized = true;
          resolve();
        });
      });
    },

    run: (_message, body, done) => runIn(program, body, done),
    onDeath: (listener) => void (onDeath = listener),
    kill: () => program.kill(),
  };
}

module.exports = { finalError, runIn, startLauncher };
