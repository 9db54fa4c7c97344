import { readInvocation } from "./passThrough";

const read = (line: string): ReturnType<typeof readInvocation> => readInvocation(line.split(" "));

test("the folder is taken out, in each way it can be given; the rest goes to Pulumi as it is", () => {
  expect(read("preview -C stacks/hello --diff")).toMatchObject({ args: ["preview", "--diff"], folder: "stacks/hello" });
  expect(read("--cwd=stacks/hello preview")).toMatchObject({ args: ["preview"], folder: "stacks/hello" });
  expect(read("--cwd stacks/hello stack output auth --show-secrets")).toMatchObject({ args: ["stack", "output", "auth", "--show-secrets"], folder: "stacks/hello", needsStack: true });
});

test("the stack that is named is noticed and stays", () => {
  expect(read("up -s other --yes")).toMatchObject({ args: ["up", "-s", "other", "--yes"], stack: "other" });
  expect(read("up --stack=org/other")).toMatchObject({ args: ["up", "--stack=org/other"], stack: "org/other" });
  expect(read("up --yes").stack).toBeUndefined();
});

test.each([
  ["up --yes", { needsStack: true, creates: true, locks: true }],
  ["preview", { needsStack: true, creates: true, locks: false }],
  ["refresh --yes", { needsStack: true, creates: true, locks: true }],
  ["destroy --yes", { needsStack: true, creates: false, locks: true }],
  ["--color never config set port 4000", { needsStack: true, creates: true, locks: false }],
  ["stack", { needsStack: true, creates: false, locks: false }],
  ["stack export", { needsStack: true, creates: false, locks: false }],
  ["stack init other", { needsStack: false, creates: false, locks: false }],
  ["stack ls", { needsStack: false, creates: false, locks: false }],
  ["version", { needsStack: false, creates: false, locks: false }],
  ["up --help", { needsStack: false, creates: false, locks: false }],
  ["plugin ls", { needsStack: false, creates: false, locks: false }],
])("pulumi %s: %p", (line, expected) => {
  expect(read(line)).toMatchObject(expected);
});

test("a flag without its value does not break the reading", () => {
  expect(read("up --stack")).toMatchObject({ args: ["up", "--stack"], stack: undefined });
});
