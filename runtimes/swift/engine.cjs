// @ts-check
"use strict";
const { randomBytes } = require("node:crypto");
const fs = require("node:fs");
const { initEnvironment } = require("../proxy/environment.cjs");
const { finalError, runIn } = require("../proxy/launcher.cjs");
const { TEXT } = require("../proxy/lifecycle.cjs");
const { LineProcess } = require("../proxy/lineProcess.cjs");
const { stderr } = require("../proxy/output.cjs");

/** Characters. What is longer would make the answer of /init too long for the platform: it is compiled at each start. */
const ARTIFACT_LIMIT = 900_000;
/** Programs that were compiled here before have this in them; those made for another platform have not. */
const OURS = "STACKWHISK_LOG_TOKEN";
/** The program `setpriv`, by which the kernel ends the action's program together with this process. The action sees no such variable. */
const TIE = "STACKWHISK_SETPRIV";

/**
 * Compiles Swift at /init and drives the program over pipes, in the protocol that precompiled actions of OpenWhisk speak:
 * the body of each /run is a line on its standard input, the result one on descriptor 3.
 * @returns {import("../proxy/lifecycle.cjs").Engine}
 */
function createEngine() {
  /** @type {LineProcess | undefined} */
  let program;
  let onDeath = () => {};
  const { Build } = require("./build.cjs");
  const build = new Build();
  const tie = process.env[TIE] ? [process.env[TIE], "--pdeathsig", "KILL"] : [];
  delete process.env[TIE];

  return {
    reentrant: false,

    async init(value) {
      let made;
      try {
        made = await build.make(value);
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        stderr.write(`${message}\n`);
        throw finalError(`Initialization has failed due to: ${message}`);
      }
      Object.assign(process.env, initEnvironment(value.env));
      const ours = made.compiled || fs.readFileSync(made.file).includes(OURS);
      const started = (program = new LineProcess([...tie, made.file], { cwd: made.folder, logToken: `\x01${randomBytes(8).toString("hex")}\x01`, writesToken: ours }));
      await new Promise((resolve, reject) => {
        started.onEnd = () => reject(finalError(started.failure ?? TEXT.diedInInit));
        if (ours) started.waiting = resolve;
        // It does not say when it is ready, but when it cannot even be started it is known by then.
        else started.child.once("spawn", resolve);
      });
      started.onEnd = () => onDeath();
      const artifact = value.artifact === true ? made.artifact() : undefined;
      return artifact && artifact.length <= ARTIFACT_LIMIT ? artifact : undefined;
    },

    run: (_message, body, done) => runIn(/** @type {LineProcess} */ (program), body, done),
    onDeath: (listener) => void (onDeath = listener),
    kill() {
      build.kill();
      program?.kill();
    },
  };
}

module.exports = { createEngine };
