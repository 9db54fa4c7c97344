import { join } from "node:path";
import { runtimeContract } from "../contract";
import { processContract } from "../contract/process";
import { processCommand, type ProcessCommand } from "../runtimes";
import { type ProcessOptions, startProcess } from "../testing/runtimeProcess";
import { javaScriptActions } from "./actions";
import { busy, contract, samples } from "./samples";

const command = processCommand("nodejs:24", join(__dirname, "..")) as ProcessCommand;
const start = (options?: ProcessOptions) => startProcess(command, options);

runtimeContract("nodejs as a process", { ...contract, start });
processContract("nodejs", start, { ...samples, busy });
javaScriptActions(start);
