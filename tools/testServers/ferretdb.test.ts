import { readFileSync } from "node:fs";
import path from "node:path";
import { FERRETDB_VERSION } from "./ferretdb";

test("what is built is what go.mod and go.sum pin", () => {
  for (const file of ["go.mod", "go.sum"]) expect(readFileSync(path.join(__dirname, file), "utf8")).toContain(`github.com/FerretDB/FerretDB v${FERRETDB_VERSION}`);
});
