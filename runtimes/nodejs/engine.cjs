// @ts-check
"use strict";
const { contextExporter, initEnvironment } = require("../proxy/environment.cjs");
const { errorJson, TEXT } = require("../proxy/lifecycle.cjs");
const { stderr } = require("../proxy/output.cjs");

/**
 * Runs JavaScript in this process. What a run answers, as in OpenWhisk:
 *
 * - an object or an array, or a promise of one: 200; nothing at all: 200 and `{}`
 * - a rejected promise: 200 and `{error: reason}`, an application error
 * - an exception thrown before a promise is returned, or another kind of result: 502, the developer's error
 * @returns {import("../proxy/lifecycle.cjs").Engine}
 */
function createEngine() {
  /** @type {(parameters: object) => unknown} */
  let main;
  const exportContext = contextExporter();

  return {
    reentrant: true,

    warmUp() {
      require("./load.cjs");
      // As in OpenWhisk's images an action can ask for a collection: those that fill much memory do.
      require("node:v8").setFlagsFromString("--expose-gc");
      globalThis.gc = require("node:vm").runInNewContext("gc");
    },

    async init(value) {
      Object.assign(process.env, initEnvironment(value.env, true));
      const { loadArchive, loadText } = require("./load.cjs");
      main = await (value.binary ? loadArchive(value.code, value.main) : loadText(value.code, value.main));
    },

    run(message, _body, done) {
      exportContext(message);
      let result;
      try {
        result = main(message.value);
      } catch (error) {
        console.error(error);
        return done(502, errorJson(`An error has occurred: ${error}`));
      }
      if (typeof (/** @type {any} */ (result)?.then) !== "function") return answer(result, done);
      Promise.resolve(result).then(
        (value) => answer(value, done),
        (reason) => {
          const { serializeError } = require("./errors.cjs");
          answer({ error: serializeError(reason) }, done);
        },
      );
    },
  };
}

/** @param {unknown} result @param {import("../proxy/lifecycle.cjs").Done} done */
function answer(result, done) {
  let json;
  try {
    json = result === undefined ? "{}" : JSON.stringify(result);
  } catch (error) {
    stderr.write(`The result cannot be written as JSON: ${/** @type {Error} */ (error).message}\n`);
    return done(502, errorJson(`The result of the action cannot be written as JSON: ${/** @type {Error} */ (error).message}`));
  }
  // The text decides, not the type: a Date is an object and its JSON is a string.
  if (json === undefined || (json[0] !== "{" && json[0] !== "[")) {
    stderr.write(`Result must be an object or an array but is ${json === undefined ? typeof result : json.slice(0, 1000)}\n`);
    return done(502, errorJson(TEXT.notObject));
  }
  done(200, json);
}

module.exports = { createEngine };
