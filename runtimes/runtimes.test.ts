import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageBuilds } from "./testing/images";
import { findKind, imageName, loadManifest, processCommand, programCommand, publicRuntimes } from "./runtimes";

const folder = mkdtempSync(join(tmpdir(), "stackwhisk-runtimes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder for the path with programs in it. */
function pathWith(name: string, programs: Record<string, string>): string {
  const path = mkdtempSync(join(folder, name));
  for (const [program, text] of Object.entries(programs)) {
    writeFileSync(join(path, program), text);
    chmodSync(join(path, program), 0o755);
  }
  return path;
}

describe("the manifest", () => {
  const manifest = loadManifest(__dirname);

  it("lists the kinds of nodejs, python and swift", () => {
    const versions = Object.entries(manifest.runtimes).map(([family, kinds]) => [family, kinds.map(({ kind }) => kind.split(":")[1]).join(" ")]);
    expect(Object.fromEntries(versions)).toEqual({ nodejs: "14 16 18 20 22 24", python: "3 3.9 3.10 3.11 3.12 3.13", swift: "5.1 5.3 5.4 5.7 6" });
  });

  it("resolves a kind by its name and by its family's default", () => {
    expect(findKind(manifest, "nodejs:20")?.kind).toBe("nodejs:20");
    expect(findKind(manifest, "nodejs:default")?.kind).toBe("nodejs:24");
    expect(findKind(manifest, "python:default")?.kind).toBe("python:3");
    for (const unknown of ["nodejs:6", "cobol:default", "nodejs", "toString"]) expect(findKind(manifest, unknown)).toBeUndefined();
  });

  it("names no image of ours that is not built, and every one that is", () => {
    const used = [...Object.values(manifest.runtimes).flat().map(({ image }) => image), ...manifest.blackboxes.map((named) => named.image ?? named)].map(imageName);
    expect([...new Set(used)].sort()).toEqual(Object.keys(imageBuilds).sort());
  });

  it("is shown by the API in OpenWhisk's shape", () => {
    expect(publicRuntimes(manifest).swift?.at(-1)).toEqual(
      { kind: "swift:6", image: "stackwhisk/runtime-swift:6", deprecated: false, default: true, attached: true, requireMain: false },
    );
  });

  it("names images with whatever parts they have", () => {
    expect(imageName({ name: "a" })).toBe("a");
    expect(imageName({ registry: "r.example/", prefix: "p", name: "a", tag: "1" })).toBe("r.example/p/a:1");
  });

  it("is refused when a family has no default or two", () => {
    for (const defaults of [[], ["x:1", "x:2"]]) {
      const kinds = ["x:1", "x:2"].map((kind) => ({ kind, default: defaults.includes(kind), image: { name: "x" }, deprecated: false }));
      const root = mkdtempSync(join(folder, "manifest"));
      writeFileSync(join(root, "manifest.json"), JSON.stringify({ runtimes: { x: kinds } }));
      expect(() => loadManifest(root)).toThrow(`the family "x" needs one default kind and has ${defaults.length}`);
    }
  });
});

describe("the images of runtimes", () => {
  it.each(Object.entries(imageBuilds))("%s: what is copied is all that its build context says", (_name, { dockerfile }) => {
    const copied = readFileSync(join(__dirname, dockerfile), "utf8").matchAll(/^COPY (?!--from)(\S+) /gm);
    const ignore = readFileSync(join(__dirname, `${dockerfile}.dockerignore`), "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(ignore[0]).toBe("*");
    const included = ignore.slice(1).map((line) => line.replace(/^!/, "").replace("/openwhisk/*.js", ""));
    expect(included.sort()).toEqual([...copied].map(([, source]) => source).sort());
  });
});

describe("the command of a runtime as a process", () => {
  it.each(["nodejs:20", "nodejs:22", "nodejs:24", "nodejs:default"])("of %s is this Node and the proxy", (kind) => {
    expect(processCommand(kind, "/r", pathWith("empty", {}))).toEqual({ command: process.execPath, args: ["/r/proxy/main.cjs"], env: {} });
  });

  it("of python:3 is the proxy with the launcher in the Python on the path", () => {
    const path = pathWith("python", { python3: "binary" });
    expect(processCommand("python:3", "/r", path)).toEqual({
      command: process.execPath,
      args: ["/r/proxy/main.cjs", join(path, "python3"), "-X", "utf8", "/r/python/launcher.py"],
      env: {},
    });
  });

  it("of python:3 skips a script in front of the interpreter, and asks it only once", () => {
    const real = join(pathWith("real", { python: "binary" }), "python");
    const path = pathWith("shim", {});
    writeFileSync(join(path, "python3"), `#!/bin/sh\necho asked >>${join(path, "log")}\nprintf ${real}\n`, { mode: 0o755 });
    for (let count = 0; count < 2; count++) {
      expect(processCommand("python:3", "/r", path)).toMatchObject({ args: ["/r/proxy/main.cjs", real, "-X", "utf8", "/r/python/launcher.py"] });
    }
    expect(readFileSync(join(path, "log"), "utf8")).toBe("asked\n");
  });

  (process.platform === "linux" ? it : it.skip)("ties each process to its parent where the system can", () => {
    const path = pathWith("setpriv", { setpriv: "binary", python3: "binary" });
    const tie = [join(path, "setpriv"), "--pdeathsig", "KILL"];
    expect(processCommand("nodejs:24", "/r", path)).toEqual({ command: tie[0], args: [...tie.slice(1), process.execPath, "/r/proxy/main.cjs"], env: {} });
    const launcher = [...tie, join(path, "python3"), "-X", "utf8", "/r/python/launcher.py"];
    expect(processCommand("python:3", "/r", path)).toMatchObject({ args: [...tie.slice(1), process.execPath, "/r/proxy/main.cjs", ...launcher] });
    expect(programCommand("/r", path)).toEqual({ command: tie[0], args: [...tie.slice(1), process.execPath, "/r/proxy/main.cjs", "--executable"], env: { STACKWHISK_SETPRIV: tie[0] } });
  });

  it("of any program is the proxy, which starts it", () => {
    expect(programCommand("/r", pathWith("empty", {}))).toEqual({ command: process.execPath, args: ["/r/proxy/main.cjs", "--executable"], env: {} });
  });

  it.each([
    ["python:3", /^The kind python:3 needs Python 3 \(python3 on PATH\), which this machine does not have: install it\.$/],
    ["swift:6", /^The kind swift:6 needs the Swift toolchain \(swiftc on PATH\), which this machine does not have: install Swift 6 \(.*\), or .*'npm run up -- docker'\)\.$/],
    ["cobol:85", /^The kind cobol:85 has no runtime that runs as a process\. .*nodejs:24, python:3 and swift:6 have\.$/],
  ])("of %s says what is missing on a machine without it", (kind, message) => {
    expect(processCommand(kind, "/r", pathWith("empty", {}))).toEqual({ missing: expect.stringMatching(message) });
  });

  it("of swift:6 is the proxy, where the machine has a toolchain that will do, with both of its programs", () => {
    const swiftc = (version: string) => `#!/bin/sh\necho '{"compilerVersion":"Swift version ${version}"}'\n`;
    const path = pathWith("swift", { swiftc: swiftc("6.1") });
    expect(processCommand("swift:6", "/r", path)).toEqual({ missing: expect.stringContaining("(swift on PATH)") });
    writeFileSync(join(path, "swift"), "binary", { mode: 0o755 });
    expect(processCommand("swift:6", "/r", path)).toEqual({ command: process.execPath, args: ["/r/proxy/main.cjs", "--swift"], env: {}, prepare: expect.any(Function) });
    const old = pathWith("old", { swiftc: swiftc("5.8"), swift: "binary" });
    expect(processCommand("swift:6", "/r", old)).toEqual({ missing: expect.stringMatching(/^The kind swift:6 cannot run here: .*swiftc is Swift version 5\.8, and actions need Swift 6: install /) });
    const broken = pathWith("broken", { swiftc: "#!/bin/sh\necho no such library >&2\nexit 127\n", swift: "binary" });
    expect(processCommand("swift:6", "/r", broken)).toEqual({ missing: expect.stringMatching(/swiftc does not tell its version: [^]*no such library\. Mend it, or install /) });
  });

  it("finds what was installed after it had been missing", () => {
    const path = pathWith("later", {});
    expect(processCommand("python:3", "/r", path)).toHaveProperty("missing");
    writeFileSync(join(path, "python3"), "binary", { mode: 0o755 });
    expect(processCommand("python:3", "/r", path)).not.toHaveProperty("missing");
  });
});
