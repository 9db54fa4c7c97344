type Done = (status: number, json: string | Buffer) => void;
const { createLifecycle } = require("./lifecycle.cjs") as {
  createLifecycle(engine: object, allowConcurrent: boolean): { init(body: object, answer: Done): void; run(body: object, raw: Buffer, answer: Done): void; fail(text: string): void };
};

const engine = { reentrant: true, init: async () => undefined, run: (_message: object, _body: Buffer, done: Done) => done(200, "{}") };

/** A runtime that has its code, and what it answers. */
async function initialized(concurrency?: number) {
  const lifecycle = createLifecycle(engine, false);
  const asked = (what: (answer: Done) => void) => new Promise<number>((resolve) => what((status) => resolve(status)));
  expect(await asked((answer) => lifecycle.init({ value: { code: "code", concurrency } }, answer))).toBe(200);
  return { lifecycle, run: () => asked((answer) => lifecycle.run({ value: {}, activation_id: "a".repeat(32) }, Buffer.from("{}"), answer)) };
}

let silent: jest.SpyInstance;
beforeEach(() => (silent = jest.spyOn(jest.requireActual<typeof import("node:fs")>("node:fs"), "writeSync").mockImplementation(((_fd: number, bytes: Buffer) => bytes.length) as never)));
afterEach(() => silent.mockRestore());

test.each([
  ["where runs overlap, told that it has not begun, so that another process may run it", 2, 503],
  ["refused as by OpenWhisk's runtimes otherwise", undefined, 403],
])("a run that comes when the code can go no further is %s", async (_what, concurrency, status) => {
  const { lifecycle, run } = await initialized(concurrency);
  expect(await run()).toBe(200);
  lifecycle.fail("An error has occurred");
  expect(await run()).toBe(status);
});
