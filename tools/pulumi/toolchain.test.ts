import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Source } from "../lib/installation";
import { ensureToolchain } from "./toolchain";
import { LANGUAGE_HOST, PULUMI } from "./versions";

let temporary: string;
let folder: string;
let stderr: jest.SpyInstance;
beforeEach(() => {
  temporary = mkdtempSync(path.join(os.tmpdir(), "toolchain-"));
  folder = path.join(temporary, "bin");
  stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  stderr.mockRestore();
  rmSync(temporary, { recursive: true });
});

/** A program of that name that prints this as its version. */
function program(into: string, name: string, version = ""): void {
  mkdirSync(into, { recursive: true });
  writeFileSync(path.join(into, name), `#!/bin/sh\necho ${version}\n`);
  chmodSync(path.join(into, name), 0o755);
}

const working = jest.fn<Promise<void>, [string]>(async (into) => {
  program(into, PULUMI);
  program(into, LANGUAGE_HOST);
});
const failing = (message: string): Source => () => Promise.reject(new Error(message));
const nowhere = { PATH: "" };
beforeEach(() => working.mockClear());

test("the user's own Pulumi is used as it is if it is new enough", async () => {
  const own = path.join(temporary, "own");
  program(own, PULUMI, "v3.201.0");
  program(own, LANGUAGE_HOST);
  expect(await ensureToolchain({ PATH: own }, folder, [working])).toEqual({ pulumi: path.join(own, PULUMI) });
  expect(working).not.toHaveBeenCalled();
});

test.each([
  ["v3.199.0", true, "at least v3.200.0 is needed"],
  ["v3.300.0", false, "comes without pulumi-language-nodejs"],
])("a Pulumi %s on PATH (with its language host: %p) is not used, and that is said", async (version, complete, message) => {
  const own = path.join(temporary, "own");
  program(own, PULUMI, version);
  if (complete) program(own, LANGUAGE_HOST);
  expect(await ensureToolchain({ PATH: own }, folder, [working])).toEqual({ pulumi: path.join(folder, PULUMI), pathFolder: folder });
  expect(stderr.mock.calls.flat().join("")).toContain(message);
});

test("what was got once is not got again", async () => {
  await ensureToolchain(nowhere, folder, [working]);
  await ensureToolchain(nowhere, folder, [working]);
  expect(working).toHaveBeenCalledTimes(1);
});

test("another version replaces it", async () => {
  await ensureToolchain(nowhere, folder, [working]);
  writeFileSync(path.join(folder, "stamp"), "pulumi 3.0.0\n");
  await ensureToolchain(nowhere, folder, [working]);
  expect(working).toHaveBeenCalledTimes(2);
});

test("two commands at once get it once", async () => {
  const both = await Promise.all([ensureToolchain(nowhere, folder, [working]), ensureToolchain(nowhere, folder, [working])]);
  expect(both[0]).toEqual(both[1]);
  expect(working).toHaveBeenCalledTimes(1);
});

test("where one way fails the next one is taken", async () => {
  await ensureToolchain(nowhere, folder, [failing("Go is not installed"), working]);
  expect(existsSync(path.join(folder, PULUMI))).toBe(true);
});

test("where none works the message has each reason and what to install, and nothing half done stays", async () => {
  const half: Source = async (into) => {
    program(into, PULUMI);
    throw new Error("the download broke off");
  };
  const attempt = ensureToolchain(nowhere, folder, [failing("Go is not installed"), half]);
  await expect(attempt).rejects.toThrow(/^Pulumi is needed.*\n  - Go is not installed\n  - the download broke off\nInstall one of the two/);
  expect(readdirSync(temporary)).toEqual([]);
});

test("what a killed attempt left behind is removed by the next one", async () => {
  program(`${folder}.99999.new`, PULUMI);
  await ensureToolchain(nowhere, folder, [working]);
  expect(readdirSync(temporary)).toEqual(["bin"]);
});
