// @ts-check
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { makeWorkdir, unpackAction } = require("../proxy/workdir.cjs");

/** Where build.sh has put what it compiled: in an image beside this file. The action sees no such variable. */
const FOLDER = process.env.STACKWHISK_SWIFT ?? __dirname;
delete process.env.STACKWHISK_SWIFT;
/** The modules that actions are linked with. */
const LIBRARY = path.join(FOLDER, "lib");
/** Compiled forms of the system's headers. */
const MODULES = path.join(FOLDER, "modules");
const MAIN = /^[\p{ID_Start}_][\p{ID_Continue}]*(\.[\p{ID_Start}_][\p{ID_Continue}]*)*$/u;
/** Where a program lies in an archive that was compiled before: as the builders of OpenWhisk's runtimes put it, and as `swift build` does. */
const PROGRAMS = ["exec", ".build/release/Action"];
const MAIN_FILES = ["Sources/main.swift", "Sources/Action/main.swift", "main.swift"];

/**
 * A program that can be started.
 * @typedef {object} Made
 * @property {string} file
 * @property {string | undefined} folder in which it runs; undefined: wherever the runtime does
 * @property {boolean} compiled it was made now
 * @property {() => string | undefined} artifact an archive with it in base64, from which it is taken without being compiled again; undefined if it came from one
 */

/** Makes a program of an action's code. */
class Build {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  compiler;

  /**
   * @param {import("../proxy/lifecycle.cjs").InitValue} value source as text, or an archive in base64
   * @returns {Promise<Made>}
   * @throws {Error} what the developer has to mend: the compiler's messages, above all
   */
  async make({ code, binary, main }) {
    if (!MAIN.test(main)) throw new Error("Name of main function is not valid.");
    if (!binary) return this.compileText(code, main);
    const folder = unpackAction(code);
    const within = (/** @type {string} */ name) => path.join(folder, name);
    const there = PROGRAMS.map(within).find((file) => fs.existsSync(file));
    if (there) {
      // Archives need not tell permissions.
      fs.chmodSync(there, 0o755);
      return { file: there, folder, compiled: false, artifact: () => undefined };
    }
    const source = MAIN_FILES.map(within).find((file) => fs.existsSync(file));
    const isPackage = fs.existsSync(within("Package.swift"));
    if (!source && !isPackage) throw new Error("Zip file does not include Package.swift, main.swift or a compiled program (exec)");
    const file = within("exec");
    if (isPackage) fs.renameSync(await this.buildPackage(folder, source ?? within("Sources/main.swift"), main), file);
    else await this.compile(sourcesIn(folder), /** @type {string} */ (source), main, file);
    return { file, folder, compiled: true, artifact: () => pack(folder) };
  }

  kill() {
    this.compiler?.kill("SIGKILL");
  }

  /** @param {string} code @param {string} main @returns {Promise<Made>} */
  async compileText(code, main) {
    const folder = makeWorkdir();
    const source = path.join(folder, "main.swift");
    fs.writeFileSync(source, code);
    const file = path.join(folder, "exec");
    await this.compile([source], source, main, file);
    return { file, folder: undefined, compiled: true, artifact: () => pack(folder) };
  }

  /** @param {string[]} sources @param {string} mainFile one of them @param {string} main @param {string} file what is made */
  async compile(sources, mainFile, main, file) {
    const client = serve(mainFile, main, sources);
    const args = ["-O", "-wmo", "-swift-version", "5", "-module-name", "Action", "-module-cache-path", MODULES, "-I", LIBRARY, "-L", LIBRARY];
    await this.run("swiftc", [...args, ...client, "-lStackwhiskRuntime", ...sources, "-o", file], path.dirname(mainFile), main);
  }

  /** @param {string} folder @param {string} mainFile @param {string} main @returns {Promise<string>} the program */
  async buildPackage(folder, mainFile, main) {
    fs.mkdirSync(path.dirname(mainFile), { recursive: true });
    const client = serve(mainFile, main, sourcesIn(folder));
    const flags = ["-Xswiftc", `-I${LIBRARY}`, "-Xlinker", `-L${LIBRARY}`, ...client.flatMap((flag) => ["-Xlinker", flag]), "-Xlinker", "-lStackwhiskRuntime"];
    await this.run("swift", ["build", "-c", "release", ...flags], folder, main);
    const release = path.join(folder, ".build/release");
    const program = ["Action", ...fs.readdirSync(release)].map((name) => path.join(release, name)).find(isProgram);
    if (!program) throw new Error("The package has no executable product; the action's is called Action");
    return fs.realpathSync(program);
  }

  /** @param {string} command @param {string[]} args @param {string} folder @param {string} main @returns {Promise<void>} */
  run(command, args, folder, main) {
    return new Promise((resolve, reject) => {
      const compiler = (this.compiler = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] }));
      let said = "";
      for (const stream of [compiler.stdout, compiler.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
      compiler.once("error", (error) => reject(new Error(`The compiler cannot be started: ${error.message}`)));
      compiler.once("close", (code, signal) => {
        this.compiler = undefined;
        if (code === 0) return resolve();
        const messages = said.replaceAll(`${folder}/`, "").trim();
        if (signal) return reject(new Error(`The compiler was ended by ${signal}: the action may need more memory to be compiled.\n${messages}`));
        const unknown = new RegExp(`cannot find '${main.split(".")[0]}' in scope`).test(messages);
        reject(new Error(unknown ? `Action entrypoint '${main}' is not a function.\n${messages}` : messages));
      });
    });
  }
}

/**
 * Adds to the main file what runs the function, behind the developer's own lines so that these keep their numbers.
 * @param {string} mainFile @param {string} main @param {string[]} sources
 * @returns {string[]} what is to be linked for it, beside StackwhiskRuntime
 */
function serve(mainFile, main, sources) {
  // The client of the REST API takes its time to load: only those have it that use it.
  const users = sources.filter((file) => /\bWhisk\b/.test(fs.readFileSync(file, "utf8")));
  for (const file of users) if (file !== mainFile) fs.appendFileSync(file, "\nimport StackwhiskClient\n");
  const imports = users.includes(mainFile) ? "import StackwhiskClient\n" : "";
  fs.appendFileSync(mainFile, `\n${imports}import StackwhiskRuntime\nserve(${main})\n`);
  return users.length > 0 ? ["-lStackwhiskClient"] : [];
}

/** @param {string} folder @returns {string[]} the files of Swift below it, without the package's description */
function sourcesIn(folder) {
  const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".swift") && name !== "Package.swift" && !/^(\.build|Tests)\//.test(name)).map((name) => path.join(folder, name));
}

/** @param {string} file */
function isProgram(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true && (stat.mode & 0o111) !== 0 && !/\.(so|dylib)$/.test(file);
}

/** What a run needs: the program and the archive's other files. @param {string} folder @returns {string} */
function pack(folder) {
  const { zip } = require("../proxy/zip.cjs");
  const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  const needed = names.filter((name) => !name.endsWith(".swift") && !/^(\.build|Sources|Tests)(\/|$)|^Package\./.test(name) && fs.statSync(path.join(folder, name)).isFile());
  return zip(needed.map((name) => ({ name, data: fs.readFileSync(path.join(folder, name)) }))).toString("base64");
}

module.exports = { Build };
