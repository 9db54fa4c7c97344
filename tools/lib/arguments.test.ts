import { parseStackArguments } from "./arguments";
import { UsageError } from "./errors";

const stacks = ["cluster", "local"];
const refusal = (args: string[], known = stacks): UsageError => {
  try {
    parseStackArguments("up", args, known);
  } catch (error) {
    return error as UsageError;
  }
  throw new Error("accepted");
};

test("without an argument the stack is local", () => {
  expect(parseStackArguments("up", [], stacks)).toEqual({ stack: "local", help: false });
});

test("a stack that has a configuration is taken", () => {
  expect(parseStackArguments("up", ["cluster"], stacks)).toEqual({ stack: "cluster", help: false });
});

test("help is asked for, whatever else", () => {
  expect(parseStackArguments("up", ["nowhere", "--help"], stacks).help).toBe(true);
});

test("a stack without a configuration is refused, and those that there are are listed", () => {
  const error = refusal(["prod"]);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.exitCode).toBe(2);
  expect(error.message).toBe('There is no stack "prod": stacks/platform has no Pulumi.prod.yaml. There are: cluster, local.');
  expect(refusal([], []).message).toBe('There is no stack "local": stacks/platform has no Pulumi.local.yaml. It has none at all.');
});

test.each([[["--force"]], [["local", "--force=yes"]], [["-x"]]])("an unknown flag is named and refused as wrong usage: %p", (args) => {
  const error = refusal(args);
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain(`up has no flag ${args.at(-1)!.split("=")[0]}.`);
  expect(error.message).toContain("Usage: npm run up [-- <stack>]");
});

test("a second stack is refused", () => {
  expect(refusal(["local", "cluster"]).message).toContain('"cluster" is a second one');
});
