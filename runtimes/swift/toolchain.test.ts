import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { cacheFolder, prepareToolchain, type Toolchain } from "./toolchain";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "stackwhisk-toolchain-")));
afterAll(() => rmSync(folder, { recursive: true }));

interface Fake extends Toolchain {
  cache: string;
  /** How often a library of this name was compiled. */
  compiled(module?: string): number;
}

/** A toolchain whose compiler notes what it is asked for, and makes files of that name. @param failing what it says in the place of compiling */
function fake(version = "Swift version 6.0.3 (swift-6.0.3-RELEASE)", failing?: string): Fake {
  const home = mkdtempSync(join(folder, "fake-"));
  const [bin, sources, log] = [join(home, "usr", "bin"), join(home, "swift"), join(home, "log")];
  mkdirSync(bin, { recursive: true });
  const info = JSON.stringify({ compilerVersion: version, paths: { runtimeResourcePath: join(home, "usr", "lib", "swift") } });
  const compile = failing === undefined ? `echo "$*" >> '${log}'\nfor last; do [ "$before" = -o ] && echo compiled > "$last"; before=$last; done\ntrue` : `echo '${failing}' >&2\nexit 1`;
  writeFileSync(join(bin, "swiftc"), `#!/bin/sh\nif [ "$1" = -print-target-info ]; then echo '${info}'; exit; fi\n${compile}\n`, { mode: 0o755 });
  writeFileSync(join(bin, "swift"), "", { mode: 0o755 });
  for (const module of ["StackwhiskRuntime", "StackwhiskClient"]) {
    mkdirSync(join(sources, module), { recursive: true });
    writeFileSync(join(sources, module, "A.swift"), "// source\n");
  }
  cpSync(join(__dirname, "build.sh"), join(sources, "build.sh"));
  return {
    sources,
    swiftc: join(bin, "swiftc"),
    path: [bin, process.env.PATH].join(delimiter),
    cache: join(home, "cache"),
    compiled: (module = "StackwhiskRuntime") => (existsSync(log) ? readFileSync(log, "utf8") : "").split(`-module-name ${module} `).length - 1,
  };
}

