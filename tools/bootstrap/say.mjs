/** Progress, for people: stdout belongs to the command's result. */
export const say = (line) => process.stderr.write(`${line}\n`);

/** Ends the command with a message that says what to do. */
export function fail(message) {
  say(message);
  process.exit(1);
}
