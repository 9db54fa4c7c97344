import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ActivationRecord, Client } from "../support/client";
import { TestPlatform } from "../support/platform";
import { until } from "../support/until";

/** Leaves a file for each time that it runs, and fails as long as there are no more than `fails` of the activation. */
const FLAKY = `const fs = require("node:fs");
exports.main = async ({ folder, fails, pause = 0 }) => {
  const id = process.env.__OW_ACTIVATION_ID;
  fs.writeFileSync(folder + "/" + id + "." + process.hrtime.bigint(), "");
  await new Promise((done) => setTimeout(done, pause));
  const run = fs.readdirSync(folder).filter((file) => file.startsWith(id)).length;
  return run > fails ? { run } : { error: "run " + run + " fails" };
};`;

interface Letter {
  activationId: string;
  action: string;
  reason: unknown;
  attempts: number;
}

let platform: TestPlatform;
let client: Client;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-retries-"));
  platform = await TestPlatform.start({ memory: 1024 });
  client = platform.client();
});

afterEach(async () => {
  await platform.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** @param retries the annotation */
const deploy = (name: string, fails: number, retries: unknown, more: object[] = []) =>
  client.putAction(name, FLAKY, {
    annotations: [{ key: "retries", value: retries }],
    parameters: [{ key: "folder", value: folder }, { key: "fails", value: fails }, ...more],
  });

const accept = async (name: string, payload = {}) => ((await client.must("POST", `actions/${name}`, payload)).body as { activationId: string }).activationId;
const annotation = ({ annotations }: ActivationRecord, name: string): unknown => annotations.find(({ key }) => key === name)?.value;
const letters = async () => (await client.must("GET", "dead-letters")).body as Letter[];
const runsOf = (id: string) => readdirSync(folder).filter((file) => file.startsWith(id)).length;
const recorded = async () => (await client.activations()).length;

test("an action that fails twice and then succeeds has one record, of the success, that tells the attempts", async () => {
  await deploy("flaky", 2, { max: 3, delay: 50 });
  const id = await accept("flaky");
  const record = await client.activation(id);
  expect(record.response).toMatchObject({ success: true, result: { run: 3 } });
  expect([annotation(record, "attempts"), runsOf(id), await recorded()]).toEqual([3, 3, 1]);
  expect(await letters()).toEqual([]);
});

test("an action that goes on failing is a dead letter, which runs again when the action is mended", async () => {
  await deploy("flaky", 100, { max: 2, delay: 50 });
  const id = await accept("flaky", { n: 1 });
  const record = await client.activation(id);
  expect(record.response).toMatchObject({ status: "application error", result: { error: "run 3 fails" } });
  expect([annotation(record, "attempts"), runsOf(id)]).toEqual([3, 3]);
  await until("the letter is there", async () => (await letters()).length === 1);
  expect(await letters()).toMatchObject([{ activationId: id, action: "guest/flaky", reason: "run 3 fails", attempts: 3 }]);
  expect((await client.must("GET", `dead-letters/${id}`)).body).toMatchObject({ payload: { n: 1 } });

  await deploy("flaky", 0, 0);
  const { status, body } = await client.must("POST", `dead-letters/${id}`);
  expect(status).toBe(202);
  const again = await client.activation((body as { activationId: string }).activationId);
  expect(again.response).toMatchObject({ success: true, result: { run: 1 } });
  expect(annotation(again, "attempts")).toBe(1);
  expect(await letters()).toEqual([]);
});

test("each rule of a fire is tried again by itself, and its letter does what the rule did", async () => {
  await deploy("flaky", 100, { max: 1, delay: 20 });
  await client.putAction("echo", "exports.main = (args) => args;");
  await client.must("PUT", "triggers/tick", { parameters: [{ key: "tone", value: "low" }] });
  for (const action of ["flaky", "echo"]) await client.must("PUT", `rules/to-${action}`, { trigger: "/_/tick", action: `/_/${action}` });
  const fire = ((await client.must("POST", "triggers/tick", { volume: 11 })).body as { activationId: string }).activationId;
  const [letter] = await until("the letter is there", async () => {
    const found = await letters();
    return found.length > 0 && found;
  });
  expect((await client.must("GET", `dead-letters/${letter!.activationId}`)).body).toMatchObject({ cause: fire, trigger: "guest/tick", payload: { tone: "low", volume: 11 } });
  await client.putAction("flaky", "exports.main = (args) => args;");
  const { redriven, left } = (await client.must("POST", "dead-letters")).body as { redriven: number; left: number };
  expect([redriven, left]).toEqual([1, 0]);
  const record = await until("it has run again", async () => (await client.activations("name=flaky&docs=true")).find(({ response }) => response.success));
  expect(record.response.result).toMatchObject({ tone: "low", volume: 11 });
});

test("dead letters are purged, one and all", async () => {
  await deploy("flaky", 100, 0);
  const ids = await Promise.all([accept("flaky"), accept("flaky"), accept("flaky")]);
  await until("all are given up", async () => (await letters()).length === 3);
  expect((await client.must("DELETE", `dead-letters/${ids[0]}`)).body).toEqual({ purged: 1 });
  expect((await client.must("DELETE", "dead-letters")).body).toEqual({ purged: 2 });
  expect(await letters()).toEqual([]);
});

test("an action that waits for its next attempt when the platform is killed goes on with it, and no attempt's code runs twice", async () => {
  await deploy("flaky", 2, { max: 3, delay: 1_500, maxDelay: 1_500 });
  const ids = await Promise.all(Array.from({ length: 5 }, () => accept("flaky")));
  await until("the first attempts have begun", () => ids.every((id) => runsOf(id) === 1));
  await platform.kill();
  await platform.start();
  const records = await Promise.all(ids.map((id) => client.activation(id)));
  expect(await recorded()).toBe(5);
  for (const record of records) {
    // An attempt whose end was not written down at the kill counts as lost: it is one of those that failed.
    expect(record.response).toMatchObject({ success: true });
    expect([annotation(record, "attempts"), runsOf(record.activationId)]).toEqual([3, 3]);
  }
  expect(await letters()).toEqual([]);
});

test("an attempt that was lost with the platform is followed by the next one", async () => {
  await deploy("flaky", 1, { max: 1, delay: 20 }, [{ key: "pause", value: 3_000 }]);
  const id = await accept("flaky");
  await until("it runs", () => runsOf(id) === 1);
  await platform.kill();
  await platform.start();
  const record = await client.activation(id);
  expect(record.response).toMatchObject({ success: true, result: { run: 2 } });
  expect([annotation(record, "attempts"), runsOf(id), await recorded()]).toEqual([2, 2, 1]);
});

test("a stop does not wait for the next attempt: it comes after the next start", async () => {
  await deploy("flaky", 1, { max: 1, delay: 3_000 });
  const id = await accept("flaky");
  await until("the first attempt has failed", () => runsOf(id) === 1);
  expect(await platform.stop()).toBe(0);
  expect([runsOf(id), await until("its last words have come", () => platform.log.includes("left to the next start"))]).toEqual([1, true]);
  await platform.start();
  expect(annotation(await client.activation(id), "attempts")).toBe(2);
  expect(runsOf(id)).toBe(2);
});

test("records go when they have been kept long enough, dead letters stay", async () => {
  await platform.dispose();
  platform = await TestPlatform.start({ memory: 1024, retention: 3 });
  client = platform.client();
  await deploy("flaky", 100, 0);
  const id = await accept("flaky");
  await client.activation(id);
  await until("the record is gone", async () => (await client.call("GET", `activations/${id}`)).status === 404);
  expect(await letters()).toMatchObject([{ activationId: id }]);
});
