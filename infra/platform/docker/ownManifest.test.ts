import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { loadManifest } from "../../../runtimes/runtimes";
import { runtimesFolder } from "../../../services/process/kinds";
import { ownManifest } from "./ownManifest";

const REACTIVE = { minCount: 1, maxCount: 2, ttl: "2 minutes", threshold: 1, increment: 1 };
const image = { prefix: "openwhisk", name: "action-ruby-v2.5", tag: "nightly" };

test("what is left out of a kind is filled in, and everything else stays", () => {
  expect(ownManifest({ runtimes: { ruby: [{ kind: "ruby:2.5", image }] } })).toEqual({ runtimes: { ruby: [{ kind: "ruby:2.5", image, default: true, deprecated: false }] }, blackboxes: [] });
  const whole = { kind: "ruby:2.6", image, default: true, deprecated: true, requireMain: true, attached: { attachmentName: "codefile", attachmentType: "text/plain" }, stemCells: [{ initialCount: 1, memory: "128 MB" }] };
  expect(ownManifest({ runtimes: { ruby: [{ kind: "ruby:2.5", image }, whole] }, blackboxes: [image] })).toEqual({ runtimes: { ruby: [{ kind: "ruby:2.5", image, default: false, deprecated: false }, whole] }, blackboxes: [image] });
});

test("the manifest that the platform brings is one", () => {
  const { runtimes, blackboxes } = loadManifest(runtimesFolder());
  expect(ownManifest(path.join(runtimesFolder(), "manifest.json"))).toEqual({ runtimes, blackboxes });
});

test("a file that cannot be read is named", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-manifest-"));
  try {
    const file = path.join(folder, "runtimes.json");
    expect(() => ownManifest(file)).toThrow(`${file} cannot be read: ENOENT`);
    writeFileSync(file, "{");
    expect(() => ownManifest(file)).toThrow(`${file} cannot be read: Expected property name`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("what is wrong is named, with what would be right:", () => {
  const kinds = (...given: unknown[]) => ({ runtimes: { ruby: given } });
  test.each([
    ["no manifest", 7, "expected a file, or an object in the format of OpenWhisk's runtimes.json"],
    ["a part that manifests have not", { kinds: {} }, "there is no `kinds` in a manifest; there are runtimes, blackboxes"],
    ["families in a list", { runtimes: [] }, "`runtimes`: expected the kinds of each family"],
    ["a family's name", { runtimes: { "Ruby!": [] } }, 'the family "Ruby!": expected lower case letters and digits'],
    ["a family without kinds", kinds(), "`runtimes.ruby`: expected a list of kinds"],
    ["a kind of another family", kinds({ kind: "php:8", image }), '`runtimes.ruby[0].kind`: expected ruby:<version>, got "php:8"'],
    ["a kind without an image", kinds({ kind: "ruby:3" }), "`runtimes.ruby[0].image`: expected an image as {registry, prefix, name, tag}, of which only the name is required, got undefined"],
    ["an image in one text", kinds({ kind: "ruby:3", image: "acme/ruby:3" }), '`runtimes.ruby[0].image`: expected an image as {registry, prefix, name, tag}, of which only the name is required, got "acme/ruby:3"'],
    ["a name with its prefix", kinds({ kind: "ruby:3", image: { name: "acme/ruby:3" } }), "`runtimes.ruby[0].image`: expected an image"],
    ["a kind twice", kinds({ kind: "ruby:3", image, default: true }, { kind: "ruby:3", image }), "`runtimes.ruby`: the kind ruby:3 stands there twice"],
    ["no default", kinds({ kind: "ruby:3", image }, { kind: "ruby:4", image }), "`runtimes.ruby`: expected one kind with default: true, there are 0"],
    ["a flag that is none", kinds({ kind: "ruby:3", image, deprecated: "no" }), '`runtimes.ruby[0].deprecated`: expected true or false, got "no"'],
    ["an image that is made in the same program", kinds({ kind: "ruby:3", image: { name: pulumi.output("ruby") } }), "nothing in it can be an output: which images are built must be known when the program runs. Name the image in plain text"],
    ["memory without its unit", kinds({ kind: "ruby:3", image, stemCells: [{ initialCount: 1, memory: "256" }] }), '`runtimes.ruby[0].stemCells[0].memory`: expected a size such as "256 MB", got "256"'],
    ["a threshold of none", kinds({ kind: "ruby:3", image, stemCells: [{ initialCount: 1, memory: "1 GB", reactive: { ...REACTIVE, threshold: 0 } }] }), "`runtimes.ruby[0].stemCells[0].reactive.threshold`: expected a whole number from 1, got 0"],
    ["a time without its unit", kinds({ kind: "ruby:3", image, stemCells: [{ initialCount: 1, memory: "1 GB", reactive: { ...REACTIVE, ttl: 120 } }] }), '`runtimes.ruby[0].stemCells[0].reactive.ttl`: expected a time such as "2 minutes", got 120'],
    ["stem cells of no number", kinds({ kind: "ruby:3", image, stemCells: [{ memory: "256 MB" }] }), "`runtimes.ruby[0].stemCells[0].initialCount`: expected a number of containers, got undefined"],
    ["blackboxes that are none", { blackboxes: ["worker"] }, "`blackboxes[0]`: expected an image"],
  ])("%s", (_, given, message) => {
    expect(() => ownManifest(given)).toThrow(message);
  });
});
