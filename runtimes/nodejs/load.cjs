// @ts-check
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { createRequire } = require("node:module");
const { pathToFileURL } = require("node:url");

/** @typedef {(parameters: object) => unknown} Main */

/** Code given as text finds packages as this file does: those that the image or the platform brings, `openwhisk` for one. */
const packages = createRequire(__filename);
const TEXT_FILE = path.join(__dirname, "action.js");
const SCOPE = ["exports", "require", "module", "__filename", "__dirname"];
const MAIN = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;

/** What V8 says of ES module syntax in a script. */
const MODULE_SYNTAX = /Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'|await is only valid/;

/** @param {unknown} found @param {string} main @returns {Main} */
function assertFunction(found, main) {
  if (typeof found !== "function") throw new Error(`Action entrypoint '${main}' is not a function.`);
  return /** @type {Main} */ (found);
}

/** The value at a dotted path below `from`. @param {any} from @param {string} name */
function pick(from, name) {
  let owner;
  let value = from;
  for (const part of name.split(".")) {
    owner = value;
    value = value?.[part];
  }
  return typeof value === "function" && owner !== from ? value.bind(owner) : value;
}

/** The function that a module exports under the name; with the default name, the module itself may be it. @param {any} exported @param {string} name */
function pickExport(exported, name) {
  const bare = name.replace(/^(module\.)?exports\./, "");
  const found = pick(exported, bare) ?? pick(exported?.default, bare);
  if (found !== undefined || bare !== "main") return found;
  return [exported, exported?.default].find((candidate) => typeof candidate === "function");
}

/**
 * Code as text: a script whose top level has a function `main`, a CommonJS module that exports one, or an ES module.
 * @param {string} code
 * @param {string} main the function's name, dots allowed
 * @returns {Promise<Main>}
 */
async function loadText(code, main) {
  if (!MAIN.test(main)) throw new Error("Name of main function is not valid.");
  // The name is looked up where the code's own declarations are visible; a global counts too (bundlers set one).
  const lookup = `;try { return ${main}; } catch (e) { if (!(e instanceof ReferenceError || e instanceof TypeError)) throw e; }`;
  const module = { exports: {} };
  let script;
  try {
    script = vm.compileFunction(`${code}\n${lookup}`, SCOPE, {
      filename: TEXT_FILE,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
  } catch (error) {
    if (error instanceof SyntaxError && MODULE_SYNTAX.test(error.message)) return loadModuleText(code, main);
    throw error;
  }
  const found = script.call(module.exports, module.exports, packages, module, TEXT_FILE, __dirname);
  return assertFunction(typeof found === "function" ? found : pickExport(module.exports, main), main);
}

/** @param {string} code @param {string} main @returns {Promise<Main>} */
async function loadModuleText(code, main) {
  const { makeWorkdir } = require("../proxy/workdir.cjs");
  const file = path.join(makeWorkdir(), "action.mjs");
  fs.writeFileSync(file, code);
  shareProvidedPackages();
  return assertFunction(pickExport(await import(pathToFileURL(file).href), main), main);
}

/**
 * Code as a zip archive: an npm package with `package.json` or `index.js` at its root.
 * @param {string} base64
 * @param {string} main a name that the package exports, or `<file>.<name>` for another file of it
 * @returns {Promise<Main>}
 */
async function loadArchive(base64, main) {
  const { unpackAction } = require("../proxy/workdir.cjs");
  const dir = unpackAction(base64);
  // Actions open their files by relative paths.
  process.chdir(dir);
  shareProvidedPackages();
  const dot = main.indexOf(".");
  const file = dot > 0 ? resolvable(dir, main.slice(0, dot)) : undefined;
  if (file) return assertFunction(pickExport(await loadFile(file), main.slice(dot + 1)), main);
  if (!["package.json", "index.js", "index.mjs", "index.cjs"].some((name) => fs.existsSync(path.join(dir, name)))) {
    throw new Error("Zipped actions must contain either package.json or index.js at the root.");
  }
  const entry = resolvable(dir, ".") ?? ["index.mjs", "index.cjs"].map((name) => path.join(dir, name)).find((name) => fs.existsSync(name));
  return assertFunction(pickExport(await loadFile(entry ?? dir), main), main);
}

/** @param {string} dir @param {string} name @returns {string | undefined} the file that require would load */
function resolvable(dir, name) {
  try {
    return createRequire(path.join(dir, "action.js")).resolve(`./${name}`);
  } catch {
    return undefined;
  }
}

/** @param {string} file @returns {Promise<unknown>} what it exports */
async function loadFile(file) {
  try {
    return createRequire(file)(file);
  } catch (error) {
    // An ES module that awaits at its top level is the one thing that require cannot load.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
    return import(pathToFileURL(file).href);
  }
}

/** Lets code in the action's folder import, after its own packages, those that the runtime provides. */
function shareProvidedPackages() {
  const { registerHooks } = require("node:module");
  registerHooks?.({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (/^[./#]|^[a-z]+:/.test(specifier)) throw error;
        try {
          return { url: pathToFileURL(packages.resolve(specifier)).href, shortCircuit: true };
        } catch {
          throw error;
        }
      }
    },
  });
}

module.exports = { loadText, loadArchive };
