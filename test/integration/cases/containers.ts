import { request } from "undici";
import { GUEST } from "../../support/platform";
import { isRunning } from "../../support/processes";
import { until } from "../../support/until";
import type { StartPlatform, TestedPlatform } from "./platform";

const WHO = "function main() { return { pid: process.pid } }";

/** What is promised of containers, whatever the platform is made of. With several invokers the memory is each one's. */
export function containerCases(start: StartPlatform): void {
  let platform: TestedPlatform | undefined;

  afterEach(async () => {
    await platform?.dispose();
    platform = undefined;
  });

  test("a container is used again by the same action, and never by another", async () => {
    platform = await start();
    const client = platform.client();
    for (const name of ["a", "b"]) await client.putAction(name, WHO);
    const pidOf = async (name: string) => (await client.invoke(name)).body.pid as number;
    const [a, b] = [await pidOf("a"), await pidOf("b")];
    expect(a).not.toBe(b);
    expect([await pidOf("a"), await pidOf("b")]).toEqual([a, b]);
  });

  test("namespaces do not share containers, entities or records", async () => {
    const other = { name: "other", uuid: "aaaaaaaa-71f6-4ed5-8c54-816aa4f8c502", key: "o".repeat(64) };
    platform = await start({ namespaces: [GUEST, other], allowSharedProcesses: true });
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
    // Of a blocking call the answer comes first, then the record.
    await until("the record is listed", async () => (await theirs.activations()).length > 0);
    expect((await theirs.activations()).map(({ name }) => name)).toEqual(["who"]);
  });

  test("nothing runs any more after the idle time", async () => {
    platform = await start({ idleTimeout: 1, prewarm: false });
    const client = platform.client();
    await client.putAction("brief", WHO);
    await client.invoke("brief");
    expect(platform.containers().length).toBeGreaterThan(0);
    await until("no container is left", () => platform!.containers().length === 0);
  });

  test("with the memory for two containers three actions take turns", async () => {
    platform = await start({ memory: 512, prewarm: false });
    const client = platform.client();
    for (const name of ["a", "b", "c"]) await client.putAction(name, "function main() { return { name: process.env.__OW_ACTION_NAME } }");
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(["a", "b", "c"].map((name) => client.invoke(name)));
      expect(answers.map(({ body }) => body.name)).toEqual(["/guest/a", "/guest/b", "/guest/c"]);
      expect(platform.containers().length).toBeLessThanOrEqual(2);
    }
  });

  test("a container that dies while it is idle is replaced without anybody noticing", async () => {
    platform = await start();
    const client = platform.client();
    await client.putAction("who", WHO);
    const { pid } = (await client.invoke("who")).body as { pid: number };
    process.kill(pid, "SIGKILL");
    await until("it is gone", () => !isRunning(pid));
    const answer = await client.invoke("who");
    expect(answer.status).toBe(200);
    expect(answer.body.pid).not.toBe(pid);
  });

  test("no call is lost that comes just when the last container of its action has gone", async () => {
    platform = await start();
    const client = platform.client();
    await client.putAction("mortal", "function main({ end }) { if (end) process.exit(1); return {} }");
    for (let round = 0; round < 25; round++) {
      const ended = await client.invoke("mortal", { end: true });
      const after = await client.invoke("mortal");
      expect([round, ended.status, after.status]).toEqual([round, 502, 200]);
    }
  });
}
