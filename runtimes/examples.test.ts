import { join } from "node:path";
import { processCommand, type ProcessCommand } from "./runtimes";
import { examplesWork } from "./testing/examples";
import { startProcess } from "./testing/runtimeProcess";

const program = { command: process.execPath, args: [join(__dirname, "proxy", "main.cjs"), "--executable"], env: {} };

examplesWork("js", 2, () => startProcess(processCommand("nodejs:24", __dirname) as ProcessCommand));
examplesWork("python", 1, () => startProcess(processCommand("python:3", __dirname) as ProcessCommand));
examplesWork("sh", 1, () => startProcess(program));
