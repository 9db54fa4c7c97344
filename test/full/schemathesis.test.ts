import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { leaveOut } from "../support/leftOut";
import { TestPlatform } from "../support/platform";

const VERSION = "4.32.5";
const EXAMPLES = 40;
const SEED = 1;
/** Milliseconds. */
const LIMIT = 900_000;

/**
 * Swagger 2.0 cannot say which properties of a body go together, so one that fits may be refused; nor that parameters which
 * nobody knows are overlooked, and random ones are among what is made up.
 */
const PHASES = [
  { phases: "coverage", without: "positive_data_acceptance" },
  { phases: "fuzzing,stateful", without: "positive_data_acceptance,negative_data_rejection" },
];

/** Nor can it say that an answer without content has no type. */
const SETTINGS = `
[[operations]]
include-operation-id = "fireTrigger"
checks.content_type_conformance.enabled = false
`;

const run = promisify(execFile);

const PYTHON = spawnSync("python3", ["-c", "import ensurepip, venv"]).status === 0;
const suite = (name: string, tests: () => void) => (PYTHON ? describe(name, tests) : leaveOut(name, "It needs python3 with the module venv.", tests));

suite("schemathesis", () => {
  let folder: string;
  let platform: TestPlatform;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-schemathesis-"));
    await run("python3", ["-m", "venv", folder]);
    await run(path.join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", `schemathesis==${VERSION}`], { timeout: LIMIT });
    platform = await TestPlatform.start();
  }, LIMIT);
  afterAll(async () => {
    await platform.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(PHASES)(
    "finds nothing in what the API answers that its description does not say ($phases)",
    async ({ phases, without }) => {
      const settings = path.join(folder, "schemathesis.toml");
      writeFileSync(settings, SETTINGS);
      const args = ["--config-file", settings, "run", `${platform.apiHost}/api/v1/api-docs`, "--auth", platform.auth, "--phases", phases, "--checks", "all", "--exclude-checks", without];
      const bounds = ["--max-examples", String(EXAMPLES), "--seed", String(SEED), "--continue-on-failure", "--no-color", "--warnings", "off"];
      // It ends with another code than 0 when it found something: what, stands in what it wrote.
      const { stdout, failed } = await run(path.join(folder, "bin", "schemathesis"), [...args, ...bounds], { cwd: folder, timeout: LIMIT, maxBuffer: 1e8 }).then(
        (output) => ({ ...output, failed: false }),
        (error: Error & { stdout: string }) => ({ stdout: error.stdout || error.message, failed: true }),
      );
      expect(failed ? stdout : "").toBe("");
      expect(stdout).toMatch(/Test cases:\n +\d{3,} generated/);
      expect(platform.log).not.toContain("a request failed");
    },
    LIMIT,
  );
});
