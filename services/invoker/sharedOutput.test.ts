import type { Container, LogListener } from "../core/ports/containers";
import { LogCollector } from "./logs";
import { SharedOutput } from "./sharedOutput";

const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";
const [A, B] = ["a".repeat(32), "b".repeat(32)];

/** Output of two runs, and what a test lets their container print. */
function twoRuns(tagged: boolean) {
  let listener!: LogListener;
  const output = new SharedOutput({ onLog: (heard: LogListener) => (listener = heard) } as unknown as Container, tagged);
  const [a, b] = [new LogCollector(1), new LogCollector(1)];
  output.begin(A, a);
  output.begin(B, b);
  const texts = (log: LogCollector) => log.finish().map((line) => line.slice(31));
  return { output, a, b, texts, print: (line: string, stream: "stdout" | "stderr" = "stdout") => listener(stream, line, 1_700_000_000_000) };
}

describe("output that names the run of each line", () => {
  it("goes to the log of that run, the markers too", () => {
    const { a, b, texts, print } = twoRuns(true);
    print(`\x1f${A} one`);
    print(`\x1f${B} two`, "stderr");
    for (const stream of ["stdout", "stderr"] as const) print(`\x1f${A} ${MARKER}`, stream);
    expect([a.complete, b.complete]).toEqual([true, false]);
    expect([texts(a), texts(b)]).toEqual([["stdout: one"], ["stderr: two"]]);
  });

  it("goes to all where it names none, and ends none of their logs", () => {
    const { a, b, texts, print } = twoRuns(true);
    print("of a child");
    for (const stream of ["stdout", "stderr"] as const) print(MARKER, stream);
    expect([a.complete, b.complete]).toEqual([false, false]);
    expect([texts(a), texts(b)]).toEqual([["stdout: of a child"], ["stdout: of a child"]]);
  });

  it("may stand behind a text without a line end", () => {
    const { a, b, texts, print } = twoRuns(true);
    for (const stream of ["stdout", "stderr"] as const) print(`part\x1f${A} ${MARKER}`, stream);
    expect([a.complete, b.complete]).toEqual([true, false]);
    expect([texts(a), texts(b)]).toEqual(Array(2).fill(["stdout: part", "stderr: part"]));
  });

  it("is dropped when its run has ended", () => {
    const { output, a, texts, print } = twoRuns(true);
    output.end(A, a);
    print(`\x1f${A} late`);
    expect(texts(a)).toEqual([]);
  });
});

it("output without names goes to all, and a marker ends no log, behind a text either", () => {
  const { a, b, texts, print } = twoRuns(false);
  print("one");
  for (const stream of ["stdout", "stderr"] as const) print(`two${MARKER}`, stream);
  expect([a.complete, b.complete]).toEqual([false, false]);
  expect([texts(a), texts(b)]).toEqual(Array(2).fill(["stdout: one", "stdout: two", "stderr: two"]));
});

it("a second log of the same run does not end with the first", () => {
  const { output, a, b, texts, print } = twoRuns(true);
  const again = new LogCollector(1);
  output.begin(A, again);
  output.end(A, a);
  print(`\x1f${A} here`);
  expect([texts(a), texts(again), texts(b)]).toEqual([[], ["stdout: here"], []]);
});
