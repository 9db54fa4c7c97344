import { readFileSync } from "node:fs";
import path from "node:path";
import { LANGUAGE_HOST_VERSION, OLDEST_GO, PULUMI_VERSION } from "./versions";

const goMod = (folder: string): string => readFileSync(path.join(__dirname, folder, "go.mod"), "utf8");

test("what is built is what go.mod pins", () => {
  expect(goMod(".")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${PULUMI_VERSION}`);
  expect(goMod(".")).toMatch(new RegExp(`^go ${OLDEST_GO}$`, "m"));
  expect(goMod("language-nodejs")).toContain(`github.com/pulumi/pulumi/sdk/v3 v${LANGUAGE_HOST_VERSION}`);
});
