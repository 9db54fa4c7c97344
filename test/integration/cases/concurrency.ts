import type { Client } from "../../support/client";
import { until } from "../../support/until";

const TOGETHER = 5;
/** Each run says who it is, before and after it has waited for a while, and how many were under way in its container. */
const CODE = `const container = Math.random();
let now = 0;
async function main({ name, ms = 0 }) {
  now++;
  console.log(name + " begins");
  await new Promise((resolve) => setTimeout(resolve, ms));
  console.error(name + " ends");
  return { container, overlapping: now-- };
}`;
const PYTHON = `import os, time
def main(args):
    time.sleep(0.05)
    return {"container": os.getpid()}
`;

/** What a user may expect of the limit `concurrency`, whatever the platform is made of. */
export function concurrencyCases(client: () => Client): void {
  describe("an action that allows several runs at a time in one container", () => {
    const limits = { concurrency: TOGETHER };

    test("has them there together, each with its own result and logs", async () => {
      await client().putAction("together", CODE, { limits });
      // Of two invokers each may have a container of it.
      const answers = await until("runs of one container overlap", async () => {
        const runs = await Promise.all(Array.from({ length: TOGETHER }, (_, n) => client().invoke("together", { name: `run ${n}`, ms: 300 }, "blocking=true")));
        return runs.some(({ body }) => body.response.result.overlapping >= TOGETHER / 2) && runs;
      });
      expect(new Set(answers.map(({ body }) => body.response.result.container as number)).size).toBeLessThanOrEqual(2);
      for (const [n, { body }] of answers.entries()) {
        const { logs, annotations } = await client().activation(body.activationId as string);
        expect(logs.map((line) => line.slice(line.indexOf("Z ") + 2)).sort()).toEqual([`stderr: run ${n} ends`, `stdout: run ${n} begins`]);
        expect(annotations.find(({ key }) => key === "limits")!.value).toMatchObject(limits);
      }
    });

    test("has no more than it allows in one", async () => {
      const answers = await Promise.all(Array.from({ length: 3 * TOGETHER }, (_, n) => client().invoke("together", { name: `run ${n}`, ms: 50 })));
      for (const { status, body } of answers) {
        expect(status).toBe(200);
        expect(body.overlapping).toBeLessThanOrEqual(TOGETHER);
      }
    });

    test("has them one after the other in each container if its runtime cannot do otherwise", async () => {
      await client().putAction("alone", PYTHON, { kind: "python:default", limits });
      const answers = await Promise.all(Array.from({ length: TOGETHER }, () => client().invoke("alone")));
      expect(answers.map(({ status }) => status)).toEqual(Array(TOGETHER).fill(200));
    });
  });
}
