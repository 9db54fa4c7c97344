import { MongoClient } from "mongodb";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "undici";
import { names } from "../../services/lanes/amqp/topology";
import { RunLaneNames } from "../../services/lanes/amqp/runLane/routes";
import { Checkout, prepareToolchain } from "../support/checkout";
import { Client } from "../support/client";
import { freePort } from "../support/freePort";
import { describeWithMongo, TestMongo } from "../support/mongodb";
import { childrenOf, isRunning } from "../support/processes";
import { describeWithRabbitMq, presentOn, randomPrefix, TestRabbitMq } from "../support/rabbitmq";
import { until } from "../support/until";

const MINUTES = 60_000;
const FOLDER = "stacks/platform/.stackwhisk/cluster";

/** One story, told in order: each test goes on where the one before it ended. */
describeWithMongo("MongoDB and", () =>
  describeWithRabbitMq("RabbitMQ for npm run up -- cluster", () => {
    const name = randomPrefix();
    let checkout: Checkout;
    let port: number;
    let servers: { rabbitmqUrl: string; mongodbUrl: string };

    beforeAll(async () => {
      prepareToolchain();
      checkout = await Checkout.create();
      port = await freePort();
      // What stands behind the question mark is of no use to the server, and nothing that may be shown.
      servers = { rabbitmqUrl: await TestRabbitMq.shared(), mongodbUrl: `${await TestMongo.shared()}?appName=s3cret` };
      checkout.configure({ port, name }, "cluster");
    }, 20 * MINUTES);

    afterAll(() => checkout.dispose(), 3 * MINUTES);

    const set = (...args: string[]) => checkout.must("pulumi", "config", "set", ...args, "-C", "stacks/platform", "-s", "cluster");
    const setSecrets = async (values: Record<string, string>) => {
      for (const [key, value] of Object.entries(values)) await set("--secret", key, value);
    };

    const supervisor = () => Number(checkout.read(`${FOLDER}/platform.pid`).split("\n")[0]);
    const log = () => checkout.read(`${FOLDER}/platform.log`).trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);

    async function client(...stack: string[]): Promise<Client> {
      const { stdout } = await checkout.must("env", ...stack);
      const [apiHost, auth] = stdout.trim().split("\n").map((line) => line.slice(line.indexOf("=") + 1));
      return new Client(apiHost!, auth!);
    }

    const greet = async (...stack: string[]) => (await (await client(...stack)).invoke("greet", { name: "Ada" })).body;

    test("says which servers do not answer and how to name others, without passwords, and leaves nothing", async () => {
      const [broker, database] = [await freePort(), await freePort()];
      await setSecrets({ rabbitmqUrl: `amqp://me:s3cret@127.0.0.1:${broker}`, mongodbUrl: `mongodb://me:s3cret@127.0.0.1:${database}` });
      const { status, output } = await checkout.run("up", "cluster");
      expect(status).not.toBe(0);
      expect(output).toContain(`rabbitmq.url: The message broker at 127.0.0.1:${broker} cannot be used`);
      expect(output).toContain(`mongodb.url: The database at mongodb://127.0.0.1:${database} does not answer`);
      expect(output).toContain("pulumi config set --stack cluster --secret stackwhisk-platform:rabbitmqUrl");
      expect(output).not.toContain("s3cret");
      expect(existsSync(checkout.path(FOLDER))).toBe(false);
    }, 2 * MINUTES);

    test("stands up the platform and the example, and shows real answers", async () => {
      await setSecrets(servers);
      const { stdout } = await checkout.must("up", "cluster");
      expect(stdout).toContain('→ {"text":"Hello, Ada!"}');
      expect(stdout).toContain('→ {"entry":"Ada visited the lobby"}');
      expect(stdout).toContain("→ 200 Hello, Ada!");
      expect(stdout).toContain(`http://127.0.0.1:${port}`);
      expect(childrenOf(supervisor())).toHaveLength(4);
    }, 3 * MINUTES);

    test("a second time changes nothing", async () => {
      const { output } = await checkout.must("up", "cluster");
      expect(output.match(/(\d+) unchanged/g)).toEqual(["3 unchanged", "10 unchanged"]);
      expect(output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    }, 2 * MINUTES);

    test("keeps keys and URLs out of the state and the log in plain text", async () => {
      const config = JSON.parse(checkout.read(`${FOLDER}/config.json`)) as { secret: string; namespaces: { key: string }[] };
      const secrets = ["s3cret", "guest:guest", config.secret, config.namespaces[0]!.key];
      const state = readdirSync(checkout.path(".stackwhisk/state"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(state.length).toBeGreaterThan(0);
      const texts = [...state.map(({ parentPath, name }) => readFileSync(`${parentPath}/${name}`, "utf8")), JSON.stringify(log())];
      for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    });

    test("each process writes lines of JSON into one log, which say whose they are", () => {
      expect(new Set(log().map(({ service }) => service))).toEqual(new Set(["cluster", "controller", "invoker"]));
    });

    test("an invoker that is killed is replaced, and the platform goes on", async () => {
      const before = childrenOf(supervisor());
      const invoker = before.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("invoker.js"))!;
      process.kill(invoker, "SIGKILL");
      // A process that has just been made is not yet what it is to be.
      await until("there is another one", () => childrenOf(supervisor()).some((pid) => !before.includes(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("invoker.js")));
      expect(await greet("cluster")).toEqual({ text: "Hello, Ada!" });
    }, 2 * MINUTES);

    test("up brings it back, with all entities, after all of it was killed", async () => {
      const pid = supervisor();
      const children = childrenOf(pid);
      process.kill(pid, "SIGKILL");
      await until("its processes have ended with it", () => !children.some(isRunning));
      const { output } = await checkout.must("up", "cluster");
      expect(output).toContain("1 updated");
      expect(output).toContain("10 unchanged");
      expect(output).toContain('→ {"text":"Hello, Ada!"}');
    }, 3 * MINUTES);

    test("a changed number of processes takes effect in place, and the data stays", async () => {
      await set("controllers", "1");
      await set("invokers", "1");
      const { output } = await checkout.must("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "-C", "stacks/platform", "-s", "cluster");
      expect(output).toMatch(/1 updated/);
      expect(childrenOf(supervisor())).toHaveLength(2);
      expect(await greet("cluster")).toEqual({ text: "Hello, Ada!" });
    }, 2 * MINUTES);

    test("a local platform can be up beside it", async () => {
      await checkout.must("up");
      expect([await greet(), await greet("cluster")]).toEqual([{ text: "Hello, Ada!" }, { text: "Hello, Ada!" }]);
      await checkout.must("down");
      expect(await greet("cluster")).toEqual({ text: "Hello, Ada!" });
    }, 3 * MINUTES);

    test("down leaves no process, folder, database, queue or exchange behind", async () => {
      const pids = [supervisor(), ...childrenOf(supervisor())];
      await checkout.must("down", "cluster");
      expect(pids.filter(isRunning)).toEqual([]);
      await expect(request(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
      expect(existsSync(checkout.path(FOLDER))).toBe(false);

      const mongo = new MongoClient(servers.mongodbUrl);
      const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
      await mongo.close();
      expect(databases.map((database) => database.name)).not.toContain(name);
      const lane = new RunLaneNames(name);
      expect(await presentOn(servers.rabbitmqUrl, "queue", [names.accepted(name, 0), names.rejected(name), names.owner(name), ...lane.pendingQueues])).toEqual([]);
      expect(await presentOn(servers.rabbitmqUrl, "exchange", [names.notices(name), lane.runs, lane.pending, lane.census])).toEqual([]);
    }, 2 * MINUTES);

    test("secrets in the configuration can be read after that too", async () => {
      const { stdout } = await checkout.must("pulumi", "config", "get", "rabbitmqUrl", "-C", "stacks/platform", "-s", "cluster");
      expect(stdout.trim()).toBe(servers.rabbitmqUrl);
    }, 2 * MINUTES);
  }),
);
