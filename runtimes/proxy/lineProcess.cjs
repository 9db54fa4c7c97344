// @ts-check
"use strict";
const { spawn } = require("node:child_process");
const { SETTINGS } = require("./environment.cjs");
const output = require("./output.cjs");

/** A process that has ended may have left its streams to children of its own: so long is waited for what they still write. Milliseconds. */
const OUTPUT_GRACE = 200;

/**
 * A program that reads lines from its standard input and answers each with one line on descriptor 3.
 *
 * Its standard output and error are this process's own, unless `logToken` is given: then they pass through here, and the
 * program writes the token to both before each answer (it finds it in `STACKWHISK_LOG_TOKEN`). So everything printed for a run is
 * there before its answer is given, and where a line ends is known, also for languages in which the program itself cannot know.
 */
class LineProcess {
  /** @type {((line: Buffer) => void) | undefined} */
  waiting;
  /** Why it could not be started. @type {string | undefined} */
  failure;
  ended = false;
  /** Called once when it is gone and its output has been read. */
  onEnd = () => {};
  /** @type {Buffer[]} */
  chunks = [];
  /** Lines that have been answered. */
  answered = 0;

  /**
   * @param {string[]} command
   * @param {{cwd?: string, logToken?: string, writesToken?: boolean}} [options] `writesToken`: false for a program that knows nothing of it
   */
  constructor(command, { cwd, logToken, writesToken = logToken !== undefined } = {}) {
    const [file, ...args] = /** @type {[string, ...string[]]} */ (command);
    const env = { ...process.env };
    for (const name of SETTINGS) delete env[name];
    if (logToken && writesToken) env.STACKWHISK_LOG_TOKEN = logToken;
    const log = logToken ? "pipe" : "inherit";
    this.child = spawn(file, args, { cwd, env, stdio: ["pipe", log, log, "pipe"] });
    this.input = /** @type {import("node:stream").Writable} */ (this.child.stdin);
    this.writesToken = writesToken;
    this.logs = logToken ? [new ParsedLog(this.child.stdout, output.stdout, logToken), new ParsedLog(this.child.stderr, output.stderr, logToken)] : [];
    this.read(/** @type {import("node:stream").Readable} */ (this.child.stdio[3]));
    this.input.on("error", () => {});
    this.child.on("error", (error) => {
      this.failure = `The launcher "${file}" cannot be started: ${error.message}`;
      this.end();
    });
    // Its last answer, and its output, may still lie in the pipes when the exit is reported.
    this.child.on("exit", () => {
      if (this.logs.length === 0) return setImmediate(() => setImmediate(() => this.end()));
      setTimeout(() => this.end(), OUTPUT_GRACE).unref();
    });
    this.child.on("close", () => this.end());
  }

  /** @param {Buffer | string} line without its end @param {(line: Buffer) => void} receive */
  ask(line, receive) {
    this.waiting = receive;
    this.input.cork();
    this.input.write(line);
    this.input.write("\n");
    this.input.uncork();
  }

  kill() {
    this.child.kill("SIGKILL");
  }

  /** @param {import("node:stream").Readable} answers */
  read(answers) {
    answers.on("data", (/** @type {Buffer} */ chunk) => {
      this.chunks.push(chunk);
      // One request, one line: the line end can only be the last byte.
      if (chunk[chunk.length - 1] !== 10) return;
      const whole = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
      this.chunks = [];
      this.answered++;
      this.afterLogs(() => {
        const receive = this.waiting;
        this.waiting = undefined;
        receive?.(whole.subarray(0, -1));
      });
    });
    // A program that is gone is noticed by its exit.
    answers.on("error", () => {});
  }

  /** @param {() => void} then */
  afterLogs(then) {
    if (this.logs.length === 0) return then();
    // Without the token it can only be hoped that what was printed before has come before.
    if (!this.writesToken) return setImmediate(() => setImmediate(then));
    let missing = this.logs.length;
    for (const log of this.logs) log.ended(this.answered, () => --missing === 0 && then());
  }

  end() {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
  }
}

/** Passes on what comes on one stream, without the tokens. */
class ParsedLog {
  rest = Buffer.alloc(0);
  tokens = 0;
  /** @type {{count: number, then: () => void} | undefined} */
  waiting;

  /** @param {import("node:stream").Readable | null} source @param {typeof output.stdout} target @param {string} token begins with a byte that is rare in texts */
  constructor(source, target, token) {
    this.target = target;
    this.token = Buffer.from(token);
    source?.on("data", (chunk) => this.take(chunk)).on("end", () => this.pass(this.rest)).on("error", () => {});
  }

  /** @param {Buffer} chunk */
  take(chunk) {
    let data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    for (let at = data.indexOf(this.token); at !== -1; at = data.indexOf(this.token)) {
      this.pass(data.subarray(0, at));
      data = data.subarray(at + this.token.length);
      this.tokens++;
    }
    // What may be the beginning of a token stays.
    const start = data.indexOf(/** @type {number} */ (this.token[0]), Math.max(0, data.length - this.token.length + 1));
    this.pass(start === -1 ? data : data.subarray(0, start));
    this.rest = start === -1 ? Buffer.alloc(0) : Buffer.from(data.subarray(start));
    if (this.waiting && this.tokens >= this.waiting.count) {
      const { then } = this.waiting;
      this.waiting = undefined;
      then();
    }
  }

  /** @param {Buffer} data */
  pass(data) {
    if (data.length > 0) this.target.write(data);
  }

  /** @param {number} count @param {() => void} then */
  ended(count, then) {
    if (this.tokens >= count) then();
    else this.waiting = { count, then };
  }
}

module.exports = { LineProcess };
