import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { request } from "undici";
import { type Answer, Client } from "../../support/client";
import { until } from "../../support/until";

const ADMIN_KEY = "an-admin-key-of-at-least-32-characters";

/** What a platform under test has to be configured with. */
export const TENANTS_CONFIG = { adminKey: ADMIN_KEY, allowSharedProcesses: true, adminPort: 0, memory: 1024 };

const REFUSED = { error: "The action was not invoked due to a blacklisted namespace." };

/** Writes down that it runs, and goes on until there is a file. */
const HOLD = `const fs = require("node:fs");
function main({ ran, end }) {
  fs.appendFileSync(ran, "one ");
  return new Promise((resolve) => {
    const timer = setInterval(() => fs.existsSync(end) && resolve({ done: clearInterval(timer) === undefined }), 20);
  });
}`;

/** Everywhere within this a namespace is what it was changed to. Milliseconds. */
const EVERYWHERE = 2_000;

interface TenantsPlatform {
  /** URLs of its controllers: one, or several that remember by themselves. */
  apiHosts: string[];
  auth: string;
  /** Runs of code that were sent to an invoker and have not ended. */
  underWay(): Promise<number>;
  dispose(): Promise<void>;
}

/** What holds for namespaces, wherever they are changed and wherever they are used. */
export function tenantCases(start: () => Promise<TenantsPlatform>): void {
  let platform: TenantsPlatform;
  beforeEach(async () => (platform = await start()));
  afterEach(() => platform.dispose());

  /** At the first controller. */
  async function admin(method: "GET" | "PUT" | "POST" | "DELETE", path: string, body?: unknown): Promise<Answer> {
    const response = await request(`${platform.apiHosts[0]}/admin/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** Of the last controller. */
  const client = (auth = platform.auth) => new Client(platform.apiHosts.at(-1)!, auth);
  const statuses = (auth: string) => Promise.all(platform.apiHosts.map(async (apiHost) => (await new Client(apiHost, auth).call("GET", "actions")).status));
  const everywhere = (what: string, auth: string, status: number) => until(what, async () => (await statuses(auth)).every((one) => one === status), EVERYWHERE);

  const newTeam = async (body: object = {}): Promise<string> => {
    const { status, body: made } = await admin("PUT", "namespaces/team", body);
    expect(status).toBe(201);
    return (made as { auth: string }).auth;
  };

  test("a new namespace is open everywhere, also where its key was tried before, and closed again when it is deleted", async () => {
    const [uuid, key] = ["0f5b2d8e-5a0f-4a9c-8b8e-0d6c7f1f2a3b", "t".repeat(64)];
    const auth = `${uuid}:${key}`;
    expect(await statuses(auth)).toEqual(platform.apiHosts.map(() => 401));
    expect(await newTeam({ uuid, key })).toBe(auth);
    await everywhere("its key opens it", auth, 200);
    await client(auth).putAction("a", "function main() { return { mine: true } }");
    expect((await client(auth).invoke("a")).body).toEqual({ mine: true });
    expect((await admin("DELETE", "namespaces/team")).status).toBe(409);
    expect((await admin("DELETE", "namespaces/team?force=true")).status).toBe(200);
    await everywhere("its key opens nothing", auth, 401);
  });

  test("a block is in force everywhere within two seconds, and what was accepted before has one record", async () => {
    const auth = await newTeam();
    await everywhere("its key opens it", auth, 200);
    await client(auth).putAction("slow", "function main() { return new Promise((resolve) => setTimeout(() => resolve({ done: true }), 1500)) }");
    const accepted = await Promise.all([1, 2, 3].map(async () => ((await client(auth).must("POST", "actions/slow", {})).body as { activationId: string }).activationId));
    expect((await admin("PUT", "namespaces/team", { blocked: true })).status).toBe(200);
    await everywhere("it is blocked", auth, 401);
    await admin("PUT", "namespaces/team", { blocked: false });
    await everywhere("it is let in again", auth, 200);
    const records = await Promise.all(accepted.map((id) => client(auth).activation(id)));
    for (const { response } of records) {
      expect([{ done: true }, REFUSED]).toContainEqual(response.result);
    }
    expect(await client(auth).activations()).toHaveLength(3);
  });

  test("a block ends what waits for a container: none of its code runs, what was accepted has one record that says why, and callers are told", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-hold-"));
    const [ran, end] = ["ran", "end"].map((name) => path.join(folder, name)) as [string, string];
    const begun = () => readFileSync(ran, { encoding: "utf8", flag: "a+" }).split(" ").length - 1;
    try {
      const auth = await newTeam();
      await everywhere("its key opens it", auth, 200);
      const team = client(auth);
      for (const name of ["hold", "other"]) await team.putAction(name, HOLD, { limits: { memory: 512 } });
      const accept = async (name: string) => ((await team.must("POST", `actions/${name}`, { ran, end })).body as { activationId: string }).activationId;
      const running = await Promise.all(["hold", "hold"].map(accept));
      await until("all slots are taken", () => begun() === 2);
      const waiting = await Promise.all([...Array<string>(20).fill("hold"), "other"].map(accept));
      const calls = ["hold", "hold", "other"].map((name) => team.invoke(name, { ran, end }));
      await until("the others wait", async () => (await platform.underWay()) === 26);

      await admin("PUT", "namespaces/team", { blocked: true });
      const blocked = Date.now();
      await until("it is blocked everywhere", () => Date.now() > blocked + EVERYWHERE);
      writeFileSync(end, "");
      expect((await Promise.all(calls)).map(({ status, body }) => [status, body as unknown])).toEqual(calls.map(() => [502, REFUSED]));
      await until("nothing is under way any more", async () => (await platform.underWay()) === 0);

      await admin("PUT", "namespaces/team", { blocked: false });
      await everywhere("it is let in again", auth, 200);
      const results = async (ids: string[]) => (await Promise.all(ids.map((id) => team.activation(id)))).map(({ response }) => response.result as unknown);
      expect(await results(running)).toEqual(running.map(() => ({ done: true })));
      expect(await results(waiting)).toEqual(waiting.map(() => REFUSED));
      expect([begun(), (await team.activations()).length]).toEqual([2, 26]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("limits are in force everywhere within two seconds", async () => {
    const auth = await newTeam();
    await everywhere("its key opens it", auth, 200);
    await admin("PUT", "namespaces/team", { limits: { firesPerMinute: 0, maxActionMemory: 128 } });
    await until("they are told", async () => ((await client(auth).call("GET", "limits")).body as { firesPerMinute: number }).firesPerMinute === 0, EVERYWHERE);
    const fired = await client(auth).call("POST", "triggers/none", {});
    expect([fired.status, (fired.body as { error: string }).error]).toEqual([429, "Too many requests in the last minute (count: 1, allowed: 0)."]);
  });

  test("a key is rotated while calls go on, and none of them is refused", async () => {
    const before = await newTeam();
    await everywhere("its key opens it", before, 200);
    let auth = before;
    let going = true;
    const seen = new Set<number>();
    const calls = [1, 2, 3].map(async () => {
      while (going) for (const status of await statuses(auth)) seen.add(status);
    });
    const { body } = await admin("POST", "namespaces/team/keys", { othersExpireIn: 3 });
    const { auth: next } = body as { auth: string };
    // Whoever has the new key uses it once it is known everywhere.
    await everywhere("the new key opens it", next, 200);
    auth = next;
    await until("the key before has ended", async () => (await statuses(before)).every((status) => status === 401), 10_000);
    going = false;
    await Promise.all(calls);
    expect([...seen]).toEqual([200]);
  });

  test("whisk.system is there, nobody's until an administrator gives it a key, and what is public in it is for all", async () => {
    expect((await admin("GET", "namespaces/whisk.system")).body).toMatchObject({ name: "whisk.system", keys: [] });
    const { auth } = (await admin("POST", "namespaces/whisk.system/keys", {})).body as { auth: string };
    await everywhere("its key opens it", auth, 200);
    const system = client(auth);
    await system.must("PUT", "packages/shared", { publish: true });
    await system.putAction("shared/echo", "function main(args) { return args }");
    const guest = await request(`${platform.apiHosts[0]}/api/v1/namespaces/whisk.system/actions/shared/echo?blocking=true&result=true`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(platform.auth).toString("base64")}`, "content-type": "application/json" },
      body: JSON.stringify({ n: 1 }),
    });
    expect([guest.statusCode, await guest.body.json()]).toEqual([200, { n: 1 }]);
  });
}
