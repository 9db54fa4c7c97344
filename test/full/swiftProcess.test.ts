import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { describeWithDocker, TestDocker } from "../support/docker";
import { baseImage } from "../support/docker/baseImages";
import { docker } from "../support/docker/cli";

/** The parts of what `jest --json` writes that are looked at. */
interface Outcome {
  numPassedTests: number;
  numPendingTests: number;
  testResults: { name: string; message: string; assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

const CHECKOUT = resolve(process.env.STACKWHISK_ROOT ?? process.cwd());
const FILES = ["runtimes/swift/swift.test.ts", "test/integration/swift.test.ts"];
const LIMIT = 1_500_000;

describeWithDocker("Swift as a process, on a machine with the toolchain", () => {
  const folder = mkdtempSync(join(tmpdir(), "stackwhisk-swift-"));
  const name = `stackwhisk-test-${randomUUID().slice(0, 8)}`;
  afterAll(async () => {
    await docker(await TestDocker.host(), "rm", "--force", name).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  test("the whole suite passes there, in a checkout that cannot be written to", async () => {
    const host = await TestDocker.host();
    const { uid, gid } = userInfo();
    const settings = ["HOME=/machine", "TMPDIR=/tmp", "STACKWHISK_TEST_TIER=quick"].flatMap((setting) => ["--env", setting]);
    const mounts = [`${CHECKOUT}:${CHECKOUT}:ro`, `${process.execPath}:/usr/local/bin/node:ro`, `${folder}:/machine`].flatMap((mount) => ["--volume", mount]);
    const jest = ["node", "node_modules/jest/bin/jest.js", "--runInBand", "--cacheDirectory=/tmp/jest", "--json", "--outputFile=/machine/outcome.json", ...FILES];
    const args = ["run", "--init", "--name", name, "--network", "none", "--user", `${uid}:${gid}`, "--workdir", CHECKOUT, ...settings, ...mounts, await baseImage("swift:6", host), ...jest];
    // Its exit code says less than what it has written.
    const said = await new Promise<string>((done) => execFile("docker", args, { env: { ...process.env, DOCKER_HOST: host }, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => done(`${stderr}\n${stdout}`)));
    const file = join(folder, "outcome.json");
    if (!existsSync(file)) throw new Error(`jest has not run in the container: ${said.slice(-4_000)}`);
    const outcome = JSON.parse(readFileSync(file, "utf8")) as Outcome;
    const failures = outcome.testResults.flatMap(({ message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === "failed");
      // A file that could not even be loaded has no tests.
      if (assertionResults.length === 0) return [message];
      return failed.map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join("\n")}`);
    });
    expect(failures).toEqual([]);
    expect(outcome.testResults).toHaveLength(FILES.length);
    expect([outcome.numPendingTests, outcome.numPassedTests > 80]).toEqual([0, true]);
  }, LIMIT);
});
