import { describeWithMongo, randomDatabase, TestMongo } from "../../../test/support/mongodb";
import type { TestServer } from "../../../test/support/testServer";
import { TcpProxy } from "../../../test/support/tcpProxy";
import { until } from "../../../test/support/until";
import { newActivationId } from "../../core/ids";
import { action, activation, deadLetter, revision } from "../contract/samples";
import { type MongoStore, openMongoStore } from "./store";

const UNANSWERED = { name: "WhiskError", status: 503, message: "The database does not answer; try again later." };
/** Milliseconds in which every call on a server that is gone has to fail. */
const LIMIT = 12_000;

describeWithMongo("a server that goes away", () => {
  let server: TestServer;
  let store: MongoStore;
  let logged: string[];
  beforeAll(async () => {
    server = await TestMongo.own();
  });
  afterAll(() => server.dispose());

  const open = async (url: string) => {
    logged = [];
    const log = (_fields: object, message: string) => void logged.push(message);
    store = await openMongoStore({ url, database: randomDatabase(), logger: { info: log, warn: log, error: log } });
  };
  beforeEach(() => server.start());
  afterEach(() => store.close());

  const calls = (): Promise<unknown>[] => [
    store.ping(),
    store.entities.head("guest/a"),
    store.entities.append(revision(action("b"))),
    store.entities.list({ namespace: "guest", collection: "actions", limit: 0, skip: 0 }),
    store.code.put("sha", "code"),
    store.activations.insert(activation()),
    store.activations.get("guest", newActivationId()),
    store.activations.list({ namespace: "guest", limit: 10, skip: 0 }),
    store.starts.claim({ activationId: newActivationId(), attempt: 0, invoker: "i", at: 1 }),
    store.namespaces.byName("guest"),
    store.namespaces.put({ name: "n", uuid: "u", subject: "n", keys: [], blocked: false, limits: {}, rev: 1 }),
    store.deadLetters.put(deadLetter()),
    store.leases.beat({ id: "i", role: "invoker", beat: 1 }),
    store.leases.list(),
  ];
  const timeToFail = async (call: Promise<unknown>) => {
    const began = Date.now();
    await expect(call).rejects.toMatchObject(UNANSWERED);
    return Date.now() - began;
  };
  const answersAgain = () => until("the store answers again", () => store.ping().then(() => true, () => false));

  const expectAllToFailInTime = async () => {
    const began = Date.now();
    const outcomes = await Promise.allSettled(calls());
    expect(outcomes).toMatchObject(outcomes.map(() => ({ status: "rejected", reason: UNANSWERED })));
    expect(Date.now() - began).toBeLessThan(LIMIT);
  };

  test("killed: every call fails clearly and in time; started again: all works, and what was promised is there", async () => {
    await open(server.url);
    const record = activation();
    const claim = { activationId: record.activationId, attempt: 0, invoker: "i", at: 1 };
    expect(await store.activations.insert(record)).toBe(true);
    expect(await store.starts.claim(claim)).toBe(true);
    expect(await store.entities.append(revision(action("a")))).toBe(true);

    await server.kill();
    await expectAllToFailInTime();
    await until("the log tells of it", () => logged.includes("a database server does not answer"));

    await server.start();
    await answersAgain();
    await Promise.all(calls());
    expect(await store.activations.get("guest", record.activationId)).toStrictEqual(record);
    expect(await store.starts.get(record.activationId, 0)).toStrictEqual(claim);
    expect(await store.activations.insert(record)).toBe(false);
    expect(await store.entities.head("guest/a")).toStrictEqual(revision(action("a")));
    expect(logged).toEqual(["a database server answers", "a database server does not answer", "a database server answers"]);
  });

  test("killed in the middle of inserts: each that was acknowledged is there once, and those that failed can be offered again", async () => {
    await open(server.url);
    const records = Array.from({ length: 3_000 }, () => activation());
    const acknowledged = new Set<string>();
    const offer = (some: typeof records) =>
      Promise.allSettled(some.map(async (record) => (await store.activations.insert(record)) && acknowledged.add(record.activationId)));
    const offered = offer(records);
    await until("the first are acknowledged", () => acknowledged.size > 0);
    await server.kill();
    const failed = (await offered).map((outcome, index) => (outcome.status === "rejected" ? records[index]! : [])).flat();
    expect(acknowledged.size + failed.length).toBe(records.length);
    expect(failed.length).toBeGreaterThan(0);

    await server.start();
    await answersAgain();
    for (const outcome of await offer(failed)) expect(outcome.status).toBe("fulfilled");
    const ids = (await store.activations.list({ namespace: "guest", limit: 0, skip: 0 })).map(({ activationId }) => activationId);
    expect(ids.sort()).toEqual(records.map(({ activationId }) => activationId).sort());
  });

  test("cut off without a word: every call fails clearly and in time, and works when the way is free again", async () => {
    const { hostname, port } = new URL(server.url);
    const proxy = await TcpProxy.to({ host: hostname, port: Number(port) });
    try {
      await open(`mongodb://${proxy.host}:${proxy.port}/?directConnection=true`);
      proxy.stall();
      const later: Promise<number>[] = [];
      const next = setInterval(() => later.push(...calls().map(timeToFail)), 400);
      await expectAllToFailInTime().finally(() => clearInterval(next));
      // Also those that came just when the driver noticed it, and began to connect anew.
      expect(Math.max(...(await Promise.all(later)))).toBeLessThan(LIMIT);
      proxy.resume();
      await answersAgain();
      await Promise.all(calls());
    } finally {
      await store.close();
      await proxy.close();
    }
  });
}, { own: true });
