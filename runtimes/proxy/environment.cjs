// @ts-check
"use strict";

/** Variables that are between the platform and the proxy: an action, and what it starts, sees none of them. */
const SETTINGS = ["STACKWHISK_SOCKET", "STACKWHISK_READY_FD", "STACKWHISK_PARENT"];

/**
 * The environment that /init asks for: texts as they are, any other value as JSON.
 * @param {unknown} variables
 * @param {boolean} [emptyIfFalsy] null, false and 0 are the empty text, as OpenWhisk has it for JavaScript, and only there
 * @returns {Record<string, string>}
 */
function initEnvironment(variables, emptyIfFalsy = false) {
  /** @type {Record<string, string>} */
  const env = {};
  if (typeof variables !== "object" || variables === null) return env;
  for (const [name, value] of Object.entries(variables)) {
    env[name] = typeof value === "string" ? value : emptyIfFalsy && !value ? "" : JSON.stringify(value);
  }
  return env;
}

/**
 * Exports the context of each run to the environment of this process: `activation_id` as `__OW_ACTIVATION_ID` and so on.
 * What the run before had and this one does not (an API key above all) is put back to what it was before.
 * @returns {(message: Record<string, unknown>) => void}
 */
function contextExporter() {
  /** What runs have exported: the present value, and the one from before the first run. @type {Map<string, {name: string, value: string | undefined, before: string | undefined}>} */
  const exported = new Map();
  return (message) => {
    for (const key in message) {
      if (key === "value") continue;
      const given = message[key];
      if (typeof given !== "string" && typeof given !== "number") continue;
      const value = String(given);
      let known = exported.get(key);
      if (!known) {
        const name = `__OW_${key.toUpperCase()}`;
        exported.set(key, (known = { name, value: undefined, before: process.env[name] }));
      }
      // Setting a variable is slow beside comparing it, and most stay the same from run to run.
      if (known.value !== value) process.env[known.name] = known.value = value;
    }
    for (const [key, known] of exported) {
      if (known.value === undefined || key in message) continue;
      known.value = undefined;
      if (known.before === undefined) delete process.env[known.name];
      else process.env[known.name] = known.before;
    }
  };
}

module.exports = { SETTINGS, initEnvironment, contextExporter };
