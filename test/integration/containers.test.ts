import { TestPlatform } from "../support/platform";
import { isRunning } from "../support/processes";
import { until } from "../support/until";
import { containerCases } from "./cases/containers";

containerCases((options) => TestPlatform.start(options));

test("no process outlives a platform that was killed", async () => {
  const platform = await TestPlatform.start();
  const client = platform.client();
  await client.putAction("who", "function main() { return { pid: process.pid } }");
  const { pid } = (await client.invoke("who")).body as { pid: number };
  const children = [...platform.containers(), pid];
  await platform.kill();
  await until("all its processes are gone", () => !children.some(isRunning));
  await platform.dispose();
});
