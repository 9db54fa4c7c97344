import type { RunningRuntime, Sample, StartOptions } from "../testing/runtime";

/** The actions that a runtime brings for the suite, each with an entry point `main` where there are any. */
export interface Samples {
  /** Returns its parameters. */
  echo: Sample;
  /** Prints `hello stdout` and `hello stderr`, each to its stream, and returns its parameters. */
  hello: Sample;
  /** `{delimiter}` → prints and returns as `winter`: delimiter, ` ☃ `, delimiter. */
  unicode: Sample;
  /** Returns every environment variable whose name starts with `__OW_`. */
  context: Sample;
  /** Returns `SOME_VAR`, `ANOTHER_VAR` and `OBJECT_VAR` of the environment as they were when the code was loaded. */
  environment: Sample;
  /** Returns the array `["a", "b"]`. */
  array: Sample;
  /** Returns the text `not an object`. */
  text: Sample;
  /** Returns null. */
  nothing: Sample;
  /** Returns `{error: "sorry"}`. */
  applicationError: Sample;
  /** `{lines}` → prints `line 0`, `line 1`, … to standard output. */
  lines: Sample;
  /** `{size}` → returns `{text}` of so many characters `x`. */
  large: Sample;
  /** `{file}` → prints `waiting`, and returns `{done: true}` once there is a file of that name. */
  waiting: Sample;
  /** A zip archive whose main file uses another one and reads the file `data.txt` by a relative path: `{helper: "helped", data: "some data"}`. */
  archive: Sample;
  /** A zip archive without the file that the language starts from. */
  archiveWithoutEntry: Sample;
}

/** More of them, where code is loaded once and a function of it called for each run. */
export interface LoadedSamples {
  /** The same, but the function is called `niam`. */
  otherMain: Sample;
  /** No function `main`. */
  withoutMain: Sample;
  /** Returns `{count}`: how often it was called. */
  counter: Sample;
  /** Returns an object that has no form in JSON. */
  notJson: Sample;
  /** Throws an exception with the message `nooooo`. */
  throwing: Sample;
  /** Not the language. */
  syntaxError: Sample;
  /** Throws an exception with the message `not today` while it is loaded. Absent where that is not told from the end of the process. */
  throwingAtLoad?: Sample;
  /** Prints `loading` while it is loaded and `running` in each run. */
  printingAtLoad: Sample;
  /** Ends the process while it is loaded. */
  exitAtLoad: Sample;
  /** Prints `last words`, then ends the process. */
  exitInRun: Sample;
  /** Prints `no line end` to both streams, without a line end. */
  unfinishedLine: Sample;
}

export interface LoadedContract {
  samples: LoadedSamples;
  /** The status for an exception in a run: 502 when the runtime can tell it from a result, else 200. */
  thrownStatus: 200 | 502;
  /** What answer and log say of code that is not the language. */
  syntaxError: RegExp;
  /** What the log shows of an exception, beside its message. */
  trace: RegExp;
}

export interface Contract {
  /** Starts a new runtime. The suite stops it. */
  start: (options?: StartOptions) => Promise<RunningRuntime>;
  samples: Samples;
  /** What starts a comment of one line. */
  comment: string;
  /** Absent where each run starts a program anew. */
  loaded?: LoadedContract;
}

/** What the parts of the suite are given: the contract, and runtimes that are stopped after each test. */
export interface Suite extends Contract {
  launch: (options?: StartOptions) => Promise<RunningRuntime>;
  /** Starts one and initializes it with the sample. */
  launchWith: (sample: Sample, options?: StartOptions) => Promise<RunningRuntime>;
}
