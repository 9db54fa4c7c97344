import { archiveName, checksumOf } from "./download";

const sum = "a".repeat(63) + "B";

test.each([
  ["linux", "x64", "pulumi-v3.246.0-linux-x64.tar.gz"],
  ["darwin", "arm64", "pulumi-v3.246.0-darwin-arm64.tar.gz"],
  ["linux", "riscv64", undefined],
  ["win32", "x64", undefined],
] as const)("the release for %s on %s is %j", (platform, arch, expected) => {
  expect(archiveName(platform, arch, "3.246.0")).toBe(expected);
});

test("a checksum is found by the file's exact name", () => {
  const list = `${"c".repeat(64)}  pulumi-v3.246.0-linux-x64.tar.gz.sig\n${sum}  pulumi-v3.246.0-linux-x64.tar.gz\n${"d".repeat(64)} *other.tar.gz\n`;
  expect(checksumOf("pulumi-v3.246.0-linux-x64.tar.gz", list)).toBe(sum.toLowerCase());
  expect(checksumOf("other.tar.gz", list)).toBe("d".repeat(64));
});

test("a file that is not listed, or not with a SHA-256, has no checksum", () => {
  expect(checksumOf("a.tar.gz", "")).toBeUndefined();
  expect(checksumOf("a.tar.gz", "<html>  a.tar.gz")).toBeUndefined();
});