describe("the libraries of Swift actions", () => {
  it("are compiled once, into a folder of the user's, and the runtime is told where", async () => {
    const toolchain = fake();
    const env = await prepareToolchain(toolchain);
    expect(env).toEqual({ STACKWHISK_SWIFT: join(toolchain.cache, readdirSync(toolchain.cache)[0]!), PATH: expect.stringMatching(`^${join(toolchain.swiftc, "..")}${delimiter}`) });
    expect(readdirSync(env.STACKWHISK_SWIFT!).sort()).toEqual(["lib", "modules"]);
    expect(readdirSync(join(env.STACKWHISK_SWIFT!, "lib")).sort()).toEqual(["libStackwhiskClient.a", "libStackwhiskRuntime.a"]);
    expect(await prepareToolchain(toolchain)).toEqual(env);
    expect([toolchain.compiled("StackwhiskRuntime"), toolchain.compiled("StackwhiskClient")]).toEqual([1, 1]);
  });

  it("are compiled once for all who ask at the same time", async () => {
    const toolchain = fake();
    const all = await Promise.all(Array.from({ length: 5 }, () => prepareToolchain(toolchain)));
    expect(new Set(all.map(({ STACKWHISK_SWIFT }) => STACKWHISK_SWIFT)).size).toBe(1);
    expect(toolchain.compiled()).toBe(1);
  });

  it("come whole when several processes compile them at the same time, and nothing else stays", async () => {
    const toolchain = fake();
    // Another name for the same program is, as far as this process knows, another toolchain.
    const others = Array.from({ length: 4 }, (_, index) => ({ ...toolchain, path: `${toolchain.path}${delimiter}/none/${index}` }));
    const all = await Promise.all(others.map(prepareToolchain));
    expect(new Set(all.map(({ STACKWHISK_SWIFT }) => STACKWHISK_SWIFT)).size).toBe(1);
    expect(toolchain.compiled()).toBe(4);
    expect(readdirSync(all[0]!.STACKWHISK_SWIFT!).sort()).toEqual(["lib", "modules"]);
    await prepareToolchain({ ...toolchain, path: `${toolchain.path}${delimiter}/none/5` });
    expect(toolchain.compiled()).toBe(4);
  });

  it("are compiled again, beside the others, for another source", async () => {
    const toolchain = fake();
    const before = await prepareToolchain(toolchain);
    writeFileSync(join(toolchain.sources, "StackwhiskClient", "A.swift"), "// another source\n");
    const after = await prepareToolchain({ ...toolchain, path: `${toolchain.path}${delimiter}` });
    expect(after.STACKWHISK_SWIFT).not.toBe(before.STACKWHISK_SWIFT);
    expect([toolchain.compiled(), existsSync(before.STACKWHISK_SWIFT!)]).toEqual([2, true]);
  });

  it("are compiled again when the toolchain was changed, or somebody has removed them", async () => {
    const toolchain = fake();
    const before = await prepareToolchain(toolchain);
    rmSync(before.STACKWHISK_SWIFT!, { recursive: true });
    expect(await prepareToolchain(toolchain)).toEqual(before);
    expect(toolchain.compiled()).toBe(2);
    writeFileSync(toolchain.swiftc, readFileSync(toolchain.swiftc, "utf8").replaceAll("6.0.3", "6.1.0"));
    utimesSync(toolchain.swiftc, 1, 1);
    expect((await prepareToolchain(toolchain)).STACKWHISK_SWIFT).not.toBe(before.STACKWHISK_SWIFT);
    expect(toolchain.compiled()).toBe(3);
  });

  it("that cannot be compiled are an error with what the compiler said, nothing stays, and they are tried again", async () => {
    const toolchain = fake(undefined, "error: cannot find libc");
    for (let count = 0; count < 2; count++) {
      await expect(prepareToolchain(toolchain)).rejects.toThrow("The libraries of Swift actions could not be compiled: error: cannot find libc");
    }
    expect(readdirSync(join(toolchain.cache, readdirSync(toolchain.cache)[0]!))).toEqual(["modules"]);
    const { swiftc } = fake();
    cpSync(swiftc, toolchain.swiftc);
    chmodSync(toolchain.swiftc, 0o755);
    expect(await prepareToolchain(toolchain)).toHaveProperty("STACKWHISK_SWIFT");
  });

  it.each(["Swift version 5.10.1 (swift-5.10.1-RELEASE)", "Apple Swift version 5.9 (swiftlang-5.9.0.128.108)", "unknown"])("need Swift 6: %s is refused with the way out", async (version) => {
    const toolchain = fake(version);
    await expect(prepareToolchain(toolchain)).rejects.toThrow(`${toolchain.swiftc} is ${version}, and actions need Swift 6: install Swift 6 (https://www.swift.org/install), or`);
  });

  it("that cannot be kept are an error that names the folder and the way out", async () => {
    const toolchain = fake();
    writeFileSync(toolchain.cache, "no folder");
    await expect(prepareToolchain(toolchain)).rejects.toThrow(/^The libraries of Swift actions cannot be kept: .*cache.*XDG_CACHE_HOME\.$/);
  });
});

describe("the folder of what is compiled", () => {
  it.each([
    ["linux", {}, join(homedir(), ".cache/stackwhisk/swift")],
    ["linux", { XDG_CACHE_HOME: "/caches" }, "/caches/stackwhisk/swift"],
    ["linux", { XDG_CACHE_HOME: "caches" }, join(homedir(), ".cache/stackwhisk/swift")],
    ["darwin", {}, join(homedir(), "Library/Caches/stackwhisk/swift")],
  ] as const)("on %s with %j is %s", (platform, env, expected) => {
    expect(cacheFolder(env, platform)).toBe(expected);
  });
});
