/** Progress and everything else that is not the command's result. */
export const say = (line = ""): void => void process.stderr.write(`${line}\n`);

/** The command's result. */
export const print = (line = ""): void => void process.stdout.write(`${line}\n`);
