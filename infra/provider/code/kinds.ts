import path from "node:path";

/** What a file's name says about the runtime that its code is for. */
const BY_EXTENSION: Record<string, string> = {
  ".js": "nodejs:default",
  ".cjs": "nodejs:default",
  ".mjs": "nodejs:default",
  ".jsx": "nodejs:default",
  ".ts": "nodejs:default",
  ".cts": "nodejs:default",
  ".mts": "nodejs:default",
  ".tsx": "nodejs:default",
  ".py": "python:default",
  ".swift": "swift:default",
  ".php": "php:default",
  ".rb": "ruby:default",
  ".go": "go:default",
  ".rs": "rust:default",
  ".jar": "java:default",
};
/** What a file in a folder says about it. */
const BY_MEMBER: [string, string][] = [
  ["package.json", "nodejs:default"],
  ["index.js", "nodejs:default"],
  ["__main__.py", "python:default"],
  ["main.swift", "swift:default"],
  ["index.php", "php:default"],
  ["main.rb", "ruby:default"],
  ["main.go", "go:default"],
];
const BUNDLED = new Set([".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"]);
const BINARY = new Set([".zip", ".jar", ".tgz"]);

export const kindOfFile = (file: string): string | undefined => BY_EXTENSION[path.extname(file).toLowerCase()];
export const isBundled = (file: string): boolean => BUNDLED.has(path.extname(file).toLowerCase());
export const isBinary = (file: string): boolean => BINARY.has(path.extname(file).toLowerCase());
export const extensions = (): string => [...Object.keys(BY_EXTENSION), ".zip"].join(" ");

/** `names`: paths inside of the folder. */
export function kindOfFolder(names: ReadonlySet<string>): string | undefined {
  return BY_MEMBER.find(([member]) => names.has(member))?.[1];
}
