import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { archive } from "../../runtimes/testing/archive";
import { processCommand } from "../../runtimes/runtimes";
import { runtimesFolder } from "../../services/process/kinds";
import type { ActivationRecord } from "../support/client";
import { noteLeftOut } from "../support/leftOut";
import { TestPlatform } from "../support/platform";
import { isRunning } from "../support/processes";
import { until } from "../support/until";
import { whiskIn } from "../support/whisk";

const here = !("missing" in processCommand("swift:6", runtimesFolder()));
// Not a failure in CI: test/full/swiftProcess.test.ts has a machine with the toolchain.
if (!here) noteLeftOut("Swift on a platform whose actions are processes", `This machine has no Swift toolchain: npm run test:full tests it in a container.`);

/** The first of all waits until the libraries are compiled. Milliseconds. */
const FIRST = 90_000;

(here ? describe : describe.skip)("Swift, where actions are processes", () => {
  let platform: TestPlatform;
  let folder: string;
  beforeAll(async () => {
    platform = await TestPlatform.start();
    folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-swift-"));
  });
  afterAll(async () => {
    await platform.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a source is an action, two of them at the same time, with their logs", async () => {
    writeFileSync(path.join(folder, "hello.swift"), 'func main(args: [String: Any]) -> [String: Any] {\n  print("greeting")\n  return ["hello": args["name"] ?? "nobody"]\n}\n');
    const whisk = whiskIn(folder, platform);
    for (const name of ["one", "two"]) expect(await whisk("action", "create", name, "hello.swift")).toMatchObject({ status: 0 });
    const client = platform.client();
    const answers = await Promise.all(["one", "two"].map((name) => client.invoke(name, { name }, "blocking=true")));
    const records = await Promise.all(answers.map(({ body }) => client.activation((body as ActivationRecord).activationId, FIRST)));
    expect(records.map(({ response }) => response.result as unknown)).toEqual([{ hello: "one" }, { hello: "two" }]);
    for (const { logs } of records) expect(logs).toEqual([expect.stringMatching(/stdout: greeting$/)]);
  });

  test("a second cold start does not compile", async () => {
    const client = platform.client();
    // Only where it was compiled the source lies beside the program.
    const code = 'func main() -> [String: Any] { ["compiled": FileManager.default.fileExists(atPath: (CommandLine.arguments[0] as NSString).deletingLastPathComponent + "/main.swift"), "pid": Int(getppid()), "program": CommandLine.arguments[0]] }';
    await client.must("PUT", "actions/cold", { exec: { kind: "swift:default", code } });
    const first = (await client.invoke("cold")).body as { compiled: boolean; pid: number; program: string };
    expect(first).toMatchObject({ compiled: true });
    process.kill(first.pid, "SIGKILL");
    await until("the runtime is gone", () => !isRunning(first.pid));
    await until("its files are gone", () => !existsSync(first.program));
    expect((await client.invoke("cold")).body).toMatchObject({ compiled: false });
  });

  test("a package is built, also for an action with the least memory", async () => {
    const client = platform.client();
    const description = '// swift-tools-version:5.9\nimport PackageDescription\nlet package = Package(name: "Action", targets: [.executableTarget(name: "Action", path: "Sources")])\n';
    const code = archive({ "Package.swift": description, "Sources/main.swift": "func main(args: [String: Any]) -> [String: Any] { help(args) }\n", "Sources/Help.swift": "func help(_ args: [String: Any]) -> [String: Any] { args }\n" });
    await client.must("PUT", "actions/packed", { exec: { kind: "swift:6", code, binary: true }, limits: { memory: 128 } });
    expect((await client.invoke("packed", { n: 1 })).body).toEqual({ n: 1 });
  });

  test("the compiler's messages are the developer's", async () => {
    const client = platform.client();
    await client.must("PUT", "actions/wrong", { exec: { kind: "swift:6", code: 'func main(args: Any) -> Any {\n  let a: Int = "x"\n  return a\n}' } });
    const { body } = await client.invoke("wrong", {}, "blocking=true");
    expect(body).toMatchObject({ response: { status: "action developer error", result: { error: expect.stringContaining("main.swift:2:") } } });
  });
});
