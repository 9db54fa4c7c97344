import { type Container, type ContainerDriver, ContainerError, type ContainerSpec, type LogStream } from "../../core/ports/containers";
import { ContainerClient, type Reply } from "../containerClient";

/** What the cases need to know of an adapter. */
export interface DriverCase {
  driver: ContainerDriver;
  /** A kind whose code is JavaScript with a function `main`, `require` and `console`. */
  kind: string;
  /** A kind that the driver cannot run. */
  unavailableKind: string;
  /** Whether the process of that number, as the action sees it, exists; undefined: cannot be told from here. */
  isAlive?(pid: number): boolean;
  close(): Promise<void>;
}

const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";
const TIMEOUT = 20_000;

/** The promises of {@link ContainerDriver}, for any adapter. Call it inside a test file. */
export function containerDriverContract(name: string, setup: () => Promise<DriverCase>): void {
  describe(`the container driver "${name}"`, () => {
    let it_: DriverCase;
    const clients: ContainerClient[] = [];

    beforeAll(async () => {
      it_ = await setup();
    });
    afterAll(async () => {
      for (const client of clients) client.close();
      await it_.close();
    });

    const spec = (more: Partial<ContainerSpec> = {}): ContainerSpec => ({ name: "contract", kind: it_.kind, memory: 128, env: {}, ...more });

    async function started(code: string, more: Partial<ContainerSpec> = {}): Promise<{ container: Container; client: ContainerClient }> {
      const container = await it_.driver.create(spec(more));
      const client = new ContainerClient(container.address);
      clients.push(client);
      const reply = await client.post("/init", JSON.stringify({ value: { name: "a", main: "main", code, binary: false, env: {} } }), TIMEOUT);
      expect(reply).toMatchObject({ kind: "answered", status: 200 });
      return { container, client };
    }

    const run = (client: ContainerClient, value: object = {}, timeout = TIMEOUT) => client.post("/run", JSON.stringify({ value }), timeout);
    const resultOf = (reply: Reply) => (reply.kind === "answered" ? (JSON.parse(reply.body) as unknown) : reply);

    /** Everything that is written until both streams have had their marker. */
    function logsOf(container: Container): Promise<[LogStream, string, number][]> {
      return new Promise((resolve) => {
        const lines: [LogStream, string, number][] = [];
        let open = 2;
        container.onLog((stream, line, time) => {
          if (line !== MARKER) lines.push([stream, line, time]);
          else if (--open === 0) resolve(lines);
        });
      });
    }

    it("creates a container that is initialised once and run many times", async () => {
      const { container, client } = await started("let n = 0; function main(args) { return {n: ++n, hello: args.name} }");
      expect(resultOf(await run(client, { name: "a" }))).toEqual({ n: 1, hello: "a" });
      expect(resultOf(await run(client, { name: "b" }))).toEqual({ n: 2, hello: "b" });
      await container.destroy();
    });

    it("gives the container its environment and none of the platform's", async () => {
      process.env.CONTRACT_SECRET = "of the platform";
      const code = "function main() { return {given: process.env.__OW_API_HOST, secret: process.env.CONTRACT_SECRET ?? null} }";
      const { container, client } = await started(code, { env: { __OW_API_HOST: "http://api" } });
      delete process.env.CONTRACT_SECRET;
      expect(resultOf(await run(client))).toEqual({ given: "http://api", secret: null });
      await container.destroy();
    });

    it("delivers lines in order, whole, with their time, then the markers", async () => {
      const code = "function main(args) { for (let i = 0; i < args.n; i++) console.log('Zeile ' + i + ' äöü€😀'); console.error('e'); return {} }";
      const { container, client } = await started(code);
      const before = Date.now();
      const logs = logsOf(container);
      await run(client, { n: 5000 });
      const lines = await logs;
      expect(lines.filter(([stream]) => stream === "stdout").map(([, line]) => line)).toEqual(
        Array.from({ length: 5000 }, (_, i) => `Zeile ${i} äöü€😀`),
      );
      expect(lines.filter(([stream]) => stream === "stderr").map(([, line]) => line)).toEqual(["e"]);
      expect(lines.every(([, , time]) => time >= before && time <= Date.now())).toBe(true);
      await container.destroy();
    });

    it("drops what is written while nobody listens, and delivers the next run's lines to the next listener", async () => {
      const { container, client } = await started("function main(args) { console.log(args.text); return {} }");
      const first = logsOf(container);
      await run(client, { text: "first" });
      expect((await first).map(([, line]) => line)).toEqual(["first"]);
      container.onLog(undefined);
      await run(client, { text: "unheard" });
      // Its output may be behind its answer; a run whose output has come says that what was before it has come too.
      await new Promise<void>((resolve) => {
        container.onLog((_stream, line) => line === "flushed" && resolve());
        void run(client, { text: "flushed" });
      });
      await container.destroy();
    });

    it("tells that and why a container is gone when its program ends", async () => {
      const { container, client } = await started("function main() { process.exit(3) }");
      const reply = await run(client);
      expect(reply.kind).not.toBe("timeout");
      expect(await container.gone).toMatch(/3/);
      expect((await run(client)).kind).toBe("unsent");
    });

    it("delivers the last words of a container that ends before it tells that it is gone", async () => {
      const { container, client } = await started("function main() { console.log('last words'); process.exit(1) }");
      const lines: string[] = [];
      container.onLog((_stream, line) => lines.push(line));
      void run(client);
      await container.gone;
      expect(lines.filter((line) => line !== MARKER)).toEqual(["last words"]);
    });

    it("does nothing while it is paused and goes on when it is resumed", async () => {
      const { container, client } = await started("function main() { return {} }");
      await run(client);
      await container.pause();
      let answered = false;
      const pending = run(client).then((reply) => {
        answered = true;
        return reply;
      });
      // The next container's whole life passes while this one does not answer.
      const other = await started("function main() { return {} }");
      await run(other.client);
      expect(answered).toBe(false);
      await container.resume();
      expect(await pending).toMatchObject({ kind: "answered", status: 200 });
      await Promise.all([container.destroy(), other.container.destroy()]);
    });

    it("ends a busy container at once, and what its action has started", async () => {
      const code = `function main(args) {
        if (args.spin) { console.log('spinning'); for (;;); }
        const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {stdio: "ignore"});
        return {pid: child.pid}
      }`;
      const { container, client } = await started(code);
      const { pid } = resultOf(await run(client)) as { pid: number };
      if (it_.isAlive) expect(it_.isAlive(pid)).toBe(true);
      const spinning = new Promise<void>((resolve) => container.onLog((_stream, line) => line === "spinning" && resolve()));
      const busy = run(client, { spin: true });
      await spinning;
      await container.destroy();
      expect((await busy).kind).toBe("closed");
      if (it_.isAlive) await until(() => !it_.isAlive!(pid));
    });

    it("lets an action open 1024 files at most", async () => {
      const code = `function main({ files }) {
        const open = [];
        try {
          while (open.length < files) open.push(require("node:fs").openSync("/dev/zero", "r"));
          return { code: "none" };
        } catch ({ code }) {
          return { code };
        } finally {
          open.forEach((file) => require("node:fs").closeSync(file));
        }
      }`;
      const { container, client } = await started(code);
      expect([resultOf(await run(client, { files: 950 })), resultOf(await run(client, { files: 1025 }))]).toEqual([{ code: "none" }, { code: "EMFILE" }]);
      await container.destroy();
    });

    it("ends a paused container, and one that is gone already", async () => {
      const { container } = await started("function main() { return {} }");
      await container.pause();
      await container.destroy();
      await container.gone;
      await container.destroy();
    });

    it("creates 20 containers at the same time, each a world of its own", async () => {
      const all = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const { container, client } = await started(`globalThis.mine = (globalThis.mine ?? 0) + ${i}; function main() { return {mine} }`);
          expect(resultOf(await run(client))).toEqual({ mine: i });
          return container;
        }),
      );
      expect(new Set(all.map(({ id }) => id)).size).toBe(20);
      await Promise.all(all.map((container) => container.destroy()));
    }, 60_000);

    it("refuses a kind that it cannot run, and says so beforehand", async () => {
      expect(it_.driver.unavailable({ kind: it_.kind })).toBeUndefined();
      expect(it_.driver.unavailable({ kind: it_.unavailableKind })).toContain(it_.unavailableKind);
      await expect(it_.driver.create(spec({ kind: it_.unavailableKind }))).rejects.toThrow(ContainerError);
    });
  });
}

/** Looks again and again, with the event loop free in between, until it is so. The test's own timeout bounds it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
