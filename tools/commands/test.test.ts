import { leftOutSummary, parseTestArguments, summary } from "./test";

const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 };

test("the last line counts what passed and failed", () => {
  expect(summary({ ...none, numPassedTests: 41 })).toEqual({ line: "41 passed, 0 failed", failed: 0 });
  expect(summary({ ...none, numPassedTests: 41, numFailedTests: 2 })).toEqual({ line: "41 passed, 2 failed", failed: 2 });
});

test("what was skipped is counted if there is any", () => {
  expect(summary({ ...none, numPassedTests: 1, numPendingTests: 2, numTodoTests: 1 }).line).toBe("1 passed, 0 failed, 3 skipped");
});

test("a file that could not be run is a failure", () => {
  expect(summary({ ...none, numPassedTests: 1, numRuntimeErrorTestSuites: 1 })).toEqual({ line: "1 passed, 1 failed", failed: 1 });
});

test("everything but --full is jest's", () => {
  expect(parseTestArguments(["--full", "tools", "-t", "a name"])).toEqual({ full: true, jest: ["tools", "-t", "a name"] });
  expect(parseTestArguments([])).toEqual({ full: false, jest: [] });
});

test("what was left out is told by its reason", () => {
  const lines = ["There is no broker.\tthe run lane", "There is no database.\tthe store", "There is no broker.\tthe accepted log", ""].join("\n");
  expect(leftOutSummary(lines)).toEqual(["Left out: the accepted log; the run lane. There is no broker.", "Left out: the store. There is no database."]);
});
