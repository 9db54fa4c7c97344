import { knownForms } from "./flag-forms";

const option = (short: string, long: string, required: boolean) => ({ short, long, required }) as never;
const options = [option("-b", "--blocking", false), option("-t", "--timeout", true)];

test.each([
  ["--blocking=true", ["--blocking"]],
  ["-b=1", ["-b"]],
  ["--blocking=false", []],
  ["--blocking=maybe", ["--blocking=maybe"]],
  ["-t=1000", ["-t", "1000"]],
  ["--timeout=1000", ["--timeout=1000"]],
  ["a=b", ["a=b"]],
  ["-x=1", ["-x=1"]],
])("%s is understood", (written, known) => expect(knownForms([written], options)).toEqual(known));

test("nothing changes behind --", () => expect(knownForms(["--", "-b=1"], options)).toEqual(["--", "-b=1"]));
