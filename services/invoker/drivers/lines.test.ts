import fc from "fast-check";
import { LineSplitter } from "./lines";

function split(chunks: Buffer[], limit?: number): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), limit);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

it("gives the same lines however the bytes are cut into chunks", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }).map((s) => s.replaceAll(/[\r\n]/g, ""))), fc.array(fc.nat()), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
      const chunks = [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));
      expect(split(chunks)).toEqual(split([bytes]));
      expect(split([bytes])).toEqual(lines.map((line) => Buffer.from(line).toString()));
    }),
  );
});

it("takes off Windows line ends and keeps empty lines", () => {
  expect(split([Buffer.from("a\r\n\r\n\nb")])).toEqual(["a", "", "", "b"]);
});

it("hands on a very long line in pieces that end between characters", () => {
  const pieces = split([Buffer.from("€€€€€")], 7);
  expect(pieces).toEqual(["€€", "€€", "€"]);
  expect(split([Buffer.from("€€"), Buffer.from("€€€\nx")], 7)).toEqual(["€€", "€€", "€", "x"]);
});
