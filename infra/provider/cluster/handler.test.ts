import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { Bench } from "../background/testing/bench";

const SERVERS = { rabbitmq: { url: "amqp://me:s3cret@broker" }, mongodb: { url: "mongodb://me:s3cret@database" } };

let bench: Bench;
beforeEach(async () => (bench = await Bench.make("ClusterPlatform", SERVERS)));
afterEach(() => bench.clean());

const removal = () => path.join(bench.directory, "removed.json");
/** The configuration of which the program was told to remove everything. */
const removed = () => (existsSync(removal()) ? (JSON.parse(readFileSync(removal(), "utf8")) as unknown) : undefined);
const messageOf = (work: Promise<unknown>) => work.then(() => "no error", (error: Error) => error.message);

describe("a cluster platform", () => {
  test("gets exactly its options, with keys of its own", async () => {
    const { outputs } = await bench.create({ invokers: 3, limits: { firesPerMinute: 60 } });
    const [uuid, key] = String(outputs.auth).split(":");
    expect(JSON.parse(readFileSync(bench.dir().configFile, "utf8"))).toEqual({
      rabbitmq: SERVERS.rabbitmq,
      mongodb: { ...SERVERS.mongodb, database: "shop-trial" },
      name: "shop-trial",
      controllers: 2,
      invokers: 3,
      limits: { firesPerMinute: 60 },
      host: "127.0.0.1",
      port: bench.port,
      memory: 2048,
      idleTimeout: 600,
      retention: 604_800,
      prewarm: true,
      logLevel: "info",
      dataDir: bench.dir().path,
      namespaces: [{ name: "guest", uuid, key }],
      adminKey: outputs.adminKey,
      secret: outputs.signingSecret,
    });
    expect(outputs.signingSecret).toMatch(/^[A-Za-z0-9]{64}$/);
  });

  test("says what is not known to the program neither in its messages nor in its id", async () => {
    const state = await bench.create();
    expect(JSON.stringify([bench.messages, state.id])).not.toContain("s3cret");
  });

  test("is found by a refresh and imported by its data directory", async () => {
    const state = await bench.create();
    expect(await bench.handler.read(state, bench.context)).toEqual(state);
    expect(await bench.handler.read({ id: state.id, inputs: {}, outputs: {} }, bench.context)).toEqual(state);
    expect((await bench.diff(state)).changes).toEqual({});
  });

  test("keeps its keys when it is restarted with other options, also when its folder is gone", async () => {
    const state = await bench.create();
    expect((await bench.diff(state, { controllers: 4, rabbitmq: { url: "amqp://elsewhere" } })).changes).toEqual({ controllers: "update", "rabbitmq.url": "update" });
    const changed = await bench.update(state, { controllers: 4 });
    rmSync(bench.dir().path, { recursive: true });
    const again = await bench.update(changed, { controllers: 4 });
    const kept = { auth: state.outputs.auth, adminKey: state.outputs.adminKey, signingSecret: state.outputs.signingSecret };
    expect([changed.outputs, again.outputs]).toEqual([expect.objectContaining(kept), expect.objectContaining(kept)]);
    expect(removed()).toBeUndefined();
  });

  test("is replaced when its name or database changes", async () => {
    const state = await bench.create();
    expect(await bench.diff(state, { name: "other" })).toEqual({ changes: { name: "update-replace", "mongodb.database": "update-replace" }, deleteBeforeReplace: true });
    expect((await bench.diff(state, { mongodb: { ...SERVERS.mongodb, database: "other" } })).changes).toEqual({ "mongodb.database": "update-replace" });
    expect((await bench.diff(state, { mongodb: { ...SERVERS.mongodb, database: "shop-trial" } })).changes).toEqual({});
  });

  test("is noticed to be dead, and restarted", async () => {
    const state = await bench.create();
    await bench.killPlatform();
    expect((await bench.diff(state)).changes).toEqual({ running: "update" });
    expect((await bench.update(state)).outputs).toEqual(state.outputs);
  });

  test.each(["controller.js", "invoker.js"])("is restarted by a new build of %s", async (program) => {
    const state = await bench.create();
    const file = path.join(bench.directory, program);
    rmSync(file);
    expect((await bench.handler.check({}, undefined, bench.checkContext())).failures).toContainEqual({ property: "program", reason: `${file} has not been built: run \`npm run build\` first` });
    bench.write(program, "// built anew");
    expect((await bench.diff(state)).changes).toEqual({ program: "update" });
  });
});

describe("a cluster platform that does not start", () => {
  test("names the server and the way out, without the password, and leaves nothing", async () => {
    bench.build("homeless");
    const message = await messageOf(bench.create());
    expect(message).toMatch(
      /^the platform did not start: rabbitmq\.url: The message broker at broker:5672 cannot be used\nStart it, or say where it is: `pulumi config set --stack trial --secret shop:rabbitmqUrl amqp:\/\/user:password@host:5672`\nThe last lines of /,
    );
    expect(message).not.toContain("s3cret");
    expect(existsSync(path.join(bench.directory, ".stackwhisk"))).toBe(false);
  });

  test("because its first start ended removes what it may have left on the servers", async () => {
    bench.build("silent");
    await expect(bench.handler.create(await bench.inputs(), { ...bench.context, timeout: 1 })).rejects.toThrow("not healthy after 1 s");
    expect(removed()).toMatchObject({ name: "shop-trial" });
  });

  test("after it had been there keeps its data", async () => {
    const state = await bench.create();
    bench.build("homeless");
    await expect(bench.update(state)).rejects.toThrow("rabbitmq.url: ");
    bench.build("good");
    expect(removed()).toBeUndefined();
    expect((await bench.update(state)).outputs.auth).toBe(state.outputs.auth);
  });
});

describe("deleting a cluster platform", () => {
  test("removes it from its servers after its process, then its folder; and can be repeated", async () => {
    const state = await bench.create();
    await bench.handler.delete(state, bench.context);
    expect(await bench.health()).toBeUndefined();
    expect(removed()).toMatchObject({ name: "shop-trial", mongodb: { database: "shop-trial" }, secret: state.outputs.signingSecret });
    expect(existsSync(path.join(bench.directory, ".stackwhisk"))).toBe(false);
    await bench.handler.delete(state, bench.context);
  });

  test("works from the state alone when its folder is gone", async () => {
    const state = await bench.create();
    rmSync(bench.dir().path, { recursive: true });
    await bench.handler.delete(state, bench.context);
    expect(await bench.health()).toBeUndefined();
    expect(removed()).toMatchObject({ rabbitmq: SERVERS.rabbitmq, namespaces: [{ name: "guest", uuid: String(state.outputs.auth).split(":")[0] }] });
  });

  test("fails while a server is away, names it, and keeps what is needed to try again", async () => {
    const state = await bench.create();
    bench.build("homeless");
    const message = await messageOf(bench.handler.delete(state, bench.context));
    expect(message).toContain("the platform was stopped, but not removed from its servers: rabbitmq.url: The message broker at broker:5672 cannot be used\nStart it, or say where it is: ");
    expect(existsSync(bench.dir().configFile)).toBe(true);
    bench.build("good");
    await bench.handler.delete(state, bench.context);
    expect(removed()).toMatchObject({ name: "shop-trial" });
  });
});
