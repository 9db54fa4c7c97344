import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Client } from "./client";

/** Leaves a file for each time that the code ran, named after the activation. */
const CODE = `const fs = require("node:fs");
exports.main = async ({ folder, pause }) => {
  const id = process.env.__OW_ACTIVATION_ID;
  fs.writeFileSync(folder + "/" + id + "." + process.hrtime.bigint(), "");
  await new Promise((done) => setTimeout(done, pause));
  return { id };
};`;

/** An action `trace` that leaves a trace of each run of its code, outside of the platform. */
export class Trace {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-trace-"));

  /** @param pause milliseconds that a run takes */
  async deploy(client: Client, pause = 20): Promise<void> {
    await client.putAction("trace", CODE, {
      parameters: [
        { key: "folder", value: this.folder },
        { key: "pause", value: pause },
      ],
    });
  }

  /** How often the code ran, by activation id. */
  runs(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const file of readdirSync(this.folder)) {
      const id = file.split(".")[0]!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /** Activations whose code ran more than once. */
  doubled(): string[] {
    return [...this.runs()].filter(([, count]) => count > 1).map(([id]) => id);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
