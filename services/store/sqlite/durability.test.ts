import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { build, type BuildOptions } from "esbuild";
import { openSqliteStore, type SqliteStore } from "./store";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "durability-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const isThere: Record<string, (store: SqliteStore, id: string) => Promise<unknown>> = {
  activation: (store, id) => store.activations.get("guest", id),
  start: (store, id) => store.starts.get(id, 0),
  entity: (store, id) => store.entities.head(`guest/${id}`),
  accepted: async (store, id) => store.accepted.index().some(({ seq }) => store.accepted.message(seq) === id),
  code: (store, id) => store.code.get(id),
};

const bundle = async (name: string, options: BuildOptions): Promise<string> => {
  const outfile = join(directory, name);
  await build({ ...options, outfile, bundle: true, platform: "node", format: "cjs", logLevel: "silent" });
  return outfile;
};

test("every write that was acknowledged is there after SIGKILL in the middle of writing, three times over", async () => {
  const program = await bundle("writer.js", { entryPoints: [join(__dirname, "testing/writer.ts")] });
  const file = join(directory, "data", "platform.db");
  const acknowledged: [kind: string, id: string][] = [];

  for (const target of [300, 700, 1_500]) {
    const child = spawn(process.execPath, [program, file], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line.split(" ") as [string, string]);
      if (acknowledged.length === target) child.kill("SIGKILL");
    }
    expect((await exited)[1]).toBe("SIGKILL");
  }

  const store = openSqliteStore({ file });
  const missing: string[] = [];
  for (const [kind, id] of acknowledged) if (!(await isThere[kind]!(store, id))) missing.push(`${kind} ${id}`);
  await store.close();
  expect(missing).toEqual([]);
  expect(new Set(acknowledged.map(([kind]) => kind))).toEqual(new Set(Object.keys(isThere)));
  expect(acknowledged.length).toBeGreaterThanOrEqual(1_500);
}, 60_000);

test("a process that has nothing to do but to close its store does not end before that is done", async () => {
  const contents = `
    import { activation } from "../contract/samples";
    import { openSqliteStore } from "./store";
    const store = openSqliteStore({ file: process.argv[2] });
    Promise.all(Array.from({ length: 5000 }, () => store.activations.insert(activation())))
      .then(() => store.close())
      .then(() => process.stdout.write("closed"));`;
  const program = await bundle("closer.js", { stdin: { contents, resolveDir: __dirname, loader: "ts" } });
  const child = spawn(process.execPath, [program, join(directory, "closed", "platform.db")], { stdio: ["ignore", "pipe", "inherit"] });
  expect(await text(child.stdout)).toBe("closed");
  expect(readdirSync(join(directory, "closed"))).toEqual(["platform.db"]);
}, 60_000);
