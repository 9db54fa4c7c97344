/** Started by Pulumi's engine with its own address; prints the port that it listens on, and nothing else. */
import { version } from "../package.json";
import { startServer } from "./server";

// The engine reads the port from standard output: whatever else is said goes to standard error.
console.log = console.info = console.debug = console.error;

async function main(): Promise<void> {
  const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const { port, idle } = await startServer({ version, directory: process.cwd(), engineAddress });
  if (engineAddress) endWithEngine(idle);
  process.stdout.write(`${port}\n`);
}

function endWithEngine(idle: () => boolean): void {
  // The engine ends its plugins with SIGINT, and waits seconds for those that overlook it. But Ctrl-C in a terminal
  // sends it too: then running operations must end in order, for which the engine sends Cancel.
  process.once("SIGINT", () => {
    setInterval(() => idle() && process.exit(0), 20);
  });
  process.on("SIGINT", () => undefined);
  // An engine that was killed cannot stop its plugins; they notice that they have another parent.
  const engine = process.ppid;
  setInterval(() => process.ppid !== engine && process.exit(1), 1000).unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`pulumi-resource-stackwhisk: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
