import { readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { archive } from "../testing/archive";
import type { RunningRuntime, Sample, StartOptions } from "../testing/runtime";
import { python, samples, script } from "./samples";

const STUB_ANSWER = { status: 200, body: { error: "This is a stub action. Replace it with custom logic." } };
const NO_RESULT = { status: 502, body: { error: "The action did not return a dictionary or array." } };

/** What programs are promised beyond the contract. @param home where they run, if that is known */
export function programs(start: (options?: StartOptions) => Promise<RunningRuntime>, home?: string): void {
  describe("programs as actions", () => {
    let runtime: RunningRuntime;
    const launchWith = async (sample: Sample) => {
      runtime = await start();
      expect(await runtime.init(sample)).toEqual({ status: 200, body: { ok: true } });
    };
    afterEach(() => runtime.stop());

    it("without code there is a stub, which tells what to do", async () => {
      runtime = await start();
      expect(await runtime.run({ a: 1 })).toEqual(STUB_ANSWER);
      const [log] = await runtime.logs(1);
      expect(log?.stdout).toMatch(/^This is a stub action[^]*argument: {"a":1}\nlength of the argument: 7\nlength of standard input: 7\n$/);
    });

    it.each(["{}", '{"value":{}}', '{"value":{"code":null}}'])("an init without code leaves the program that is there: %s", async (body) => {
      runtime = await start();
      expect(await runtime.post("/init", body)).toEqual({ status: 200, body: { ok: true } });
      expect(await runtime.run()).toEqual(STUB_ANSWER);
      expect((await runtime.init(samples.echo)).status).toBe(403);
    });

    it.each([
      ["that is empty", "", /printed no result and ended with 0\.$/],
      ["that ends itself", "#!/bin/sh\nkill -9 $$\n", /printed no result and ended with SIGKILL\.$/],
      ["for an interpreter that is not there", "#!/no/such/interpreter\n", /cannot be started: spawn .*ENOENT$|No such file or directory/],
    ])("a program %s has no result, and the log says why", async (_what, code, why) => {
      await launchWith({ code });
      for (let count = 0; count < 2; count++) expect(await runtime.run()).toEqual(NO_RESULT);
      for (const log of await runtime.logs(2)) expect(`${log.stderr}${log.stdout}`.trim()).toMatch(why);
    });

    it("a script without a first line that names its interpreter is one of the shell", async () => {
      await launchWith({ code: "echo '{\"a\":1}'\n" });
      expect(await runtime.run()).toEqual({ status: 200, body: { a: 1 } });
    });

    it("a native binary, and one in an archive that says nothing of permissions, are programs", async () => {
      const echo = readFileSync("/bin/echo");
      for (const code of [echo, Buffer.from(zipSync({ exec: echo }))]) {
        await launchWith({ code: code.toString("base64"), binary: true });
        expect(await runtime.run({ a: ["❄"] })).toEqual({ status: 200, body: { a: ["❄"] } });
        await runtime.stop();
      }
    });

    it("parameters are the argument too, up to what Linux takes, and beyond that on standard input alone", async () => {
      await launchWith(python("print(json.dumps({'argument': len(sys.argv) > 1 and len(sys.argv[1]), 'input': len(json.dumps(args, separators=(',', ':')))}))"));
      const overhead = '{"a":""}'.length;
      expect((await runtime.run({ a: "x".repeat(131_071 - overhead) })).body).toEqual({ argument: 131_071, input: 131_071 });
      expect((await runtime.run({ a: "x".repeat(131_072 - overhead) })).body).toEqual({ argument: false, input: 131_072 });
    });

    it("it runs in the folder of its archive", async () => {
      await launchWith({ binary: true, code: archive({ exec: `#!/bin/sh\nprintf '{"env":"%s","cwd":"%s","same":%s}' "$PWD" "$(pwd)" $(cmp -s ./exec "$0" && echo true)\n` }) });
      const { body } = await runtime.run();
      expect(body).toEqual({ env: home ?? expect.any(String), cwd: (body as { env: string }).env, same: true });
    });

    it("what it prints before its last line is the log, as it comes; blank lines after it do not count", async () => {
      await launchWith(script("printf 'one\\ntwo'", "sleep 0.05", "printf '\\nthree\\n{\"a\":'", "sleep 0.05", "printf '1}\\n'", "sleep 0.05", "printf '\\n  \\n'"));
      expect(await runtime.run()).toEqual({ status: 200, body: { a: 1 } });
      expect(await runtime.logs(1)).toEqual([{ stdout: "one\ntwo\nthree\n", stderr: "" }]);
    });

    it("a last line that is no result is in the log", async () => {
      await launchWith(script("echo one", "printf '{\"a\": '"));
      expect(await runtime.run()).toEqual(NO_RESULT);
      expect(await runtime.logs(1)).toEqual([{ stdout: 'one\n{"a":\n', stderr: "" }]);
    });

    it("its exit code does not matter, its result does", async () => {
      await launchWith(script('echo \'{"a":1}\'', "exit 3"));
      expect(await runtime.run()).toEqual({ status: 200, body: { a: 1 } });
    });

    it("a run is over when its program is, though something it left behind holds its output open", async () => {
      await launchWith(script("sleep 1000 &", "echo '{\"left\":true}'"));
      expect(await runtime.run()).toEqual({ status: 200, body: { left: true } });
    });

    it("files that a run leaves are there for the next one", async () => {
      await launchWith(script("echo x >> count", "printf '{\"count\":%s}' $(wc -l < count)"));
      for (const count of [1, 2]) expect((await runtime.run()).body).toEqual({ count });
    });
  });
}
