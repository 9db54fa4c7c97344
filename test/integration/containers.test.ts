import { request } from "undici";
import { GUEST, TestPlatform } from "../support/platform";
import { childrenOf, isRunning } from "../support/processes";
import { until } from "../support/until";

let platform: TestPlatform | undefined;

afterEach(async () => {
  await platform?.dispose();
  platform = undefined;
});

const WHO = "function main() { return { pid: process.pid } }";
test("a container is used again by the same action, and never by another", async () => {
  platform = await TestPlatform.start();
  const client = platform.client();
  for (const name of ["a", "b"]) await client.putAction(name, WHO);
  const pidOf = async (name: string) => (await client.invoke(name)).body.pid as number;
  const [a, b] = [await pidOf("a"), await pidOf("b")];
  expect(a).not.toBe(b);
  expect([await pidOf("a"), await pidOf("b")]).toEqual([a, b]);
});

test("namespaces do not share containers, entities or records", async () => {
  const other = { name: "other", uuid: "aaaaaaaa-71f6-4ed5-8c54-816aa4f8c502", key: "o".repeat(64) };
  platform = await TestPlatform.start({ namespaces: [GUEST, other], allowSharedProcesses: true });
  const [mine, theirs] = [platform.client(), platform.client(`${other.uuid}:${other.key}`)];
  await mine.must("PUT", "packages/shared", { publish: true });
  await mine.putAction("shared/who", WHO);
  await mine.putAction("private", WHO);
  const invokeAs = async (client: typeof mine) => {
    const answer = await request(`${platform!.apiHost}/api/v1/namespaces/guest/actions/shared/who?blocking=true&result=true`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(client === mine ? platform!.auth : `${other.uuid}:${other.key}`).toString("base64")}` },
    });
    return (await answer.body.json()) as { pid: number };
  };
  expect((await invokeAs(mine)).pid).not.toBe((await invokeAs(theirs)).pid);
  expect((await theirs.call("GET", "actions/private")).status).toBe(404);
  expect((await theirs.call("GET", "../guest/actions/private")).status).toBe(403);
  expect((await theirs.activations()).map(({ name }) => name)).toEqual(["who"]);
});

test("nothing runs any more after the idle time", async () => {
  platform = await TestPlatform.start({ idleTimeout: 1, prewarm: false });
  const client = platform.client();
  await client.putAction("brief", WHO);
  await client.invoke("brief");
  expect(childrenOf(platform.pid).length).toBeGreaterThan(0);
  await until("no container is left", () => childrenOf(platform!.pid).length === 0);
});

test("with the memory for two containers three actions take turns", async () => {
  platform = await TestPlatform.start({ memory: 512, prewarm: false });
  const client = platform.client();
  for (const name of ["a", "b", "c"]) await client.putAction(name, "function main() { return { name: process.env.__OW_ACTION_NAME } }");
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(["a", "b", "c"].map((name) => client.invoke(name)));
    expect(answers.map(({ body }) => body.name)).toEqual(["/guest/a", "/guest/b", "/guest/c"]);
    expect(childrenOf(platform.pid).length).toBeLessThanOrEqual(2);
  }
});

test("no process outlives a platform that was killed", async () => {
  platform = await TestPlatform.start();
  const client = platform.client();
  await client.putAction("who", WHO);
  const { pid } = (await client.invoke("who")).body as { pid: number };
  const children = [...childrenOf(platform.pid), pid];
  await platform.kill();
  await until("all its processes are gone", () => !children.some(isRunning));
});

test("a container that dies while it is idle is replaced without anybody noticing", async () => {
  platform = await TestPlatform.start();
  const client = platform.client();
  await client.putAction("who", WHO);
  const { pid } = (await client.invoke("who")).body as { pid: number };
  process.kill(pid, "SIGKILL");
  await until("it is gone", () => !isRunning(pid));
  const answer = await client.invoke("who");
  expect(answer.status).toBe(200);
  expect(answer.body.pid).not.toBe(pid);
});
