// @ts-check
"use strict";
const output = require("./output.cjs");
const { openLog, tellRunsApart } = require("./runLog.cjs");

/**
 * What runs an action's code: the JavaScript engine in this process, or a launcher in a process of its own.
 * @typedef {object} Engine
 * @property {boolean} reentrant whether a run may start while another one is under way
 * @property {boolean} [hasStub] there is an action before init brings one, and init need not bring one
 * @property {() => void} [warmUp] does beforehand, without any code, what would make init slow
 * @property {(value: InitValue) => Promise<string | void>} init resolves with the artifact, if it was asked for and there is one; rejects with what went wrong
 * @property {(message: RunMessage, body: Buffer, done: Done) => void} run calls `done` once
 * @property {(listener: () => void) => void} [onDeath] the listener is called when the code's process ends after a successful init
 * @property {() => void} [kill] ends the code's process
 *
 * @typedef {{name?: string, main: string, code: string, binary?: boolean, env?: Record<string, unknown>, artifact?: boolean, concurrency?: number}} InitValue
 *   `artifact`: the answer is to have what was made of the code, in a form that /init takes as an archive and need not make again;
 *   `concurrency`: runs that will come at a time; the answer says whether they may
 * @typedef {{value: object} & Record<string, unknown>} RunMessage
 * @typedef {(status: number, json: string | Buffer) => void} Done an HTTP status and the JSON text of the answer
 */

/** Texts that clients of OpenWhisk match on. */
const TEXT = {
  missing: "Missing main/no code to execute.",
  twice: "Cannot initialize the action more than once.",
  uninitialized: "System not initialized.",
  notObject: "The action did not return a dictionary or array.",
  diedInInit: "The action did not initialize and exited unexpectedly.",
  diedInRun: "The action did not produce a valid response and exited unexpectedly.",
};

/** @param {unknown} message */
const errorJson = (message) => JSON.stringify({ error: message });

/**
 * The life of one action in one runtime: initialized once, run many times. Decides what is refused, and ends the log of
 * each activation with its markers before the answer goes out. What is refused without touching the code gets no
 * markers: there was no activation, and a marker would cut the log of the one that may be running.
 * @param {Engine} engine
 * @param {boolean} allowConcurrent
 */
function createLifecycle(engine, allowConcurrent) {
  /** @type {"ready" | "starting" | "running" | "stopped"} */
  let status = "ready";
  let initialized = false;
  let exclusive = !(allowConcurrent && engine.reentrant);
  /** Runs may overlap, and are told apart. */
  let overlapping = false;
  /** The answers owed for code that is under way, and what ends its log. @type {Map<Done, () => void>} */
  const open = new Map();

  /** @param {Done} answer @returns {boolean} whether it was still owed; then its log has been ended */
  function settle(answer) {
    const endLog = open.get(answer);
    if (!endLog) return false;
    open.delete(answer);
    endLog();
    return true;
  }

  /**
   * Lets runs overlap, with logs that are told apart, if the code's engine can. Undefined: nobody has asked.
   * @param {unknown} concurrency
   */
  function mayOverlap(concurrency) {
    if (typeof concurrency !== "number" || concurrency <= 1) return undefined;
    if (!engine.reentrant) return false;
    exclusive = false;
    overlapping = true;
    tellRunsApart();
    return true;
  }

  /** @param {string} text @param {Done} answer @param {number} [code] */
  function refuse(text, answer, code = 403) {
    output.stderr.write(`Internal system error: ${text}\n`);
    answer(code, errorJson(text));
  }

  return {
    /** @param {any} body the parsed body of /init @param {Done} answer */
    init(body, answer) {
      if (initialized) return refuse(TEXT.twice, answer);
      if (status !== "ready") return refuse(`System not ready, status is ${status}.`, answer);
      const value = body?.value ?? {};
      if (!isComplete(value, engine.hasStub)) {
        output.stderr.write(`${TEXT.missing}\n`);
        output.mark();
        return answer(403, errorJson(TEXT.missing));
      }
      status = "starting";
      open.set(answer, output.mark);
      engine.init({ ...value, main: value.main || "main" }).then(
        (artifact) => {
          if (!open.delete(answer)) return;
          initialized = true;
          status = "ready";
          const concurrent = mayOverlap(value.concurrency);
          // No markers: what the code wrote while it loaded belongs to the log of its first run.
          answer(200, artifact || concurrent !== undefined ? JSON.stringify({ ok: true, artifact, concurrent }) : '{"ok":true}');
        },
        (error) => {
          if (!open.has(answer)) return;
          status = "stopped";
          const reason = error?.stack ? String(error.stack) : String(error);
          if (!error?.logged) output.stderr.write(`Error during initialization: ${reason}\n`);
          settle(answer);
          answer(502, errorJson(error?.final ? error.message : `Initialization has failed due to: ${reason}`));
        },
      );
    },

    /** @param {any} body the parsed body of /run @param {Buffer} raw its bytes @param {Done} answer */
    run(body, raw, answer) {
      if (!initialized && !engine.hasStub) return refuse(TEXT.uninitialized, answer);
      // A platform that lets runs overlap learns so that this one has not begun: another process may run it.
      if (status !== "ready") return refuse(`System not ready, status is ${status}.`, answer, status === "stopped" && overlapping ? 503 : 403);
      const message = body ?? {};
      if (typeof message !== "object" || (typeof (message.value ??= {}) !== "object")) {
        const type = typeof message === "object" ? typeof message.value : typeof message;
        return refuse(`Internal system error: the argument must be a dictionary but has type '${type}'.`, answer);
      }
      if (exclusive) status = "running";
      const log = openLog(message.activation_id);
      open.set(answer, log.end);
      log.run(() =>
        engine.run(message, raw, (code, json) => {
          if (!settle(answer)) return;
          if (status === "running") status = "ready";
          answer(code, json);
        }),
      );
    },

    /**
     * The code can go no further (an uncaught exception, a launcher that ended): whatever is owed is answered with 502.
     * @param {string} [text] the error for the answers; by default what OpenWhisk says of a runtime that exited
     */
    fail(text) {
      const during = status === "starting" ? TEXT.diedInInit : TEXT.diedInRun;
      status = "stopped";
      for (const answer of open.keys()) {
        settle(answer);
        answer(502, errorJson(text ?? during));
      }
    },

    /** At the exit of the process: nobody can be answered any more, but the logs get their end. */
    abandon() {
      for (const answer of open.keys()) settle(answer);
    },
  };
}

/** @param {any} value of /init @param {boolean} [codeMayLack] */
function isComplete({ code, main }, codeMayLack) {
  if (main && typeof main !== "string") return false;
  if (codeMayLack && (code === undefined || code === null)) return true;
  return typeof code === "string" && (code !== "" || codeMayLack === true);
}

module.exports = { createLifecycle, errorJson, TEXT };
