import { spawn } from "node:child_process";
import path from "node:path";
import { describeWithMongo } from "../support/mongodb";
import { childrenOf, isRunning } from "../support/processes";
import { describeWithRabbitMq } from "../support/rabbitmq";
import { until } from "../support/until";

const PROGRAM = path.resolve(__dirname, "../../dist/bench/main.js");

describeWithMongo("A bench", () => {
  describeWithRabbitMq("of a distributed platform", () => {
    test("that is interrupted ends the broker, the database and the platform that it started", async () => {
      const bench = spawn(process.execPath, [PROGRAM, "distributed"], { stdio: ["ignore", "pipe", "inherit"] });
      let output = "";
      bench.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const ended = new Promise<number | null>((resolve) => bench.once("close", resolve));
      await until("a platform to be measured", () => output.includes("idle memory"), 120_000);
      // The next platform is on its way.
      const started = await until("broker and database", () => {
        const children = childrenOf(bench.pid!);
        return children.length >= 2 && children;
      });
      bench.kill("SIGINT");
      expect(await ended).toBe(130);
      await until("all to be gone", () => !started.some(isRunning));
    }, 240_000);
  }, { own: true });
}, { own: true });
